import QtQuick
import QtQuick.Controls.Basic

// The chat's window: a door, and the chat behind it.
ApplicationWindow {
    id: window

    required property var desk
    required property var memory

    width: 1120
    height: 740
    minimumWidth: 420
    minimumHeight: 420
    title: desk.is_in && desk.chat ? `${desk.chat.mentions ? "(" + desk.chat.mentions + ") " : desk.chat.unread ? "• " : ""}${desk.chat.title} – Hubbub` : "Hubbub"
    color: Theme.ground
    palette { window: Theme.ground; windowText: Theme.text; base: Theme.raised; text: Theme.text; highlight: Theme.accent; highlightedText: Theme.overAccent; toolTipBase: Theme.raised; toolTipText: Theme.text }

    onActiveChanged: desk.look(active)
    onClosing: close => close.accepted = memory.closing()
    Component.onCompleted: {
        Theme.dark = Qt.binding(() => desk.dark)
        memory.place(window)
        visible = true
    }

    Connections {
        target: window.desk
        function onQuestioned(title, text, yes, isGrave) { question.ask(title, text, yes, isGrave) }
        function onTold(title, text) { trouble.tell(title, text) }
    }
    Question {
        id: trouble
        objectName: "trouble"
        onAnswered: if (stage.item && stage.item.look) stage.item.look()
    }

    Question {
        id: question
        objectName: "question"
        onAnswered: yes => window.desk.answer(yes)
    }

    Loader {
        id: stage
        anchors.fill: parent
        focus: true
        sourceComponent: window.desk.is_in && window.desk.chat ? chatPage : door
    }
    Component {
        id: door
        Door { desk: window.desk }
    }
    Component {
        id: chatPage
        ChatPage { desk: window.desk; chat: window.desk.chat }
    }
    Shortcut {
        sequences: ["Ctrl+Q"]
        onActivated: window.desk.leave()
    }
}
