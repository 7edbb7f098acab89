import QtQuick
import QtQuick.Controls.Basic

// Emoji, by their names.
Sheet {
    id: picker

    required property var chat
    signal chosen(string picture)

    title: "Emoji"
    width: 396
    padding: 12
    onOpened: {
        field.text = ""
        chat.deeds.find_emoji("")
        field.forceActiveFocus()
    }
    function take(row) {
        const picture = chat.deeds.emoji.get(row, "picture")
        if (picture) {
            close()
            chosen(picture)
        }
    }

    contentItem: Column {
        spacing: 8
        Field {
            id: field
            objectName: "wantedEmoji"
            width: parent.width
            placeholderText: "Emoji name, such as heart"
            onTextEdited: { picker.chat.deeds.find_emoji(text); grid.currentIndex = grid.count > 0 ? 0 : -1 }
            onAccepted: picker.take(grid.currentIndex)
            Keys.onDownPressed: grid.moveCurrentIndexDown()
            Keys.onUpPressed: grid.moveCurrentIndexUp()
            Keys.onRightPressed: event => { if (text === "") grid.moveCurrentIndexRight(); else event.accepted = false }
            Keys.onLeftPressed: event => { if (text === "") grid.moveCurrentIndexLeft(); else event.accepted = false }
        }
        GridView {
            id: grid
            width: parent.width
            height: Math.min(Math.max(contentHeight, cellHeight), 260)
            cellWidth: 46
            cellHeight: 46
            clip: true
            model: picker.chat.deeds.emoji
            boundsBehavior: Flickable.StopAtBounds
            onCountChanged: currentIndex = count > 0 ? 0 : -1
            ScrollBar.vertical: Scroller {}
            Accessible.role: Accessible.List
            Accessible.name: "Emoji"
            delegate: ItemDelegate {
                id: cell
                required property string picture
                required property string name
                required property int index
                width: 44
                height: 44
                focusPolicy: Qt.NoFocus
                Accessible.name: name
                ToolTip.visible: hovered
                ToolTip.text: name
                ToolTip.delay: 400
                onClicked: picker.take(index)
                background: Rectangle { radius: 8; color: cell.GridView.isCurrentItem ? Theme.accentGround : cell.hovered ? Theme.hover : "transparent" }
                contentItem: Text { text: cell.picture; font.pixelSize: 24; horizontalAlignment: Text.AlignHCenter; verticalAlignment: Text.AlignVCenter }
            }
        }
    }
}
