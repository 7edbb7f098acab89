import QtQuick
import QtQuick.Controls.Basic

// One line to write in.
TextField {
    id: field

    property bool isWrong: false

    padding: 10
    font.pixelSize: Theme.normal
    color: Theme.text
    placeholderTextColor: Theme.soft
    selectionColor: Theme.accent
    selectedTextColor: Theme.overAccent
    selectByMouse: true
    Accessible.name: placeholderText

    background: Rectangle {
        radius: Theme.radius
        color: Theme.raised
        border.width: field.activeFocus ? 2 : 1
        border.color: field.isWrong ? Theme.danger : field.activeFocus ? Theme.accent : Theme.strongLine
    }
}
