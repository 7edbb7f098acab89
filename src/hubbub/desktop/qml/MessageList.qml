import QtQuick
import QtQuick.Controls.Basic

// The messages, built from below: the newest is row 0, and what is older is added at the far end.
ListView {
    id: list

    required property var chat
    property int chosen: -1
    signal wantsText()
    signal askReaction(int row, var where)

    // Where one looks: at the end, or so far below the foot of a row. Whatever changes is laid out around that.
    property bool isAtEnd: true
    property int heldRow: -1
    property real heldBelow: 0
    readonly property bool isMoved: moving || bar.pressed

    clip: true
    verticalLayoutDirection: ListView.BottomToTop
    model: chat.messages
    reuseItems: true
    cacheBuffer: 400
    boundsBehavior: Flickable.StopAtBounds
    activeFocusOnTab: true
    keyNavigationEnabled: false
    highlightFollowsCurrentItem: false
    topMargin: 8
    bottomMargin: 8
    maximumFlickVelocity: 6000
    pixelAligned: true
    ScrollBar.vertical: Scroller { id: bar }
    Accessible.role: Accessible.List
    Accessible.name: "Messages"

    delegate: MessageRow {}

    // Its user has moved it: that is where one looks now.
    function hold() {
        isAtEnd = contentHeight <= height || atYEnd || contentY + height >= originY + contentHeight - 12
        heldRow = -1
        for (let y = contentY + height - 1; heldRow < 0 && !isAtEnd && y > contentY; y -= 8) heldRow = indexAt(width / 2, y)
        const row = itemAtIndex(heldRow)
        heldBelow = row ? contentY + height - row.y - row.height : 0
    }
    // Something else has another size: look where one looked.
    function keep() {
        if (isMoved || count === 0) return
        if (isAtEnd) positionViewAtBeginning()
        else if (heldRow >= 0) {
            if (!itemAtIndex(heldRow)) positionViewAtIndex(heldRow, ListView.End)
            const row = itemAtIndex(heldRow)
            if (row) contentY = row.y + row.height + heldBelow - height
        }
    }
    function keepSoon() { Qt.callLater(keep) }

    onIsMovedChanged: if (!isMoved) hold()
    onHeightChanged: keepSoon()
    onWidthChanged: keepSoon()
    onContentHeightChanged: keepSoon()
    onOriginYChanged: keepSoon()

    function gapSeen(row) { chat.gap_seen(row) }
    function toEnd() {
        chosen = -1
        isAtEnd = true
        heldRow = -1
        positionViewAtBeginning()
    }
    function choose(row) {
        chosen = row
        chat.choose(row)
        if (row >= 0) {
            positionViewAtIndex(row, ListView.Contain)
            hold()
        }
    }
    function walk(step) {
        const next = chosen < 0 ? chat.messages.talk_from(-1, 1) : chat.messages.talk_from(chosen, step)
        if (next >= 0) choose(next)
        else if (step < 0) { choose(-1); wantsText() }
        else toStart()
    }
    function center(row) {
        positionViewAtIndex(row, ListView.Center)
        hold()
    }
    function toStart() {
        contentY = originY
        hold()
    }
    function page(step) {
        contentY = Math.max(originY - topMargin, Math.min(contentY + step * (height - 60), originY + contentHeight - height + bottomMargin))
        hold()
    }
    function openMenu(row, where) {
        choose(row)
        menu.may = chat.deeds.may(row)
        menu.row = row
        menu.popup(where, 0, where.height)
    }

    onIsAtEndChanged: chat.at_end(isAtEnd)
    onContentYChanged: if (contentY - originY < 2 * height) chat.near_top()
    onCountChanged: if (contentHeight < 2 * height) chat.near_top()
    onActiveFocusChanged: if (activeFocus && chosen < 0) walk(1)

    Keys.onUpPressed: walk(1)
    Keys.onDownPressed: walk(-1)
    Keys.onPressed: event => {
        const actions = {
            [Qt.Key_R]: () => { chat.deeds.reply(chosen); wantsText() },
            [Qt.Key_E]: () => { chat.deeds.edit(chosen); wantsText() },
            [Qt.Key_Plus]: () => askReaction(chosen, list),
            [Qt.Key_Colon]: () => askReaction(chosen, list),
            [Qt.Key_D]: () => chat.deeds.ask_delete(chosen),
            [Qt.Key_Delete]: () => chat.deeds.ask_delete(chosen),
            [Qt.Key_C]: () => chat.deeds.copy(chosen),
            [Qt.Key_O]: () => chat.deeds.open_link(chosen),
            [Qt.Key_Menu]: () => openMenu(chosen, list.itemAtIndex(chosen) || list),
            [Qt.Key_Return]: () => openMenu(chosen, list.itemAtIndex(chosen) || list),
            [Qt.Key_Home]: () => toStart(),
            [Qt.Key_End]: () => toEnd(),
        }
        const isPlain = !(event.modifiers & (Qt.ControlModifier | Qt.AltModifier | Qt.MetaModifier))
        if (event.key === Qt.Key_U && event.modifiers & Qt.ShiftModifier && chosen >= 0) chat.deeds.mark_unread(chosen)
        else if (actions[event.key] && chosen >= 0 && isPlain) actions[event.key]()
        else if (event.text.length === 1 && event.text >= " " && isPlain) { wantsText(); return }
        else return
        event.accepted = true
    }

    Connections {
        target: list.chat
        function onTo_end() { list.toEnd() }
        function onJump(row) {
            list.chosen = row
            list.chat.choose(row)
            list.center(row)
            // Only what is there has its true height: the second time it is in the middle.
            Qt.callLater(list.center, row)
        }
    }
    Connections {
        target: list.chat.messages
        function onRowsInserted(parent, first, last) {
            const more = last - first + 1
            if (list.chosen >= first) list.chosen += more
            if (list.heldRow >= first) list.heldRow += more
            list.keepSoon()
        }
        function onRowsRemoved(parent, first, last) {
            const fewer = last - first + 1
            if (list.chosen > last) list.chosen -= fewer
            else if (list.chosen >= first) list.chosen = -1
            if (list.heldRow > last) list.heldRow -= fewer
            else if (list.heldRow >= first) list.heldRow = Math.max(first - 1, 0)
            list.keepSoon()
        }
        function onDataChanged() { list.keepSoon() }
        function onModelReset() { list.toEnd() }
    }

    Choices {
        id: menu
        objectName: "messageMenu"
        property var may: ({})
        property int row: -1
        MenuRow { text: "Reply"; sign: "reply"; visible: !!menu.may.reply; onTriggered: { list.chat.deeds.reply(menu.row); list.wantsText() } }
        MenuRow { text: "React…"; sign: "smile"; visible: !!menu.may.react; onTriggered: list.askReaction(menu.row, list) }
        MenuRow { text: "Edit"; sign: "edit"; visible: !!menu.may.edit; onTriggered: { list.chat.deeds.edit(menu.row); list.wantsText() } }
        MenuRow { text: "Copy text"; sign: "copy"; onTriggered: list.chat.deeds.copy(menu.row) }
        MenuRow { text: "Open the link"; sign: "leave"; visible: !!menu.may.open; onTriggered: list.chat.deeds.open_link(menu.row) }
        MenuRow { text: "Mark as unread from here"; sign: "inbox"; onTriggered: list.chat.deeds.mark_unread(menu.row) }
        MenuRow { text: "Report"; sign: "warning"; visible: !!menu.may.report; onTriggered: list.chat.deeds.report(menu.row, "") }
        MenuRow { text: "Delete"; sign: "trash"; isGrave: true; visible: !!menu.may.delete; onTriggered: list.chat.deeds.ask_delete(menu.row) }
    }

    Words {
        anchors.centerIn: parent
        visible: list.count === 0
        text: "There are no messages yet."
        color: Theme.soft
    }

    IconButton {
        objectName: "toEnd"
        visible: !list.isAtEnd
        anchors { right: parent.right; bottom: parent.bottom; margins: 16 }
        sign: "down"
        words: "Go to the latest message (Escape)"
        isOn: true
        size: 24
        onClicked: list.chat.settle()
    }
}
