import QtQuick
import QtQuick.Controls.Basic

// Everything of one chat.
Item {
    id: page

    required property var desk
    required property var chat
    property string pane: desk.members ? "members" : ""
    readonly property bool isNarrow: width < 720
    property int reactsTo: -1

    function openSearch(words) { pane = "search"; search.begin(words) }
    function closePane() { pane = desk.members ? "members" : ""; composer.look() }
    function toggleMembers() {
        const shown = pane === "members"
        pane = shown ? "" : "members"
        desk.set("members", shown ? "off" : "on")
    }
    function toggleRooms() { desk.set("rooms", desk.rooms ? "off" : "on") }
    function nextPart() {
        const parts = [composer, messages, pane === "members" && chat.is_room ? members : pane === "search" ? search : null, side.visible ? rooms : null].filter(part => part)
        const at = parts.findIndex(part => part.activeFocus || (part === composer && messages.activeFocus === false && composerFocus()))
        const next = parts[(at + 1) % parts.length]
        if (next === composer) composer.look()
        else next.forceActiveFocus(Qt.TabFocusReason)
    }
    function composerFocus() {
        const item = page.Window.activeFocusItem
        return item && item.objectName === "editor"
    }

    Component.onCompleted: composer.look()

    // The rooms

    Rectangle {
        id: side
        visible: page.desk.rooms && !(page.isNarrow && page.pane === "search")
        width: visible ? (page.isNarrow ? 190 : 250) : 0
        height: parent.height
        color: Theme.side

        Item {
            id: brand
            width: parent.width
            height: 62
            Column {
                anchors { left: parent.left; leftMargin: 16; right: menuButton.left; verticalCenter: parent.verticalCenter }
                Words { width: parent.width; text: page.chat.network; font.weight: Font.Bold; font.pixelSize: Theme.large; elide: Text.ElideRight; wrapMode: Text.NoWrap }
                Words { width: parent.width; text: page.chat.lock; color: page.chat.lock === "not encrypted" ? Theme.warn : Theme.soft; font.pixelSize: Theme.small; elide: Text.ElideRight; wrapMode: Text.NoWrap }
            }
            IconButton {
                id: menuButton
                objectName: "menuButton"
                anchors { right: parent.right; rightMargin: 8; verticalCenter: parent.verticalCenter }
                sign: "menu"
                words: "Menu"
                onClicked: mainMenu.popup(menuButton, 0, menuButton.height)
            }
        }
        Push {
            id: goTo
            anchors { top: brand.bottom; left: parent.left; right: parent.right; leftMargin: 12; rightMargin: 12 }
            sign: "search"
            text: "Go to…"
            topPadding: 6
            bottomPadding: 6
            font.weight: Font.Normal
            Accessible.name: "Go to a room or a person (Ctrl+K)"
            onClicked: switcher.open()
        }
        RoomList {
            id: rooms
            objectName: "rooms"
            chat: page.chat
            anchors { top: goTo.bottom; topMargin: 6; left: parent.left; right: parent.right; bottom: me.top }
        }
        Rectangle {
            id: me
            anchors { left: parent.left; right: parent.right; bottom: parent.bottom }
            height: 58
            color: "transparent"
            Rectangle { width: parent.width; height: 1; color: Theme.line }
            Avatar { id: myFace; x: 14; anchors.verticalCenter: parent.verticalCenter; name: page.chat.nick; face: page.chat.face; size: 34 }
            Column {
                anchors { left: myFace.right; leftMargin: 10; right: parent.right; rightMargin: 12; verticalCenter: parent.verticalCenter }
                Words { width: parent.width; text: page.chat.nick; font.weight: Font.DemiBold; elide: Text.ElideRight; wrapMode: Text.NoWrap }
                Words { width: parent.width; visible: text !== ""; text: page.chat.standing; color: Theme.soft; font.pixelSize: Theme.small; elide: Text.ElideRight; wrapMode: Text.NoWrap }
            }
        }
    }

    // The conversation

    Item {
        id: middle
        anchors { left: side.right; right: beside.left; top: parent.top; bottom: parent.bottom }

        Rectangle {
            id: header
            width: parent.width
            height: 62
            color: Theme.ground
            IconButton {
                id: showSide
                visible: !side.visible
                anchors { left: parent.left; leftMargin: 8; verticalCenter: parent.verticalCenter }
                sign: "menu"
                words: "Show the rooms (Alt+S)"
                onClicked: page.toggleRooms()
            }
            Column {
                anchors { left: showSide.visible ? showSide.right : parent.left; leftMargin: 16; right: actions.left; rightMargin: 10; verticalCenter: parent.verticalCenter }
                Words {
                    objectName: "title"
                    width: parent.width
                    text: page.chat.title
                    font.pixelSize: Theme.large
                    font.weight: Font.Bold
                    elide: Text.ElideRight
                    wrapMode: Text.NoWrap
                    Accessible.role: Accessible.Heading
                }
                Words {
                    width: parent.width
                    visible: text !== ""
                    text: page.chat.membership !== "" ? page.chat.membership : page.chat.topic
                    color: page.chat.membership !== "" ? Theme.warn : Theme.soft
                    font.pixelSize: Theme.small
                    elide: Text.ElideRight
                    wrapMode: Text.NoWrap
                }
            }
            Row {
                id: actions
                anchors { right: parent.right; rightMargin: 10; verticalCenter: parent.verticalCenter }
                IconButton { sign: "at"; words: "Mentions (Alt+M)"; isOn: page.pane === "search" && search.isMentions; onClicked: { page.pane = "search"; search.beginMentions() } }
                IconButton { objectName: "searchButton"; sign: "search"; words: "Search (Ctrl+F)"; isOn: page.pane === "search" && !search.isMentions; onClicked: page.openSearch("") }
                IconButton { visible: page.chat.is_room; sign: "people"; words: `${page.chat.headline} (Alt+U)`; isOn: page.pane === "members"; onClicked: page.toggleMembers() }
            }
            Rectangle { anchors.bottom: parent.bottom; width: parent.width; height: 1; color: Theme.line }
        }

        Rectangle {
            id: alert
            objectName: "alert"
            anchors.top: header.bottom
            width: parent.width
            visible: page.chat.alert !== ""
            height: visible ? Math.max(alertWords.height + 20, 48) : 0
            color: Theme.warnGround
            Accessible.role: Accessible.AlertMessage
            Accessible.name: page.chat.alert
            Icon { id: alertSign; x: 16; anchors.verticalCenter: parent.verticalCenter; name: "warning"; color: Theme.warn }
            Words {
                id: alertWords
                anchors { left: alertSign.right; leftMargin: 12; right: retry.visible ? retry.left : parent.right; rightMargin: 12; verticalCenter: parent.verticalCenter }
                text: page.chat.alert
                color: Theme.warn
            }
            Push {
                id: retry
                objectName: "retry"
                visible: page.chat.can_retry
                anchors { right: parent.right; rightMargin: 12; verticalCenter: parent.verticalCenter }
                topPadding: 5
                bottomPadding: 5
                text: "Retry now"
                Accessible.name: "Retry now (Ctrl+R)"
                onClicked: page.chat.hurry()
            }
        }

        MessageList {
            id: messages
            objectName: "messages"
            chat: page.chat
            anchors { top: alert.bottom; bottom: typing.top; left: parent.left; right: parent.right }
            onWantsText: composer.look()
            onAskReaction: (row, where) => { page.reactsTo = row; emoji.open() }
        }
        Words {
            id: typing
            anchors { left: parent.left; leftMargin: 20; bottom: composer.top; bottomMargin: 2 }
            height: 20
            text: page.chat.typing
            color: Theme.soft
            font.pixelSize: Theme.small
            font.italic: true
        }
        Composer {
            id: composer
            chat: page.chat
            anchors { left: parent.left; right: parent.right; bottom: parent.bottom; bottomMargin: 10 }
            onWantsEmoji: { page.reactsTo = -1; emoji.open() }
        }
        DropArea {
            id: drop
            anchors.fill: parent
            keys: ["text/uri-list"]
            onDropped: dropped => page.chat.send_files(dropped.urls)
            Rectangle {
                visible: drop.containsDrag
                anchors { fill: parent; margins: 10 }
                radius: 16
                color: Theme.accentGround
                opacity: 0.95
                border { width: 2; color: Theme.accent }
                Words { anchors.centerIn: parent; text: `Drop the files to send them to ${page.chat.title}`; font.pixelSize: Theme.large; color: Theme.accent }
            }
        }
    }

    // Beside it

    Item {
        id: beside
        anchors { right: parent.right; top: parent.top; bottom: parent.bottom }
        visible: page.pane === "search" || (page.pane === "members" && page.chat.is_room && page.width >= 860)
        width: visible ? (page.pane === "search" ? (page.isNarrow ? page.width : 340) : 220) : 0

        Rectangle { height: parent.height; width: 1; color: Theme.line; z: 1 }
        Rectangle {
            anchors.fill: parent
            visible: page.pane === "members"
            color: Theme.side
            Words { id: memberTitle; objectName: "headline"; x: 16; y: 20; width: parent.width - 24; text: page.chat.headline; font.weight: Font.DemiBold; color: Theme.soft; elide: Text.ElideRight; wrapMode: Text.NoWrap }
            Field {
                id: memberField
                objectName: "findMember"
                visible: page.chat.can_find
                anchors { top: parent.top; topMargin: 56; left: parent.left; right: parent.right; leftMargin: 12; rightMargin: 12 }
                placeholderText: "Find a member"
                padding: 7
                onTextEdited: page.chat.find_members(text)
                Keys.onEscapePressed: { text = ""; page.chat.find_members(""); composer.look() }
                Keys.onDownPressed: members.forceActiveFocus(Qt.TabFocusReason)
                Connections { target: page.chat; function onChanged() { if (memberField.place !== page.chat.title) { memberField.place = page.chat.title; memberField.text = "" } } }
                property string place: page.chat.title
            }
            MemberList {
                id: members
                objectName: "members"
                chat: page.chat
                anchors { top: memberField.visible ? memberField.bottom : parent.top; topMargin: memberField.visible ? 4 : 56; left: parent.left; right: parent.right; bottom: parent.bottom }
            }
        }
        SearchPane {
            id: search
            anchors.fill: parent
            visible: page.pane === "search"
            chat: page.chat
            onClosed: page.closePane()
            onWent: if (page.isNarrow) page.closePane()
        }
    }

    // Above everything

    Picker {
        id: switcher
        objectName: "switcher"
        title: "Go to"
        hint: "Go to a room or a person…"
        rows: page.chat.ways.goals
        note: page.chat.ways.goals_note
        onAboutToShow: page.chat.ways.begin_switch()
        onWritten: text => page.chat.ways.find_goals(text)
        onChosen: (row, key) => { page.chat.ways.go_to_goal(key); composer.look() }
        onClosed: composer.look()
        line: PickerRow {
            required property string name
            required property string hint
            required property int unread
            words: name
            more: hint
            end: unread > 0 ? unread : ""
            onClicked: { switcher.list.currentIndex = index; switcher.take() }
        }
    }
    EmojiPicker {
        id: emoji
        objectName: "emoji"
        chat: page.chat
        onChosen: written => {
            if (page.reactsTo >= 0) page.chat.deeds.react(page.reactsTo, written)
            else page.chat.writing.insert(written, composer.cursor)
        }
        onClosed: composer.look()
    }
    Question {
        id: question
        objectName: "deleteQuestion"
        onAnswered: yes => { if (yes) page.chat.deeds.delete(); composer.look() }
    }
    PastedPicture {
        id: pasted
        objectName: "pasted"
        place: page.chat.title
        onAccepted: caption => page.chat.send_pasted(caption)
        onClosed: composer.look()
    }
    Reading { id: reading; objectName: "reading"; onClosed: composer.look() }

    Connections {
        target: page.chat.deeds
        function onAsked(title, text, yes) { question.ask(title, text, yes, true) }
    }
    Connections {
        target: page.chat
        function onRead_on(title, parts) { reading.title = title; reading.parts = parts; reading.open() }
        function onSearch_for(words) { page.openSearch(words) }
        function onPicture_pasted(address) { pasted.show(address) }
    }

    Choices {
        id: mainMenu
        objectName: "mainMenu"
        onAboutToShow: page.chat.ask_last_seen()
        MenuRow { text: "Keys"; sign: "list"; onTriggered: page.chat.show_keys() }
        MenuRow { text: "Dark"; checkable: true; checked: page.desk.dark; onTriggered: page.desk.set("theme", page.desk.dark ? "light" : "dark") }
        MenuRow { text: "Same theme as the system"; checkable: true; checked: page.desk.theme === "system"; onTriggered: page.desk.set("theme", "system") }
        MenuRow { text: "Notifications"; checkable: true; checked: page.desk.notify; onTriggered: page.desk.set("notify", page.desk.notify ? "off" : "on") }
        MenuRow { text: "Tray icon"; checkable: true; checked: page.desk.tray; onTriggered: page.desk.set("tray", page.desk.tray ? "off" : "on") }
        MenuRow { text: "Show who joins and leaves"; checkable: true; checked: page.desk.comings === "all"; onTriggered: page.desk.set("comings", page.desk.comings === "all" ? "none" : "all") }
        MenuRow { text: "Only people who have spoken"; checkable: true; checked: page.desk.comings === "spoke"; onTriggered: page.desk.set("comings", page.desk.comings === "spoke" ? "none" : "spoke") }
        MenuRow { text: "Ask before creating a room"; checkable: true; checked: page.desk.newrooms === "ask"; onTriggered: page.desk.set("newrooms", page.desk.newrooms === "ask" ? "make" : "ask") }
        MenuRow { text: "12-hour clock"; checkable: true; checked: page.desk.clock === "12"; onTriggered: page.desk.set("clock", page.desk.clock === "12" ? "24" : "12") }
        MenuRow { text: "Let others see when I was last online"; visible: page.chat.has_last_seen; checkable: true; checked: page.chat.tells_last_seen; onTriggered: page.chat.toggle_last_seen() }
        MenuSeparator {}
        MenuRow { text: "Another server…"; sign: "server"; onTriggered: page.desk.go_out() }
        MenuRow { text: "Run a server…"; sign: "play"; onTriggered: page.desk.want_server() }
        MenuRow { text: "Leave"; sign: "leave"; onTriggered: page.desk.leave() }
    }

    Shortcut { sequence: "Ctrl+K"; onActivated: switcher.open() }
    Shortcut { sequence: "Ctrl+F"; onActivated: page.openSearch("") }
    Shortcut { sequence: "Ctrl+U"; onActivated: composer.chooseFiles() }
    Shortcut { sequence: "Ctrl+R"; onActivated: page.chat.hurry() }
    Shortcut { sequences: ["Ctrl+/", "F1"]; onActivated: page.chat.show_keys() }
    Shortcut { sequence: "F6"; onActivated: page.nextPart() }
    Shortcut { sequence: "Alt+Up"; onActivated: page.chat.ways.step(-1) }
    Shortcut { sequence: "Alt+Down"; onActivated: page.chat.ways.step(1) }
    Shortcut { sequence: "Alt+Shift+Up"; onActivated: page.chat.ways.step_unread(-1) }
    Shortcut { sequence: "Alt+Shift+Down"; onActivated: page.chat.ways.step_unread(1) }
    Shortcut { sequence: "Alt+Left"; onActivated: page.chat.ways.go_back(-1) }
    Shortcut { sequence: "Alt+Right"; onActivated: page.chat.ways.go_back(1) }
    Shortcut { sequence: "Alt+A"; onActivated: page.chat.ways.go_to_unread() }
    Shortcut { sequence: "Alt+M"; onActivated: { page.pane = "search"; search.beginMentions() } }
    Shortcut { sequence: "Alt+S"; onActivated: page.toggleRooms() }
    Shortcut { sequence: "Alt+U"; onActivated: page.toggleMembers() }
    Shortcut { sequence: "Shift+PgUp"; onActivated: page.chat.jump_unread() }
    Shortcut { sequence: "PgUp"; onActivated: messages.page(-1) }
    Shortcut { sequence: "PgDown"; onActivated: messages.page(1) }
}
