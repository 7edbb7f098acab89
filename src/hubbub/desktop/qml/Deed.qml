import QtQuick
import QtQuick.Controls.Basic

// Asks for what a deed needs, such as a reason, and then does it.
Sheet {
    id: deed

    property string words
    property string yes
    property bool isGrave: false
    property bool hasTime: false
    property string hint: ""
    property var then: null

    function ask(title, words, yes, isGrave, hasTime, then, hint, text) {
        deed.title = title
        deed.words = words
        deed.yes = yes
        deed.isGrave = isGrave
        deed.hasTime = hasTime
        deed.then = then
        deed.hint = hint || ""
        wish.text = text || ""
        open()
        if (hasTime || hint) wish.forceActiveFocus()
        else (isGrave ? no : sure).forceActiveFocus()
    }
    function finish() {
        if (wish.visible && wish.text.trim() === "") {
            wish.forceActiveFocus()
            return
        }
        close()
        then(wish.text.trim(), times.currentValue)
    }

    contentItem: Column {
        spacing: 14
        Words { width: parent.width; text: deed.title; font.pixelSize: Theme.large; font.weight: Font.DemiBold }
        Words { width: parent.width; text: deed.words; color: Theme.soft; visible: text !== "" }
        Column {
            visible: deed.hasTime
            width: parent.width
            spacing: 6
            Words { text: "Duration"; font.weight: Font.DemiBold }
            Row {
                id: times
                property string currentValue: "10m"
                spacing: 6
                Repeater {
                    model: [["10 minutes", "10m"], ["1 hour", "1h"], ["1 day", "1d"], ["1 week", "7d"]]
                    Push {
                        required property var modelData
                        text: modelData[0]
                        topPadding: 5
                        bottomPadding: 5
                        isMain: times.currentValue === modelData[1]
                        Accessible.checked: isMain
                        onClicked: times.currentValue = modelData[1]
                    }
                }
            }
        }
        Field {
            id: wish
            objectName: "wish"
            visible: deed.hint !== ""
            width: parent.width
            placeholderText: deed.hint
            onAccepted: deed.finish()
        }
        Row {
            anchors.right: parent.right
            spacing: 10
            topPadding: 6
            Push { id: no; text: "Cancel"; onClicked: deed.close() }
            Push { id: sure; objectName: "sure"; text: deed.yes; isMain: true; isGrave: deed.isGrave; onClicked: deed.finish() }
        }
    }
}
