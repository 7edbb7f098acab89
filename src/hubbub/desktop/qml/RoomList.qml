import QtQuick
import QtQuick.Controls.Basic

// Rooms and people, with how much is unread.
ListView {
    id: list

    required property var chat

    clip: true
    activeFocusOnTab: true
    keyNavigationEnabled: true
    leftMargin: 6
    boundsBehavior: Flickable.StopAtBounds
    model: chat.rooms
    section.property: "isRoom"
    section.delegate: Words {
        required property string section
        text: section === "true" ? "Rooms" : "People"
        color: Theme.soft
        font.pixelSize: Theme.small
        font.weight: Font.DemiBold
        leftPadding: 14
        topPadding: 12
        bottomPadding: 4
    }
    ScrollBar.vertical: Scroller {}
    Accessible.role: Accessible.List
    Accessible.name: "Rooms and people"
    Keys.onReturnPressed: if (currentItem) currentItem.clicked()
    Keys.onMenuPressed: if (currentItem) currentItem.openMenu()

    delegate: ItemDelegate {
        id: row
        required property string key
        required property string name
        required property bool isRoom
        required property bool isHere
        required property bool isGone
        required property int unread
        required property int mentions
        required property bool hasDraft
        required property string presence
        required property string spoken
        required property int index

        width: list.width - 12
        height: 36
        leftPadding: 10
        rightPadding: 10
        topPadding: 0
        bottomPadding: 0
        Accessible.name: spoken
        Accessible.role: Accessible.ListItem
        Accessible.selected: isHere
        onClicked: { list.currentIndex = index; list.chat.ways.go(key) }
        function openMenu() { menu.key = key; menu.isRoom = isRoom; menu.popup(row, 20, row.height) }

        TapHandler { acceptedButtons: Qt.RightButton; onTapped: row.openMenu() }
        background: Rectangle {
            radius: 8
            color: row.isHere ? Theme.accentGround : row.hovered ? Theme.hover : "transparent"
            border.width: list.activeFocus && row.ListView.isCurrentItem ? 2 : 0
            border.color: Theme.accent
        }
        contentItem: Item {
            Icon {
                id: sign
                visible: row.isRoom
                anchors.verticalCenter: parent.verticalCenter
                name: "hash"
                size: 17
                color: row.isHere ? Theme.accent : Theme.soft
            }
            Rectangle {
                visible: !row.isRoom
                anchors.verticalCenter: parent.verticalCenter
                x: 4
                width: 10
                height: 10
                radius: 5
                color: row.presence === "here" ? Theme.good : row.presence === "away" ? Theme.mentionLine : "transparent"
                border.width: row.presence === "here" || row.presence === "away" ? 0 : 2
                border.color: Theme.strongLine
            }
            Text {
                x: 26
                width: parent.width - 26 - (badge.visible ? badge.width + 6 : 0) - (pen.visible ? 22 : 0)
                anchors.verticalCenter: parent.verticalCenter
                text: row.name
                elide: Text.ElideRight
                textFormat: Text.PlainText
                font.pixelSize: Theme.normal
                font.weight: row.unread > 0 || row.isHere ? Font.DemiBold : Font.Normal
                font.italic: row.isGone
                color: row.isGone ? Theme.soft : Theme.text
            }
            Icon { id: pen; visible: row.hasDraft; name: "edit"; size: 14; anchors { right: badge.visible ? badge.left : parent.right; rightMargin: 5; verticalCenter: parent.verticalCenter } }
            Rectangle {
                id: badge
                visible: row.unread > 0
                anchors { right: parent.right; verticalCenter: parent.verticalCenter }
                height: 19
                width: Math.max(count.width + 12, 19)
                radius: 10
                color: row.mentions > 0 ? Theme.danger : Theme.strongLine
                Text {
                    id: count
                    anchors.centerIn: parent
                    text: row.mentions > 0 ? (row.mentions > 99 ? "@99+" : "@" + row.mentions) : row.unread > 999 ? "999+" : row.unread
                    color: Theme.ground
                    font.pixelSize: Theme.small
                    font.weight: Font.DemiBold
                }
            }
        }
    }

    Choices {
        id: menu
        property string key
        property bool isRoom
        MenuRow { text: "Mark as read"; sign: "check"; onTriggered: list.chat.mark_room_read(menu.key) }
        MenuRow { text: menu.isRoom ? "Leave room" : "Close"; sign: "leave"; onTriggered: list.chat.leave_conversation(menu.key) }
    }
}
