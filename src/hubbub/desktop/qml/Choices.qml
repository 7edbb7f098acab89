import QtQuick
import QtQuick.Controls.Basic

// A menu.
Menu {
    padding: 6
    width: {
        let widest = 160
        for (let at = 0; at < count; at++)
            widest = Math.max(widest, itemAt(at).implicitWidth)
        return widest + 2 * padding
    }
    background: Rectangle {
        radius: 12
        color: Theme.raised
        border.color: Theme.line
    }
}
