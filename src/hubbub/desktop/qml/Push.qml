import QtQuick
import QtQuick.Controls.Basic

// A button with words.
Button {
    id: push

    property bool isMain: false
    property bool isGrave: false
    property string sign: ""

    leftPadding: 16
    rightPadding: 16
    topPadding: 9
    bottomPadding: 9
    font.weight: Font.DemiBold
    font.pixelSize: Theme.normal
    Accessible.name: text
    Keys.onReturnPressed: clicked()
    Keys.onEnterPressed: clicked()

    readonly property color ink: isMain ? (isGrave ? Theme.ground : Theme.overAccent) : isGrave ? Theme.danger : Theme.text

    contentItem: Row {
        spacing: 8
        opacity: push.enabled ? 1 : 0.5
        Icon {
            visible: push.sign !== ""
            name: push.sign
            size: 18
            color: push.ink
            anchors.verticalCenter: parent.verticalCenter
        }
        Text {
            text: push.text
            font: push.font
            color: push.ink
            textFormat: Text.PlainText
            anchors.verticalCenter: parent.verticalCenter
        }
    }
    background: Rectangle {
        radius: Theme.radius
        color: push.isMain ? (push.isGrave ? Theme.danger : Theme.accent) : push.hovered ? Theme.hover : Theme.raised
        opacity: push.isMain && (push.hovered || push.down) ? 0.9 : 1
        border.width: push.visualFocus ? 2 : 1
        border.color: push.visualFocus ? Theme.text : push.isMain ? color : push.isGrave ? Theme.danger : Theme.line
    }
}
