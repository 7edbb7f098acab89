import QtQuick

// Text that is no one's message.
Text {
    color: Theme.text
    font.pixelSize: Theme.normal
    textFormat: Text.PlainText
    wrapMode: Text.Wrap
    Accessible.role: Accessible.StaticText
    Accessible.name: text
}
