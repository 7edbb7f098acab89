import QtQuick
import QtQuick.Controls.Basic

// Something longer to read: titles with rows of two columns.
Sheet {
    id: reading

    property var parts: []

    width: Math.min(680, parent ? parent.width - 40 : 680)
    height: Math.min(640, parent ? parent.height - 60 : 640)

    contentItem: Item {
        Words {
            id: heading
            text: reading.title
            font.pixelSize: Theme.large
            font.weight: Font.DemiBold
        }
        IconButton {
            anchors.right: parent.right
            sign: "close"
            words: "Close (Escape)"
            onClicked: reading.close()
        }
        Flickable {
            id: page
            anchors { top: heading.bottom; topMargin: 14; left: parent.left; right: parent.right; bottom: parent.bottom }
            contentHeight: column.height
            clip: true
            focus: true
            boundsBehavior: Flickable.StopAtBounds
            ScrollBar.vertical: Scroller {}
            Keys.onDownPressed: contentY = Math.min(contentY + 60, Math.max(contentHeight - height, 0))
            Keys.onUpPressed: contentY = Math.max(contentY - 60, 0)
            Column {
                id: column
                width: page.width - 12
                spacing: 6
                Repeater {
                    model: reading.parts
                    Column {
                        required property var modelData
                        width: column.width
                        spacing: 5
                        bottomPadding: 10
                        Words {
                            visible: modelData.title !== ""
                            text: modelData.title
                            color: Theme.accent
                            font.weight: Font.DemiBold
                        }
                        Repeater {
                            model: modelData.rows
                            Row {
                                required property var modelData
                                width: column.width
                                spacing: 14
                                Words { width: parent.width * 0.4; text: modelData[0]; font.weight: Font.Medium }
                                Words { width: parent.width * 0.6 - 14; text: modelData[1]; color: Theme.soft }
                            }
                        }
                    }
                }
            }
        }
    }
}
