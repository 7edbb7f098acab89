import QtQuick
import QtQuick.Controls.Basic

// A picture that was pasted, as it will be sent, and the words with it.
Sheet {
    id: pasted

    property string place
    signal accepted(string caption)

    function show(address: string) {
        picture.source = address
        caption.text = ""
        open()
        caption.forceActiveFocus()
    }
    function send() {
        const words = caption.text
        close()
        accepted(words)
    }

    contentItem: Column {
        spacing: 14
        Words { width: parent.width; text: `Send this picture to ${pasted.place}?`; textFormat: Text.PlainText; font.pixelSize: Theme.large; font.weight: Font.DemiBold }
        Image {
            id: picture
            objectName: "picture"
            width: parent.width
            height: 260
            fillMode: Image.PreserveAspectFit
            asynchronous: false
            cache: false
            Accessible.role: Accessible.Graphic
            Accessible.name: "Picture to send"
        }
        Field {
            id: caption
            objectName: "caption"
            width: parent.width
            placeholderText: "Caption (optional)"
            Accessible.name: "Caption"
            onAccepted: pasted.send()
        }
        Row {
            spacing: 10
            anchors.right: parent.right
            topPadding: 6
            Push { objectName: "no"; text: "Cancel"; onClicked: pasted.close() }
            Push { objectName: "yes"; text: "Send"; isMain: true; onClicked: pasted.send() }
        }
    }
}
