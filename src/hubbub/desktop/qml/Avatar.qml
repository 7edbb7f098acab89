import QtQuick

// Somebody's first letter, in their colour.
Rectangle {
    id: avatar

    property string name
    property color ink: Theme.accent
    property int size: 34

    width: size
    height: size
    radius: size / 2
    color: Qt.alpha(ink, Theme.dark ? 0.22 : 0.16)
    Accessible.ignored: true

    Text {
        anchors.centerIn: parent
        text: avatar.name.replace(/^[^\p{L}\p{N}]+/u, "").charAt(0).toUpperCase() || "?"
        color: avatar.ink
        font.pixelSize: Math.round(avatar.size * 0.45)
        font.weight: Font.DemiBold
        textFormat: Text.PlainText
    }
}
