import QtQuick
import QtQuick.Controls.Basic

// Searching, and the last mentions: what is found stands beside the messages.
Rectangle {
    id: pane

    required property var chat
    property bool isMentions: false
    signal closed()
    signal went()

    color: Theme.side
    Accessible.role: Accessible.Pane
    Accessible.name: isMentions ? "Mentions" : "Search"

    function begin(words) {
        isMentions = false
        field.text = words
        field.forceActiveFocus()
        if (words !== "") search()
    }
    function beginMentions() {
        isMentions = true
        chat.ways.find_mentions()
        list.forceActiveFocus()
    }
    function search() { chat.ways.begin_search(field.text, here.checked) }

    Keys.onEscapePressed: closed()

    Column {
        id: top
        x: 14
        y: 12
        width: parent.width - 28
        spacing: 10
        Item {
            width: parent.width
            height: 34
            Words { anchors.verticalCenter: parent.verticalCenter; text: pane.isMentions ? "Mentions" : "Search"; font.pixelSize: Theme.large; font.weight: Font.DemiBold }
            IconButton { anchors.right: parent.right; sign: "close"; words: "Close (Escape)"; onClicked: pane.closed() }
        }
        Field {
            id: field
            objectName: "search"
            visible: !pane.isMentions
            width: parent.width
            placeholderText: "Search for words"
            onAccepted: pane.search()
            Keys.onDownPressed: list.forceActiveFocus()
        }
        Push {
            id: here
            visible: !pane.isMentions
            checkable: true
            topPadding: 5
            bottomPadding: 5
            sign: checked ? "check" : ""
            text: "Only in this room"
            onToggled: pane.search()
        }
        Words { width: parent.width; text: pane.chat.ways.search_words; color: Theme.soft; font.pixelSize: Theme.small }
    }
    ListView {
        id: list
        objectName: "found"
        anchors { top: top.bottom; topMargin: 10; left: parent.left; right: parent.right; bottom: parent.bottom }
        clip: true
        model: pane.chat.ways.results
        spacing: 4
        leftMargin: 8
        activeFocusOnTab: true
        keyNavigationEnabled: true
        boundsBehavior: Flickable.StopAtBounds
        ScrollBar.vertical: Scroller {}
        Accessible.role: Accessible.List
        Accessible.name: "Search results"
        Keys.onReturnPressed: if (currentItem) currentItem.clicked()
        delegate: ItemDelegate {
            id: row
            required property int index
            required property string where
            required property string sender
            required property string clock
            required property string words
            width: list.width - 16
            padding: 10
            Accessible.name: `${sender} in ${where}, ${clock}: ${words}`
            onClicked: { list.currentIndex = index; pane.chat.ways.go_to_found(index); pane.went() }
            background: Rectangle {
                radius: Theme.radius
                color: row.hovered ? Theme.hover : Theme.ground
                border.width: list.activeFocus && row.ListView.isCurrentItem ? 2 : 1
                border.color: list.activeFocus && row.ListView.isCurrentItem ? Theme.accent : Theme.line
            }
            contentItem: Column {
                spacing: 3
                Words { width: parent.width; text: `${row.sender} · ${row.where}`; font.weight: Font.DemiBold; elide: Text.ElideRight; wrapMode: Text.NoWrap }
                Words { width: parent.width; text: row.words; maximumLineCount: 3; elide: Text.ElideRight }
                Words { text: row.clock; color: Theme.soft; font.pixelSize: Theme.small }
            }
        }
    }
}
