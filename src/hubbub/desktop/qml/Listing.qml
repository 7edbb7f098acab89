import QtQuick
import QtQuick.Controls.Basic

// Rows of columns; what can be done with a row is in its menu.
Item {
    id: grid

    property var rows
    property var heads: []
    property var shares: []
    property string empty
    property string name
    property Choices menu: null
    property alias list: list

    Rectangle { anchors.fill: parent; radius: 12; color: Theme.raised; border.color: Theme.line }
    Row {
        id: titles
        x: 14
        height: 38
        visible: list.count > 0
        Repeater {
            model: grid.heads
            Words {
                required property var modelData
                required property int index
                width: (grid.width - 62) * grid.shares[index]
                anchors.verticalCenter: parent.verticalCenter
                text: modelData
                color: Theme.soft
                font.pixelSize: Theme.small
                font.weight: Font.DemiBold
                elide: Text.ElideRight
                wrapMode: Text.NoWrap
            }
        }
    }
    ListView {
        id: list
        objectName: "grid"
        anchors { top: titles.bottom; left: parent.left; right: parent.right; bottom: parent.bottom; margins: 4; topMargin: 0 }
        clip: true
        model: grid.rows
        activeFocusOnTab: true
        keyNavigationEnabled: true
        boundsBehavior: Flickable.StopAtBounds
        ScrollBar.vertical: Scroller {}
        Accessible.role: Accessible.Table
        Accessible.name: grid.name
        Keys.onReturnPressed: if (currentItem) currentItem.openMenu()
        Keys.onMenuPressed: if (currentItem) currentItem.openMenu()
        delegate: ItemDelegate {
            id: row
            required property int index
            required property string key
            required property var cells
            function openMenu() {
                if (!grid.menu) return
                grid.menu.row = cells
                grid.menu.popup(more, -160, more.height)
            }
            width: list.width
            height: 42
            padding: 0
            Accessible.name: cells.filter(cell => cell !== "").join(", ")
            Accessible.role: Accessible.Row
            onClicked: { list.currentIndex = index; openMenu() }
            TapHandler { acceptedButtons: Qt.RightButton; onTapped: { list.currentIndex = row.index; row.openMenu() } }
            background: Rectangle {
                radius: 8
                color: row.hovered ? Theme.hover : "transparent"
                border.width: list.activeFocus && row.ListView.isCurrentItem ? 2 : 0
                border.color: Theme.accent
                Rectangle { width: parent.width - 20; x: 10; height: 1; color: Theme.line; opacity: 0.6 }
            }
            contentItem: Item {
                Row {
                    x: 10
                    height: parent.height
                    Repeater {
                        model: row.cells
                        Words {
                            required property var modelData
                            required property int index
                            visible: index < grid.shares.length
                            width: (grid.width - 62) * (grid.shares[index] || 0)
                            rightPadding: 8
                            anchors.verticalCenter: parent.verticalCenter
                            text: modelData
                            font.weight: index === 0 ? Font.DemiBold : Font.Normal
                            elide: Text.ElideRight
                            wrapMode: Text.NoWrap
                            Accessible.ignored: true
                        }
                    }
                }
                IconButton {
                    id: more
                    visible: grid.menu !== null
                    focusPolicy: Qt.NoFocus
                    anchors { right: parent.right; rightMargin: 8; verticalCenter: parent.verticalCenter }
                    sign: "more"
                    size: 18
                    words: "Actions"
                    onClicked: { list.currentIndex = row.index; row.openMenu() }
                }
            }
        }
    }
    Words { anchors.centerIn: parent; visible: list.count === 0; text: grid.empty; color: Theme.soft }
}
