import QtQuick
import QtQuick.Controls.Basic

// One line to write in, and what fits it below.
Sheet {
    id: picker

    property string hint
    property string note
    property var rows
    property Component line
    property alias text: field.text
    property alias list: list
    signal written(string text)
    signal chosen(int row, string key)

    anchors.centerIn: undefined
    x: parent ? (parent.width - width) / 2 : 0
    y: 70
    padding: 12
    height: column.height + 24
    onOpened: {
        field.text = ""
        written("")
        field.forceActiveFocus()
    }

    function take() {
        const row = list.currentIndex, key = rows.get(row, "key")
        if (key) {
            close()
            chosen(row, key)
        }
    }

    contentItem: Item {
        Column {
            id: column
            width: parent.width
            spacing: 8
            Field {
                id: field
                objectName: "wanted"
                width: parent.width
                placeholderText: picker.hint
                onTextEdited: { picker.written(text); list.currentIndex = list.count > 0 ? 0 : -1 }
                onAccepted: picker.take()
                Keys.onDownPressed: list.currentIndex = Math.min(list.currentIndex + 1, list.count - 1)
                Keys.onUpPressed: list.currentIndex = Math.max(list.currentIndex - 1, 0)
            }
            ListView {
                id: list
                objectName: "offered"
                width: parent.width
                height: Math.min(contentHeight, 380)
                clip: true
                model: picker.rows
                delegate: picker.line
                boundsBehavior: Flickable.StopAtBounds
                onCountChanged: currentIndex = count > 0 ? 0 : -1
                ScrollBar.vertical: Scroller {}
                Accessible.role: Accessible.List
                Accessible.name: picker.hint
            }
            Words {
                objectName: "pickerNote"
                width: parent.width
                visible: text !== ""
                text: picker.note
                color: Theme.soft
                font.pixelSize: Theme.small
            }
        }
    }
}
