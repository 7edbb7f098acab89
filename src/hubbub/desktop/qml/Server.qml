import QtQuick
import QtQuick.Controls.Basic

// The window that runs a server on this computer.
ApplicationWindow {
    id: window

    required property var running
    required property var desk
    required property var memory
    property string part: "overview"
    property bool isDecided: false
    readonly property bool isUp: running.state === "running" || running.state === "stopping"

    width: 1080
    height: 720
    minimumWidth: 640
    minimumHeight: 460
    title: isUp ? `${running.network} – server` : "Hubbub server"
    color: Theme.ground
    palette { window: Theme.ground; windowText: Theme.text; base: Theme.raised; text: Theme.text; highlight: Theme.accent; highlightedText: Theme.overAccent; toolTipBase: Theme.raised; toolTipText: Theme.text }

    function show_part(name) {
        part = name
        running.show_part(name)
    }
    function act(title, words, yes, isGrave, hasTime, then, hint, text) { deed.ask(title, words, yes, isGrave, hasTime, then, hint, text) }
    function toastSay(words) { toast.say(words, true) }

    onClosing: close => {
        if (isUp && !isDecided) {
            close.accepted = false
            leaving.open()
        } else {
            isDecided = false
            close.accepted = memory.closing()
        }
    }
    onVisibleChanged: visible ? running.begin() : running.pause()
    Component.onCompleted: {
        Theme.dark = Qt.binding(() => desk.dark)
        memory.place(window)
        visible = true
    }

    Connections {
        target: window.running
        function onAnswered(words, isDone) { toast.say(words, isDone) }
    }

    // The pages

    Rectangle {
        id: side
        width: 210
        height: parent.height
        color: Theme.side
        Row {
            id: brand
            x: 16
            y: 18
            spacing: 10
            Image { source: "image://hubbub/sign"; sourceSize: Qt.size(32, 32); Accessible.ignored: true }
            Column {
                width: 140
                Words { width: parent.width; text: window.isUp ? window.running.network : "Server"; font.weight: Font.Bold; elide: Text.ElideRight; wrapMode: Text.NoWrap }
                Row {
                    spacing: 6
                    Rectangle {
                        anchors.verticalCenter: parent.verticalCenter
                        width: 9
                        height: 9
                        radius: 5
                        color: window.running.state === "running" ? Theme.good : window.running.state === "stopped" ? Theme.strongLine : Theme.mentionLine
                    }
                    Words {
                        objectName: "state"
                        text: ({ stopped: "stopped", starting: "starting…", running: "running", stopping: "stopping…" })[window.running.state]
                        color: Theme.soft
                        font.pixelSize: Theme.small
                    }
                }
            }
        }
        Column {
            anchors { top: brand.bottom; topMargin: 18; left: parent.left; right: parent.right; leftMargin: 8; rightMargin: 8 }
            spacing: 2
            Repeater {
                model: [
                    { key: "overview", sign: "server", words: "Overview" },
                    { key: "people", sign: "people", words: "Online" },
                    { key: "requests", sign: "inbox", words: "Requests" },
                    { key: "rooms", sign: "hash", words: "Rooms" },
                    { key: "bans", sign: "close", words: "Bans" },
                    { key: "log", sign: "list", words: "Log" },
                    { key: "settings", sign: "gear", words: "Settings" },
                ]
                AbstractButton {
                    id: entry
                    required property var modelData
                    required property int index
                    readonly property bool isHere: window.part === modelData.key
                    readonly property int count: modelData.key === "people" ? window.running.present : modelData.key === "requests" ? window.running.waiting : 0
                    objectName: "page-" + modelData.key
                    width: parent.width
                    height: 38
                    text: modelData.words
                    Accessible.name: count > 0 ? `${text}, ${count}` : text
                    Accessible.role: Accessible.PageTab
                    Accessible.selected: isHere
                    onClicked: window.show_part(modelData.key)
                    background: Rectangle {
                        radius: 8
                        color: entry.isHere ? Theme.accentGround : entry.hovered ? Theme.hover : "transparent"
                        border.width: entry.visualFocus ? 2 : 0
                        border.color: Theme.accent
                    }
                    contentItem: Item {
                        Icon { x: 10; anchors.verticalCenter: parent.verticalCenter; name: entry.modelData.sign; size: 18; color: entry.isHere ? Theme.accent : Theme.soft }
                        Text { x: 38; anchors.verticalCenter: parent.verticalCenter; text: entry.text; color: Theme.text; font.pixelSize: Theme.normal; font.weight: entry.isHere ? Font.DemiBold : Font.Normal }
                        Rectangle {
                            visible: entry.count > 0
                            anchors { right: parent.right; rightMargin: 8; verticalCenter: parent.verticalCenter }
                            width: Math.max(number.width + 12, 20)
                            height: 20
                            radius: 10
                            color: entry.modelData.key === "requests" ? Theme.danger : Theme.strongLine
                            Text { id: number; anchors.centerIn: parent; text: entry.count; color: Theme.ground; font.pixelSize: Theme.small; font.weight: Font.DemiBold }
                        }
                    }
                    Shortcut { sequence: "Ctrl+" + (entry.index + 1); onActivated: window.show_part(entry.modelData.key) }
                }
            }
        }
        Column {
            anchors { left: parent.left; right: parent.right; bottom: parent.bottom; margins: 12 }
            spacing: 8
            Push {
                objectName: "start"
                width: parent.width
                visible: window.running.state === "stopped" || window.running.state === "starting"
                enabled: window.running.state === "stopped"
                sign: "play"
                text: "Start"
                isMain: true
                onClicked: window.running.start()
            }
            Push {
                objectName: "stop"
                width: parent.width
                visible: window.isUp
                enabled: window.running.state === "running"
                sign: "stop"
                text: "Stop"
                onClicked: window.act("Stop the server?", window.running.present > 0 ? `${window.running.present} connections end. What was said is kept.` : "All messages are kept.", "Stop", true, false, () => window.running.stop())
            }
            Push {
                width: parent.width
                sign: "send"
                text: "Open the chat"
                visible: window.running.state === "running"
                onClicked: window.desk.open_chat_at(window.running.port)
            }
        }
        Rectangle { anchors.right: parent.right; width: 1; height: parent.height; color: Theme.line }
    }

    Loader {
        id: page
        anchors { left: side.right; right: parent.right; top: parent.top; bottom: parent.bottom }
        source: ({ overview: "ServerOverview.qml", people: "ServerPeople.qml", requests: "ServerRequests.qml", rooms: "ServerRooms.qml", bans: "ServerBans.qml", log: "ServerLog.qml", settings: "ServerSettings.qml" })[window.part]
        onLoaded: {
            item.running = Qt.binding(() => window.running)
            item.host = window
        }
    }

    // What came of something

    Rectangle {
        id: toast
        objectName: "toast"
        property bool isDone: true
        function say(words, isDone) {
            toast.isDone = isDone
            said.text = words
            visible = words !== ""
            if (isDone) away.restart()
            else away.stop()
        }
        visible: false
        anchors { bottom: parent.bottom; bottomMargin: 20; horizontalCenter: page.horizontalCenter }
        width: Math.min(said.implicitWidth + 76, page.width - 40)
        height: said.height + 24
        radius: 12
        color: isDone ? Theme.text : Theme.dangerGround
        Accessible.role: Accessible.AlertMessage
        Accessible.name: said.text
        Words {
            id: said
            objectName: "said"
            x: 18
            y: 12
            width: parent.width - 70
            color: toast.isDone ? Theme.ground : Theme.danger
        }
        IconButton { anchors { right: parent.right; rightMargin: 8; verticalCenter: parent.verticalCenter } sign: "close"; ink: said.color; size: 16; words: "Remove"; onClicked: toast.visible = false }
        Timer { id: away; interval: 6000; onTriggered: toast.visible = false }
    }

    // Questions

    Deed { id: deed; objectName: "deed" }

    Sheet {
        id: leaving
        objectName: "leaving"
        title: "Keep the server running?"
        contentItem: Column {
            spacing: 14
            Words { width: parent.width; text: leaving.title; font.pixelSize: Theme.large; font.weight: Font.DemiBold }
            Words { width: parent.width; color: Theme.soft; text: "The server does not need this window. To manage it again, open the window." }
            Row {
                anchors.right: parent.right
                spacing: 10
                topPadding: 6
                Push { text: "Cancel"; onClicked: leaving.close() }
                Push {
                    objectName: "stopAndClose"
                    text: "Stop"
                    isGrave: true
                    onClicked: { window.running.stop(); window.isDecided = true; leaving.close(); window.close() }
                }
                Push {
                    objectName: "keepRunning"
                    text: "Keep it running"
                    isMain: true
                    onClicked: { window.isDecided = true; leaving.close(); window.close() }
                }
            }
        }
    }
    Shortcut { sequences: ["Ctrl+W", "Ctrl+Q"]; onActivated: window.close() }
}
