import QtQuick
import QtQuick.Controls.Basic

// What a picker offers.
ItemDelegate {
    id: row

    required property int index
    required property string key
    property string words
    property string more
    property string end

    width: ListView.view ? ListView.view.width : 0
    height: 38
    leftPadding: 12
    rightPadding: 12
    topPadding: 0
    bottomPadding: 0
    focusPolicy: Qt.NoFocus
    Accessible.name: `${words} ${more} ${end}`
    Accessible.role: Accessible.ListItem
    background: Rectangle {
        radius: 8
        color: row.ListView.isCurrentItem ? Theme.accentGround : row.hovered ? Theme.hover : "transparent"
    }
    contentItem: Row {
        spacing: 12
        Words { anchors.verticalCenter: parent.verticalCenter; text: row.words; wrapMode: Text.NoWrap; font.weight: row.end === "" ? Font.Normal : Font.DemiBold }
        Words { anchors.verticalCenter: parent.verticalCenter; text: row.more; wrapMode: Text.NoWrap; elide: Text.ElideRight; width: Math.max(Math.min(implicitWidth, row.width - 240), 0); color: Theme.soft }
        Words { anchors.verticalCenter: parent.verticalCenter; text: row.end; color: Theme.danger; font.weight: Font.DemiBold }
    }
}
