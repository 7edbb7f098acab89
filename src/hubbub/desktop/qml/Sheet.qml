import QtQuick
import QtQuick.Controls.Basic

// Something above the window that takes the keys until it is closed.
Popup {
    id: sheet

    property string title

    parent: Overlay.overlay
    anchors.centerIn: parent
    width: Math.min(520, parent ? parent.width - 40 : 520)
    modal: true
    focus: true
    padding: 22
    closePolicy: Popup.CloseOnEscape | Popup.CloseOnPressOutside
    Overlay.modal: Rectangle { color: Theme.shade }
    background: Rectangle {
        radius: 16
        color: Theme.ground
        border.color: Theme.line
        Accessible.role: Accessible.Dialog
        Accessible.name: sheet.title
    }
}
