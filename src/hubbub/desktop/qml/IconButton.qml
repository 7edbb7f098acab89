import QtQuick
import QtQuick.Controls.Basic

// A button with a sign, and words for whoever does not see it or asks what it is.
AbstractButton {
    id: button

    property string sign
    property string words
    property color ink: Theme.soft
    property int size: 20
    property bool isOn: false

    implicitWidth: size + 14
    implicitHeight: size + 14
    focusPolicy: Qt.TabFocus
    hoverEnabled: true
    Accessible.name: words
    Accessible.role: Accessible.Button
    Keys.onReturnPressed: clicked()
    ToolTip.visible: hovered && words !== ""
    ToolTip.delay: 500
    ToolTip.text: words

    background: Rectangle {
        radius: 8
        color: button.down || button.isOn ? Theme.accentGround : button.hovered ? Theme.hover : "transparent"
        border.width: button.visualFocus ? 2 : 0
        border.color: Theme.accent
    }
    contentItem: Item {
        Icon {
            anchors.centerIn: parent
            name: button.sign
            size: button.size
            color: button.isOn ? Theme.accent : button.ink
            opacity: button.enabled ? 1 : 0.4
        }
    }
}
