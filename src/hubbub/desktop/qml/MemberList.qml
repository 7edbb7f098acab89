import QtQuick
import QtQuick.Controls.Basic

// Who is in the room: the ranks first, then by name.
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
    Keys.onReturnPressed: if (currentItem) chat.ways.talk_to(currentItem.key)
    Keys.onMenuPressed: if (currentItem) currentItem.openMenu()

    delegate: ItemDelegate {
        id: row
        required property string key
        required property string name
        required property string rank
        required property bool isAway
        required property bool isBot
        required property string status
        required property color colour
        required property string face
        required property string spoken
        required property int index

        width: list.width - 12
        height: status === "" ? 38 : 48
        leftPadding: 8
        rightPadding: 8
        topPadding: 0
        bottomPadding: 0
        Accessible.name: spoken
        Accessible.role: Accessible.ListItem
        onClicked: { list.currentIndex = index; openMenu() }
        function openMenu() { menu.nick = key; menu.isOperator = list.chat.is_operator(); menu.popup(row, 20, row.height) }

        TapHandler { acceptedButtons: Qt.RightButton; onTapped: row.openMenu() }
        background: Rectangle {
            radius: 8
            color: row.hovered ? Theme.hover : "transparent"
            border.width: list.activeFocus && row.ListView.isCurrentItem ? 2 : 0
            border.color: Theme.accent
        }
        contentItem: Item {
            Avatar {
                id: picture
                face: row.face
                anchors.verticalCenter: parent.verticalCenter
                name: row.name
                ink: row.colour
                size: 28
                opacity: row.isAway ? 0.5 : 1
            }
            Column {
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
                        color: row.isAway ? Theme.soft : Theme.text
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
