import QtQuick
import QtQuick.Controls.Basic

// A row of a menu, with a sign.
MenuItem {
    id: row

    property string sign: ""
    property bool isGrave: false

    height: visible ? implicitHeight : 0
    leftPadding: 12
    rightPadding: 16
    topPadding: 8
    bottomPadding: 8
    font.pixelSize: Theme.normal
    Accessible.name: text

    contentItem: Row {
        spacing: 10
        Icon {
            name: row.checkable ? (row.checked ? "check" : "") : row.sign
            width: 18
            size: 18
            color: row.isGrave ? Theme.danger : Theme.soft
            anchors.verticalCenter: parent.verticalCenter
        }
        Text {
            text: row.text
            font: row.font
            color: row.isGrave ? Theme.danger : Theme.text
            textFormat: Text.PlainText
            anchors.verticalCenter: parent.verticalCenter
        }
    }
    indicator: null
    background: Rectangle {
        radius: 8
        color: row.highlighted ? Theme.hover : "transparent"
    }
}
