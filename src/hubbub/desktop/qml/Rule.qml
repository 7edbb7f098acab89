import QtQuick

// A line across the messages, with words in it.
Item {
    id: rule

    property string words
    property color ink: Theme.soft

    visible: words !== ""
    implicitHeight: words !== "" ? 34 : 0
    Rectangle {
        anchors { left: parent.left; right: label.left; rightMargin: 12; verticalCenter: parent.verticalCenter }
        height: 1
        color: rule.ink
        opacity: 0.4
    }
    Words {
        id: label
        anchors.centerIn: parent
        text: rule.words
        color: rule.ink
        font.pixelSize: Theme.small
        font.weight: Font.DemiBold
    }
    Rectangle {
        anchors { left: label.right; right: parent.right; leftMargin: 12; verticalCenter: parent.verticalCenter }
        height: 1
        color: rule.ink
        opacity: 0.4
    }
}
