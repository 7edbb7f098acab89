import QtQuick
import QtQuick.Controls.Basic

// Asks for yes or no, or tells something that is only to be read; `answered` comes exactly once.
Sheet {
    id: question

    property string words
    property string yes: "Yes"
    property string no: "Cancel"
    property bool isGrave: false
    property bool isYes: false
    signal answered(bool yes)

    // Only to be read.
    function tell(title: string, words: string) {
        ask(title, words, "", true)
        no = "OK"
    }
    function ask(title: string, words: string, yes: string, isGrave: bool) {
        question.title = title
        question.words = words
        question.yes = yes
        question.isGrave = isGrave
        question.isYes = false
        question.no = "Cancel"
        open()
        ;(isGrave ? noButton : yesButton).forceActiveFocus()
    }

    onClosed: answered(isYes)

    contentItem: Column {
        spacing: 14
        Words {
            width: parent.width
            text: question.title
            font.pixelSize: Theme.large
            font.weight: Font.DemiBold
        }
        Words {
            width: parent.width
            text: question.words
            color: Theme.soft
        }
        Row {
            spacing: 10
            anchors.right: parent.right
            topPadding: 6
            Push {
                id: noButton
                objectName: "no"
                text: question.no
                isMain: question.yes === ""
                onClicked: question.close()
            }
            Push {
                id: yesButton
                objectName: "yes"
                visible: question.yes !== ""
                text: question.yes
                isMain: true
                isGrave: question.isGrave
                onClicked: {
                    question.isYes = true
                    question.close()
                }
            }
        }
    }
}
