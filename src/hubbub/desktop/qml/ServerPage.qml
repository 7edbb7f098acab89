import QtQuick
import QtQuick.Controls.Basic

// A page of the server's window: a title, and what stands below it.
Item {
    id: page

    property var running
    property var host
    property string title
    property string words
    default property alias content: body.data
    property alias tools: tools.data

    Accessible.role: Accessible.Pane
    Accessible.name: title

    Words { id: heading; x: 26; y: 22; text: page.title; font.pixelSize: Theme.huge; font.weight: Font.Bold; Accessible.role: Accessible.Heading }
    Row { id: tools; anchors { right: parent.right; rightMargin: 26; verticalCenter: heading.verticalCenter } spacing: 8 }
    Words { id: under; anchors { left: heading.left; right: parent.right; rightMargin: 26; top: heading.bottom; topMargin: 4 } text: page.words; color: Theme.soft; visible: text !== "" }
    Item {
        id: body
        anchors { top: under.visible ? under.bottom : heading.bottom; topMargin: 16; left: parent.left; right: parent.right; bottom: parent.bottom; leftMargin: 26; rightMargin: 26; bottomMargin: 18 }
    }
}
