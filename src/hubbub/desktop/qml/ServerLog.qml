import QtQuick
import QtQuick.Controls.Basic

ServerPage {
    id: page

    property string level: "DEBUG"
    readonly property var inks: ({ WARNING: Theme.warn, ERROR: Theme.danger, CRITICAL: Theme.danger, DEBUG: Theme.soft })

    title: "Log"
    words: page.running && page.running.log_file !== "" ? page.running.log_file : "The server keeps no log file. To turn it on, set log.file."
    tools: [
        Field { objectName: "logWords"; width: 220; placeholderText: "Filter lines…"; padding: 7; onTextEdited: page.running.log.filter(text, page.level) ; id: wanted },
        Repeater {
            model: [["All", "DEBUG"], ["Warnings", "WARNING"], ["Errors", "ERROR"]]
            Push {
                required property var modelData
                text: modelData[0]
                topPadding: 6
                bottomPadding: 6
                isMain: page.level === modelData[1]
                Accessible.checked: isMain
                onClicked: { page.level = modelData[1]; page.running.log.filter(wanted.text, page.level) }
            }
        }
    ]

    Rectangle {
        anchors.fill: parent
        radius: 12
        color: Theme.side
        border.color: Theme.line
        ListView {
            id: list
            objectName: "log"
            property bool isFollowing: true
            anchors { fill: parent; margins: 10 }
            clip: true
            model: page.running ? page.running.log : null
            reuseItems: true
            boundsBehavior: Flickable.StopAtBounds
            activeFocusOnTab: true
            ScrollBar.vertical: Scroller {}
            Accessible.role: Accessible.List
            Accessible.name: page.title
            onMovementEnded: isFollowing = atYEnd
            onCountChanged: if (isFollowing) Qt.callLater(positionViewAtEnd)
            Keys.onPressed: event => {
                const moves = { [Qt.Key_PageUp]: -height, [Qt.Key_PageDown]: height, [Qt.Key_Up]: -40, [Qt.Key_Down]: 40 }
                if (moves[event.key] !== undefined) {
                    contentY = Math.max(originY, Math.min(contentY + moves[event.key], originY + contentHeight - height))
                    isFollowing = atYEnd
                } else if (event.key === Qt.Key_End) { isFollowing = true; positionViewAtEnd() }
                else return
                event.accepted = true
            }
            delegate: Item {
                id: line
                required property int number
                required property string time
                required property string level
                required property string words
                width: list.width - 12
                height: said.height + 4
                Accessible.role: Accessible.ListItem
                Accessible.name: `${time} ${level} ${words}`
                Text { id: when; y: 2; width: 76; text: line.time; textFormat: Text.PlainText; color: Theme.soft; font.family: "monospace"; font.pixelSize: Theme.small }
                Text { id: grade; y: 2; x: 80; width: 76; text: line.level; textFormat: Text.PlainText; color: page.inks[line.level] || Theme.accent; font.family: "monospace"; font.pixelSize: Theme.small }
                TextEdit {
                    id: said
                    x: 160
                    y: 2
                    width: parent.width - 160
                    readOnly: true
                    selectByMouse: true
                    activeFocusOnPress: false
                    wrapMode: TextEdit.WrapAtWordBoundaryOrAnywhere
                    textFormat: TextEdit.PlainText
                    text: line.words
                    color: line.level === "ERROR" || line.level === "CRITICAL" ? Theme.danger : Theme.text
                    selectionColor: Theme.accent
                    selectedTextColor: Theme.overAccent
                    font.family: "monospace"
                    font.pixelSize: Theme.small
                    Accessible.ignored: true
                }
            }
        }
        Words { anchors.centerIn: parent; visible: list.count === 0; text: "No matches."; color: Theme.soft }
    }
}
