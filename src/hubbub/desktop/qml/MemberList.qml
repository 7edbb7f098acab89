import QtQuick
import QtQuick.Controls.Basic

// The members of the room in groups: operators, who is here, who is away, and who is offline.
ListView {
    id: list

    required property var chat

    clip: true
    activeFocusOnTab: true
    keyNavigationEnabled: true
    leftMargin: 6
    boundsBehavior: Flickable.StopAtBounds
    model: chat.members
    topMargin: 6
    bottomMargin: 6
    ScrollBar.vertical: Scroller {}
    Accessible.role: Accessible.List
    Accessible.name: "Members"
    Keys.onReturnPressed: if (currentItem) currentItem.take(false)
    Keys.onEnterPressed: if (currentItem) currentItem.take(false)
    Keys.onSpacePressed: if (currentItem) currentItem.take(true)
    Keys.onMenuPressed: if (currentItem) currentItem.take(true)

    delegate: ItemDelegate {
        id: row
        required property string key
        required property string name
        required property string rank
        required property string kind
        required property bool canFold
        required property bool isAway
        required property bool isOffline
        required property bool isBot
        required property string status
        required property color colour
        required property string face
        required property string spoken
        required property int index

        width: list.width - 12
        readonly property bool isMember: kind === "member"
        height: !isMember ? (kind === "more" ? words.implicitHeight + 12 : 32) : status === "" ? 38 : 48
        leftPadding: 8
        rightPadding: 8
        topPadding: 0
        bottomPadding: 0
        Accessible.name: spoken
        Accessible.role: Accessible.ListItem
        hoverEnabled: isMember || canFold
        onClicked: { list.currentIndex = index; take(true) }
        function take(wantsMenu) {
            if (canFold) list.chat.toggle_offline()
            else if (isMember && wantsMenu) openMenu()
            else if (isMember) list.chat.ways.talk_to(key)
        }
        function openMenu() { menu.nick = key; menu.isOperator = list.chat.is_operator(); menu.popup(row, 20, row.height) }

        TapHandler { acceptedButtons: Qt.RightButton; onTapped: row.take(true) }
        background: Rectangle {
            radius: 8
            color: row.hovered ? Theme.hover : "transparent"
            border.width: list.activeFocus && row.ListView.isCurrentItem ? 2 : 0
            border.color: Theme.accent
        }
        contentItem: Item {
            Text {
                id: words
                visible: !row.isMember
                anchors { left: parent.left; right: parent.right; verticalCenter: parent.verticalCenter }
                text: row.canFold ? `${row.kind === "folded" ? "▸" : "▾"}  ${row.name}` : row.name
                wrapMode: Text.Wrap
                textFormat: Text.PlainText
                font.pixelSize: Theme.small
                font.weight: row.kind === "more" ? Font.Normal : Font.DemiBold
                color: Theme.soft
            }
            Avatar {
                visible: row.isMember
                id: picture
                face: row.face
                anchors.verticalCenter: parent.verticalCenter
                name: row.name
                ink: row.colour
                size: 28
                opacity: row.isAway || row.isOffline ? 0.5 : 1
            }
            Column {
                visible: row.isMember
                anchors.verticalCenter: parent.verticalCenter
                x: 38
                width: parent.width - 38
                Row {
                    spacing: 6
                    Text {
                        text: row.name
                        width: Math.min(implicitWidth, row.width - 54 - 40)
                        elide: Text.ElideRight
                        textFormat: Text.PlainText
                        font.pixelSize: Theme.normal
                        font.italic: row.isAway
                        color: row.isAway || row.isOffline ? Theme.soft : Theme.text
                    }
                    Text {
                        text: row.isBot ? "bot" : row.rank === "@" || row.rank === "&" || row.rank === "~" ? "op" : row.rank === "+" ? "voice" : ""
                        visible: text !== ""
                        color: Theme.accent
                        font.pixelSize: Theme.small
                        font.weight: Font.DemiBold
                        anchors.verticalCenter: parent.verticalCenter
                    }
                }
                Text {
                    visible: row.status !== ""
                    text: row.status
                    width: parent.width
                    elide: Text.ElideRight
                    textFormat: Text.PlainText
                    font.pixelSize: Theme.small
                    color: Theme.soft
                }
            }
        }
    }

    Choices {
        id: menu
        property string nick
        property bool isOperator: false
        MenuRow { text: "Message " + menu.nick; sign: "at"; onTriggered: list.chat.ways.talk_to(menu.nick) }
        MenuRow { text: "Show details"; sign: "people"; onTriggered: list.chat.word("whois", menu.nick) }
        MenuRow { text: "Make an operator"; sign: "plus"; visible: menu.isOperator; onTriggered: list.chat.word("op", menu.nick) }
        MenuRow { text: "Kick from the room"; sign: "leave"; isGrave: true; visible: menu.isOperator; onTriggered: list.chat.word("kick", menu.nick) }
        MenuRow { text: "Ban from the room"; sign: "close"; isGrave: true; visible: menu.isOperator; onTriggered: list.chat.word("ban", menu.nick) }
    }
}
