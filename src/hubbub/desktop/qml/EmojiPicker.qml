import QtQuick
import QtQuick.Controls.Basic

// Emoji, by their names.
Sheet {
    id: picker

    required property var chat
    signal chosen(string written)

    title: "Emoji"
    width: 396
    padding: 12
    onOpened: {
        field.text = ""
        chat.deeds.find_emoji("")
        field.forceActiveFocus()
    }
    function take(row) {
        const written = chat.deeds.emoji.get(row, "written")
        if (written) {
            close()
            chosen(written)
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
                required property string written
                required property string name
                required property string picture
                required property int index
                width: 44
                height: 44
                padding: 2
                focusPolicy: Qt.NoFocus
                Accessible.name: name
                ToolTip.visible: hovered
                ToolTip.text: picture === "" ? name : written
                ToolTip.delay: 400
                onClicked: picker.take(index)
                background: Rectangle { radius: 8; color: cell.GridView.isCurrentItem ? Theme.accentGround : cell.hovered ? Theme.hover : "transparent" }
                contentItem: Item {
                    Text {
                        anchors.fill: parent
                        visible: cell.picture === ""
                        text: cell.written
                        textFormat: Text.PlainText
                        // The name of one whose picture has not come is as long as people like.
                        font.pixelSize: cell.written.startsWith(":") ? 10 : 24
                        elide: Text.ElideRight
                        color: Theme.text
                        horizontalAlignment: Text.AlignHCenter
                        verticalAlignment: Text.AlignVCenter
                    }
                    Image {
                        objectName: "ownEmoji"
                        anchors { fill: parent; margins: 6 }
                        visible: cell.picture !== ""
                        source: cell.picture
                        fillMode: Image.PreserveAspectFit
                        asynchronous: true
                    }
                }
            }
        }
    }
}
