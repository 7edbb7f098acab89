import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Dialogs

// Where one writes.
Column {
    id: composer

    required property var chat
    readonly property var writing: chat.writing
    property alias text: editor.text
    readonly property bool isOffering: suggestions.count > 0 && editor.activeFocus
    property alias cursor: editor.cursorPosition
    signal wantsEmoji(var where)

    function look() { editor.forceActiveFocus() }
    function chooseFiles() { files.open() }
    function wrap(mark) {
        const start = editor.selectionStart, end = editor.selectionEnd
        editor.insert(end, mark)
        editor.insert(start, mark)
        if (start === end) editor.cursorPosition = start + mark.length
        else editor.select(start + mark.length, end + mark.length)
    }

    FileDialog {
        id: files
        title: "Send files"
        fileMode: FileDialog.OpenFiles
        onAccepted: composer.chat.send_files(selectedFiles)
    }
    Connections {
        target: composer.writing
        function onPut_text(text, cursor) {
            if (editor.text !== text) editor.text = text
            editor.cursorPosition = cursor
        }
    }

    // Files on their way

    Repeater {
        model: composer.chat.sendings.rows
        Rectangle {
            id: sending
            required property int key
            required property string name
            required property real share
            required property string error
            x: 16
            width: composer.width - 32
            height: 40
            color: "transparent"
            Accessible.role: Accessible.ProgressBar
            Accessible.name: error === "" ? `Sending ${name}, ${Math.round(share * 100)} percent` : error
            Row {
                anchors.verticalCenter: parent.verticalCenter
                spacing: 10
                Icon { name: "clip"; anchors.verticalCenter: parent.verticalCenter }
                Words {
                    text: sending.error === "" ? sending.name : sending.error
                    color: sending.error === "" ? Theme.text : Theme.danger
                    elide: Text.ElideMiddle
                    wrapMode: Text.NoWrap
                    width: Math.min(implicitWidth, composer.width - 300)
                    anchors.verticalCenter: parent.verticalCenter
                }
                Rectangle {
                    visible: sending.error === ""
                    width: 160
                    height: 6
                    radius: 3
                    color: Theme.line
                    anchors.verticalCenter: parent.verticalCenter
                    Rectangle { width: parent.width * sending.share; height: parent.height; radius: 3; color: Theme.accent }
                }
                IconButton { sign: "close"; words: sending.error === "" ? "Cancel" : "Remove"; size: 16; onClicked: composer.chat.sendings.cancel(sending.key) }
            }
        }
    }

    // What the text becomes

    Rectangle {
        visible: composer.writing.about !== ""
        x: 16
        width: parent.width - 32
        height: visible ? 34 : 0
        radius: 8
        color: Theme.accentGround
        Words {
            anchors { left: parent.left; leftMargin: 12; right: parent.right; rightMargin: 40; verticalCenter: parent.verticalCenter }
            text: composer.writing.about
            elide: Text.ElideRight
            wrapMode: Text.NoWrap
            color: Theme.text
        }
        IconButton { anchors { right: parent.right; verticalCenter: parent.verticalCenter } sign: "close"; words: "Cancel (Escape)"; size: 16; onClicked: composer.writing.cancel() }
    }

    // What keeps it from being sent

    Rectangle {
        objectName: "doubt"
        visible: composer.writing.doubt !== ""
        x: 16
        width: parent.width - 32
        height: visible ? Math.max(40, why.implicitHeight + 16) : 0
        radius: 8
        color: Theme.accentGround
        Words {
            id: why
            anchors { left: parent.left; leftMargin: 12; right: asText.left; rightMargin: 12; verticalCenter: parent.verticalCenter }
            text: composer.writing.doubt
            color: Theme.text
        }
        Push {
            id: asText
            visible: composer.chat.title !== "" && composer.writing.can_be_text
            anchors { right: parent.right; rightMargin: 6; verticalCenter: parent.verticalCenter }
            text: "Send as text"
            onClicked: { composer.writing.send_as_text(editor.text); composer.look() }
        }
    }

    Item {
        width: parent.width
        height: box.height + 6

        Rectangle {
            id: box
            x: 16
            width: parent.width - 32
            height: Math.max(46, scroll.height + 10)
            radius: 14
            color: Theme.raised
            border.width: editor.activeFocus ? 2 : 1
            border.color: editor.activeFocus ? Theme.accent : Theme.strongLine

            IconButton {
                id: clip
                anchors { left: parent.left; leftMargin: 6; bottom: parent.bottom; bottomMargin: 6 }
                sign: "clip"
                words: "Send files (Ctrl+U)"
                onClicked: composer.chooseFiles()
            }
            Flickable {
                id: scroll
                anchors { left: clip.right; right: tools.left; verticalCenter: parent.verticalCenter }
                height: Math.min(editor.contentHeight + 16, 200)
                contentHeight: editor.contentHeight + 16
                clip: true
                boundsBehavior: Flickable.StopAtBounds
                ScrollBar.vertical: Scroller {}
                TextArea.flickable: TextArea {
                    id: editor
                    objectName: "editor"
                    padding: 8
                    wrapMode: TextArea.Wrap
                    textFormat: TextEdit.PlainText
                    font.pixelSize: Theme.normal
                    color: Theme.text
                    // It could be taken for markup, which a name is not.
                    placeholderText: composer.chat.title === "" ? "Message…" : `Message ${composer.chat.title.replace(/[<>&]/g, "")}…`
                    placeholderTextColor: Theme.soft
                    selectionColor: Theme.accent
                    selectedTextColor: Theme.overAccent
                    selectByMouse: true
                    persistentSelection: true
                    background: null
                    Accessible.name: "Message"
                    Accessible.description: placeholderText

                    onTextChanged: composer.writing.typed(text, cursorPosition)

                    Keys.onPressed: event => {
                        const offers = composer.isOffering
                        const isShift = event.modifiers & Qt.ShiftModifier
                        const isControl = event.modifiers & Qt.ControlModifier
                        event.accepted = true
                        if (event.key === Qt.Key_Return || event.key === Qt.Key_Enter) {
                            if (isShift) editor.insert(cursorPosition, "\n")
                            else if (offers && composer.writing.is_unfinished()) composer.writing.accept(suggestions.currentIndex)
                            else composer.writing.send(text)
                        } else if (event.key === Qt.Key_Tab && !isShift && (offers || text !== "")) {
                            if (offers) composer.writing.accept(suggestions.currentIndex)
                            else composer.writing.complete(text, cursorPosition)
                        } else if (event.key === Qt.Key_Escape && offers) composer.writing.dismiss()
                        else if (event.key === Qt.Key_Escape) composer.chat.settle()
                        else if (event.key === Qt.Key_Up && offers) suggestions.currentIndex = Math.max(suggestions.currentIndex - 1, 0)
                        else if (event.key === Qt.Key_Down && offers) suggestions.currentIndex = Math.min(suggestions.currentIndex + 1, suggestions.count - 1)
                        else if (event.key === Qt.Key_Up && isControl && !isShift) composer.writing.recall(text, -1)
                        else if (event.key === Qt.Key_Down && isControl && !isShift) composer.writing.recall(text, 1)
                        else if (event.key === Qt.Key_Up && text === "" && isShift) composer.writing.reply_last()
                        else if (event.key === Qt.Key_Up && text === "" && !event.modifiers) composer.writing.edit_last()
                        else if (event.key === Qt.Key_B && isControl) composer.wrap("**")
                        else if (event.key === Qt.Key_I && isControl) composer.wrap("*")
                        else if (event.key === Qt.Key_E && isControl) composer.wrap("`")
                        else if (event.key === Qt.Key_V && isControl && composer.chat.paste_files()) {}
                        else event.accepted = false
                    }
                }
            }
            Row {
                id: tools
                anchors { right: parent.right; rightMargin: 6; bottom: parent.bottom; bottomMargin: 6 }
                IconButton { sign: "smile"; words: "Emoji"; onClicked: composer.wantsEmoji(this) }
                IconButton { objectName: "send"; sign: "send"; words: "Send (Enter)"; isOn: editor.text.trim() !== ""; enabled: editor.text.trim() !== ""; onClicked: composer.writing.send(editor.text) }
            }
        }

        // What the word at the cursor may become

        Rectangle {
            visible: composer.isOffering
            x: 16
            anchors.bottom: box.top
            anchors.bottomMargin: 6
            width: Math.min(460, parent.width - 32)
            height: suggestions.contentHeight + 12
            radius: 12
            color: Theme.raised
            border.color: Theme.line
            ListView {
                id: suggestions
                objectName: "suggestions"
                anchors { fill: parent; margins: 6 }
                model: composer.writing.suggestions
                interactive: false
                onCountChanged: currentIndex = 0
                Accessible.role: Accessible.List
                Accessible.name: "Suggestions"
                delegate: Rectangle {
                    id: offer
                    required property string text
                    required property string hint
                    required property int index
                    width: suggestions.width
                    height: 32
                    radius: 8
                    color: ListView.isCurrentItem ? Theme.accentGround : "transparent"
                    Accessible.role: Accessible.ListItem
                    Accessible.name: `${text} ${hint}`
                    Row {
                        anchors { left: parent.left; leftMargin: 10; verticalCenter: parent.verticalCenter }
                        spacing: 10
                        Words { text: offer.text; wrapMode: Text.NoWrap; font.weight: Font.Medium }
                        Words { text: offer.hint; wrapMode: Text.NoWrap; elide: Text.ElideRight; width: Math.min(implicitWidth, suggestions.width - 140); color: Theme.soft }
                    }
                    TapHandler { onTapped: composer.writing.accept(offer.index) }
                }
            }
        }
    }
}
