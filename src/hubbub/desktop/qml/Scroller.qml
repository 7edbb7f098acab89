import QtQuick
import QtQuick.Controls.Basic

// A narrow bar that shows where one is.
ScrollBar {
    id: bar

    visible: size < 1
    minimumSize: 0.06
    padding: 2
    contentItem: Rectangle {
        implicitWidth: 7
        radius: 4
        color: bar.pressed ? Theme.accent : Theme.strongLine
        opacity: bar.active || bar.hovered ? 0.8 : 0.35
    }
    background: Item {}
}
