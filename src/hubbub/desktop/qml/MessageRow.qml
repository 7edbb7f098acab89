import QtQuick

// One message with what stands above it; one's own at the right, everybody else's at the left.
Item {
    id: row

    required property int index
    required property string kind
    required property string key
    required property string day
    required property bool gap
    required property bool fresh
    required property bool head
    required property string sender
    required property string name
    required property string colour
    required property string face
    required property string clock
    required property string html
    required property string words
    required property bool own
    required property bool mention
    required property bool bot
    required property bool edited
    required property bool deleted
    required property string answered
    required property string answeredKey
    required property var reactions
    required property string picture
    required property string state
    required property string error
    required property string spoken

    property var list: ListView.view
    property bool isPooled: false
    readonly property bool isTalk: kind === "talk" || kind === "action" || kind === "notice" || kind === "pending"
    readonly property bool hasTitle: isTalk && head && !own
    readonly property bool hasBody: isTalk && html !== ""
    readonly property bool isChosen: list && list.chosen === index
    readonly property int side: 46
    readonly property real most: Math.max(Math.min(width - side - (width > 600 ? 170 : 50), 660), 80)
    readonly property alias hovered: hover.hovered

    width: list ? list.width : 0
    height: above.height + (kind === "hidden" ? 0 : isTalk ? talk.height : told.height)
    Accessible.role: Accessible.ListItem
    Accessible.name: spoken
    Accessible.ignored: spoken === ""
    Accessible.selected: isChosen
    Accessible.focusable: isTalk

    Component.onCompleted: if (gap) list.gapSeen(index)
    // One that waits to be used again is nobody's, neither to the eye nor to a screen reader.
    visible: !isPooled && (kind !== "hidden" || spoken !== "")
    ListView.onPooled: isPooled = true
    ListView.onReused: {
        isPooled = false
        if (gap) list.gapSeen(index)
    }

    Column {
        id: above
        width: parent.width - 32
        x: 16
        Rule { width: parent.width; words: row.day }
        Rule { width: parent.width; words: row.gap ? "messages may be missing here" : ""; ink: Theme.warn }
        Rule { width: parent.width; words: row.fresh ? "new" : ""; ink: Theme.danger }
    }

    // What nobody has said

    Text {
        id: told
        visible: row.kind === "event" || row.kind === "note"
        anchors.top: above.bottom
        x: row.kind === "note" ? 62 : 40
        width: parent.width - 2 * x
        topPadding: 4
        bottomPadding: 4
        text: row.isTalk ? "" : row.html
        textFormat: Text.RichText
        wrapMode: Text.Wrap
        horizontalAlignment: row.kind === "note" ? Text.AlignLeft : Text.AlignHCenter
        color: Theme.soft
        font.pixelSize: row.kind === "note" ? Theme.normal : Theme.small
        linkColor: Theme.accent
        onLinkActivated: link => row.list.chat.deeds.open(link)
        Accessible.ignored: true
    }

    // What somebody has said

    Item {
        id: talk
        visible: row.isTalk
        anchors.top: above.bottom
        width: parent.width
        height: row.isTalk ? (row.head ? 10 : 2) + bubble.height + (row.reactions.length > 0 ? marks.height + 4 : 0) + 1 : 0

        Avatar {
            visible: row.head && !row.own
            x: 14
            y: bubble.y
            name: row.name
            face: row.face
            ink: row.colour === "" ? Theme.accent : row.colour
            size: 34
        }

        Rectangle {
            id: bubble
            objectName: "bubble"
            y: row.head ? 10 : 2
            x: row.own ? parent.width - width - 18 : row.side + 12
            width: Math.max(content.width + 24, 44)
            height: content.height + 14
            radius: 14
            color: row.kind === "pending" && row.error !== "" ? Theme.dangerGround : row.own ? Theme.ownBubble : row.mention ? Theme.mention : Theme.bubble
            border.width: row.isChosen ? 2 : row.mention ? 1 : 0
            border.color: row.isChosen ? Theme.accent : Theme.mentionLine
            opacity: row.kind === "pending" && row.error === "" ? 0.75 : 1

            Column {
                id: content
                x: 12
                y: 7
                spacing: 3
                width: Math.max(row.hasTitle ? titleRow.width : 0, row.hasBody ? body.width : 0, row.answered !== "" ? quote.width : 0, row.picture !== "" ? shot.width : 0, row.error !== "" ? trouble.width : 0, foot.width + (footFits ? tail + 12 : 0))

                // Where the last line ends: the clock stands behind it, if there is room.
                readonly property real tail: row.hasBody && body.contentHeight > 0 && body.width > 0 ? body.positionToRectangle(body.length).x : 0
                readonly property bool footFits: row.hasBody && row.picture === "" && row.error === "" && body.effectiveHorizontalAlignment === TextEdit.AlignLeft && tail + 12 + foot.width <= row.most

                Row {
                    id: titleRow
                    visible: row.hasTitle
                    spacing: 7
                    Text {
                        text: row.name
                        width: Math.min(implicitWidth, row.most - 90)
                        elide: Text.ElideRight
                        color: row.colour === "" ? Theme.accent : row.colour
                        font.pixelSize: Theme.normal
                        font.weight: Font.Bold
                        textFormat: Text.PlainText
                    }
                    Text {
                        visible: text !== ""
                        text: [row.sender !== row.name ? "@" + row.sender : "", row.bot ? "bot" : "", row.kind === "notice" ? "notice" : ""].filter(word => word !== "").join(" · ")
                        color: Theme.soft
                        font.pixelSize: Theme.small
                        textFormat: Text.PlainText
                        anchors.baseline: parent.children[0].baseline
                    }
                }

                Item {
                    id: quote
                    visible: row.answered !== ""
                    width: Math.min(quoted.implicitWidth + 14, row.most)
                    height: quoted.height + 2
                    Rectangle { width: 3; height: parent.height; radius: 2; color: Theme.accent }
                    Text {
                        id: quoted
                        x: 10
                        width: parent.width - 10
                        text: row.answered
                        elide: Text.ElideRight
                        maximumLineCount: 1
                        color: Theme.soft
                        font.pixelSize: Theme.small
                        textFormat: Text.PlainText
                    }
                    TapHandler { onTapped: row.list.chat.ways.jump_to_key(row.answeredKey) }
                    HoverHandler { cursorShape: Qt.PointingHandCursor }
                }

                TextEdit {
                    id: body
                    visible: row.hasBody
                    text: row.hasBody ? (row.kind === "action" ? "<i>" + row.html + "</i>" : row.html) : ""
                    textFormat: TextEdit.RichText
                    width: Math.min(implicitWidth, row.most)
                    wrapMode: TextEdit.Wrap
                    readOnly: true
                    selectByMouse: true
                    activeFocusOnPress: false
                    color: row.deleted ? Theme.soft : Theme.text
                    font.pixelSize: Theme.normal
                    font.italic: row.deleted
                    selectionColor: Theme.accent
                    selectedTextColor: Theme.overAccent
                    Accessible.ignored: true
                    onLinkActivated: link => row.list.chat.deeds.open(link)
                    HoverHandler { cursorShape: body.hoveredLink ? Qt.PointingHandCursor : Qt.IBeamCursor }
                }

                Image {
                    id: shot
                    visible: row.picture !== ""
                    source: row.picture
                    asynchronous: true
                    fillMode: Image.PreserveAspectFit
                    readonly property real share: implicitWidth > 0 ? Math.min(1, Math.min(row.most, 420) / implicitWidth, 300 / Math.max(implicitHeight, 1)) : 1
                    width: Math.max(implicitWidth * share, 60)
                    height: Math.max(implicitHeight * share, 40)
                    TapHandler { onTapped: row.list.chat.deeds.open_link(row.index) }
                    HoverHandler { cursorShape: Qt.PointingHandCursor }
                    Accessible.ignored: true
                }

                Row {
                    id: trouble
                    visible: row.error !== ""
                    spacing: 8
                    Words { text: row.error; color: Theme.danger; width: Math.min(implicitWidth, row.most - 190); anchors.verticalCenter: parent.verticalCenter }
                    Push { text: "Again"; topPadding: 4; bottomPadding: 4; onClicked: row.list.chat.deeds.again(row.index) }
                    Push { text: "Drop"; topPadding: 4; bottomPadding: 4; onClicked: row.list.chat.deeds.drop(row.index) }
                }
                Item { visible: !content.footFits; width: 1; height: foot.height }
            }
            Text {
                id: foot
                anchors { right: content.right; bottom: content.bottom }
                text: (row.edited ? "edited · " : "") + (row.kind === "pending" ? (row.state === "failed" ? "not sent" : row.state) : row.clock)
                color: row.error !== "" ? Theme.danger : Theme.soft
                font.pixelSize: Theme.small
                textFormat: Text.PlainText
            }
        }

        Flow {
            id: marks
            visible: row.reactions.length > 0
            x: row.own ? Math.max(parent.width - width - 18, 20) : bubble.x
            anchors.top: bubble.bottom
            anchors.topMargin: 4
            width: Math.min(row.most, chips.count * 62)
            spacing: 5
            layoutDirection: row.own ? Qt.RightToLeft : Qt.LeftToRight
            Repeater {
                id: chips
                model: row.reactions
                Rectangle {
                    id: chip
                    required property var modelData
                    width: mark.implicitWidth + 18
                    height: 26
                    radius: 13
                    color: modelData.mine ? Theme.accentGround : Theme.bubble
                    border.color: modelData.mine ? Theme.accent : Theme.line
                    Row {
                        id: mark
                        anchors.centerIn: parent
                        spacing: 4
                        Image {
                            visible: chip.modelData.picture !== ""
                            source: chip.modelData.picture
                            height: 18
                            width: implicitHeight > 0 ? Math.min(implicitWidth * height / implicitHeight, 60) : 0
                            fillMode: Image.PreserveAspectFit
                            asynchronous: true
                        }
                        Text {
                            text: (chip.modelData.picture === "" ? chip.modelData.reaction : "") + (chip.modelData.count > 1 ? " " + chip.modelData.count : "")
                            color: Theme.text
                            font.pixelSize: Theme.normal
                            textFormat: Text.PlainText
                        }
                    }
                    TapHandler { onTapped: row.list.chat.deeds.react(row.index, chip.modelData.reaction) }
                    HoverHandler { id: over; cursorShape: Qt.PointingHandCursor }
                    Accessible.role: Accessible.Button
                    Accessible.name: `${modelData.reaction} by ${modelData.who}`
                    Accessible.onPressAction: row.list.chat.deeds.react(row.index, modelData.reaction)
                }
            }
        }

        // Tools, only where the mouse is

        Loader {
            active: hover.hovered && row.kind !== "pending" && !row.deleted
            x: row.own ? bubble.x - width - 8 : bubble.x + bubble.width + 8
            y: bubble.y + Math.min((bubble.height - height) / 2, 4)
            sourceComponent: Row {
                spacing: 0
                IconButton { sign: "smile"; words: "React (+)"; size: 18; onClicked: row.list.askReaction(row.index, this) }
                IconButton { sign: "reply"; words: "Reply (R)"; size: 18; onClicked: row.list.chat.deeds.reply(row.index) }
                IconButton { sign: "more"; words: "More"; size: 18; onClicked: row.list.openMenu(row.index, this) }
            }
        }
        TapHandler {
            acceptedButtons: Qt.RightButton
            onTapped: point => { if (row.kind !== "pending") row.list.openMenu(row.index, bubble) }
        }
        TapHandler {
            acceptedDevices: PointerDevice.TouchScreen
            onLongPressed: if (row.kind !== "pending") row.list.openMenu(row.index, bubble)
        }
    }

    HoverHandler { id: hover; enabled: row.isTalk }
}
