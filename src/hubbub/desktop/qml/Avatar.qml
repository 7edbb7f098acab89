import QtQuick

// Somebody's first letter, in their colour.
Rectangle {
    id: avatar

    property string name
    property color ink: Theme.accent
    property int size: 34
    property string face: ""

    width: size
    height: size
    radius: size / 2
    color: face !== "" ? "transparent" : Qt.alpha(ink, Theme.dark ? 0.22 : 0.16)
    Accessible.ignored: true

    Image {
        anchors.fill: parent
        visible: avatar.face !== ""
        source: avatar.face
        sourceSize: Qt.size(96, 96)
        smooth: true
        mipmap: true
    }
    Text {
        visible: avatar.face === ""
        anchors.centerIn: parent
        text: avatar.name.replace(/^[^\p{L}\p{N}]+/u, "").charAt(0).toUpperCase() || "?"
        color: avatar.ink
        font.pixelSize: Math.round(avatar.size * 0.45)
        font.weight: Font.DemiBold
        textFormat: Text.PlainText
    }
}
