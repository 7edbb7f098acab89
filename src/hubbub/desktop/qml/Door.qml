import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts

// The first screen: which server, and as whom.
Rectangle {
    id: door

    required property var desk

    color: Theme.side
    Accessible.role: Accessible.Pane
    Accessible.name: "Sign in"

    function come(registers: bool) {
        desk.come(address.text, name.text, password.text, registers, remember.checked)
    }
    function look() {
        const fields = { address: address, name: name, password: password }
        const first = fields[desk.error_field] || (address.text === "" ? address : name.text === "" ? name : password)
        first.forceActiveFocus()
    }

    Connections {
        target: door.desk
        function onChanged() {
            const isElsewhere = address.text !== door.desk.address && !door.desk.is_busy
            if (isElsewhere) address.text = door.desk.address
            if (name.text === "" || door.desk.name !== "" && !door.desk.is_busy) name.text = door.desk.name
            if (door.desk.password !== "") password.text = door.desk.password
            if (door.desk.error_field !== "" || isElsewhere) door.look()
        }
    }
    Component.onCompleted: {
        address.text = desk.address
        name.text = desk.name
        if (places.count > 0 && desk.address === "") places.forceActiveFocus()
        else look()
    }

    Flickable {
        anchors.fill: parent
        contentHeight: Math.max(height, card.height + 60)
        boundsBehavior: Flickable.StopAtBounds
        ScrollBar.vertical: Scroller {}

        Rectangle {
            id: card
            anchors.centerIn: parent
            width: Math.min(460, door.width - 40)
            height: column.height + 60
            radius: 18
            color: Theme.ground
            border.color: Theme.line

            ColumnLayout {
                id: column
                x: 32
                y: 30
                width: parent.width - 64
                spacing: 10

                RowLayout {
                    spacing: 14
                    Image {
                        source: "image://hubbub/sign"
                        sourceSize: Qt.size(48, 48)
                        Accessible.ignored: true
                    }
                    Column {
                        Words { text: "Hubbub"; font.pixelSize: Theme.huge; font.weight: Font.Bold }
                        Words {
                            text: door.desk.is_invited ? "You are invited. Choose a name and a password." : "Sign in to chat."
                            color: Theme.soft
                        }
                    }
                }

                ListView {
                    id: places
                    objectName: "places"
                    Layout.fillWidth: true
                    Layout.topMargin: 10
                    Layout.preferredHeight: Math.min(contentHeight, 176)
                    visible: count > 0 && !door.desk.is_invited
                    clip: true
                    model: door.desk.places
                    spacing: 4
                    keyNavigationEnabled: true
                    activeFocusOnTab: true
                    boundsBehavior: Flickable.StopAtBounds
                    ScrollBar.vertical: Scroller {}
                    Accessible.role: Accessible.List
                    Accessible.name: "Recent servers"
                    Keys.onReturnPressed: if (currentItem) currentItem.clicked()
                    Keys.onDeletePressed: if (currentItem) door.desk.forget_place(currentItem.key)

                    delegate: ItemDelegate {
                        id: place
                        required property string key
                        required property string name
                        required property string address
                        required property bool isGuest
                        required property int index
                        width: places.width
                        padding: 8
                        Accessible.name: `${name} at ${address}${isGuest ? ", a guest" : ""}`
                        onClicked: door.desk.choose_place(key)
                        background: Rectangle {
                            radius: Theme.radius
                            color: place.hovered ? Theme.hover : Theme.side
                            border.width: places.activeFocus && place.ListView.isCurrentItem ? 2 : 0
                            border.color: Theme.accent
                        }
                        contentItem: RowLayout {
                            spacing: 10
                            Avatar { name: place.name; size: 32 }
                            Column {
                                Layout.fillWidth: true
                                Words { width: parent.width; text: place.name; elide: Text.ElideRight; wrapMode: Text.NoWrap; font.weight: Font.DemiBold }
                                Words { width: parent.width; text: place.address + (place.isGuest ? " · a guest" : ""); elide: Text.ElideRight; wrapMode: Text.NoWrap; color: Theme.soft; font.pixelSize: Theme.small }
                            }
                            IconButton {
                                sign: "close"
                                size: 16
                                words: "Forget this server"
                                onClicked: door.desk.forget_place(place.key)
                            }
                        }
                    }
                }

                Words { Layout.topMargin: 8; text: "Server"; font.weight: Font.DemiBold }
                Field {
                    id: address
                    objectName: "address"
                    Layout.fillWidth: true
                    placeholderText: "chat.example.org or 192.168.1.5:12345"
                    isWrong: door.desk.error_field === "address"
                    Accessible.name: "Server"
                    onAccepted: name.forceActiveFocus()
                }
                Words { text: "Name"; font.weight: Font.DemiBold }
                Field {
                    id: name
                    objectName: "name"
                    Layout.fillWidth: true
                    placeholderText: "Your nickname"
                    isWrong: door.desk.error_field === "name"
                    Accessible.name: "Name"
                    onAccepted: password.forceActiveFocus()
                }
                Words { text: "Password"; font.weight: Font.DemiBold }
                Field {
                    id: password
                    objectName: "password"
                    Layout.fillWidth: true
                    placeholderText: "Empty: join as a guest"
                    echoMode: TextInput.Password
                    isWrong: door.desk.error_field === "password"
                    Accessible.name: "Password; leave it empty to join as a guest"
                    onAccepted: door.come(door.desk.is_invited)
                }
                CheckBox {
                    id: remember
                    objectName: "remember"
                    checked: true
                    text: "Remember me on this computer"
                    font.pixelSize: Theme.normal
                    padding: 4
                    Accessible.name: text
                    indicator: Rectangle {
                        x: 4
                        anchors.verticalCenter: parent.verticalCenter
                        width: 20
                        height: 20
                        radius: 6
                        color: remember.checked ? Theme.accent : Theme.raised
                        border.width: remember.visualFocus ? 2 : 1
                        border.color: remember.visualFocus ? Theme.text : Theme.strongLine
                        Icon { anchors.centerIn: parent; name: "check"; size: 16; color: Theme.overAccent; visible: remember.checked }
                    }
                    contentItem: Text { leftPadding: 30; text: remember.text; color: Theme.text; font: remember.font; verticalAlignment: Text.AlignVCenter }
                }
                Rectangle {
                    objectName: "error"
                    Layout.fillWidth: true
                    visible: door.desk.error !== ""
                    implicitHeight: wrong.height + 20
                    radius: Theme.radius
                    color: Theme.dangerGround
                    Accessible.role: Accessible.AlertMessage
                    Accessible.name: door.desk.error
                    Words {
                        id: wrong
                        x: 12
                        y: 10
                        width: parent.width - 24
                        text: door.desk.error
                        color: Theme.danger
                    }
                }
                RowLayout {
                    Layout.topMargin: 6
                    spacing: 10
                    Push {
                        objectName: "come"
                        text: door.desk.is_busy ? "Connecting…" : "Sign in"
                        isMain: !door.desk.is_invited
                        enabled: !door.desk.is_busy
                        onClicked: door.come(false)
                    }
                    Push {
                        objectName: "register"
                        text: "Create an account"
                        isMain: door.desk.is_invited
                        visible: !door.desk.is_busy
                        onClicked: door.come(true)
                    }
                    Push {
                        text: "Stop"
                        visible: door.desk.is_busy
                        onClicked: door.desk.give_up()
                    }
                }
                Words {
                    Layout.topMargin: 10
                    Layout.fillWidth: true
                    horizontalAlignment: Text.AlignHCenter
                    textFormat: Text.StyledText
                    text: "No server yet? <a href='server'>Run one on this computer.</a>"
                    linkColor: Theme.accent
                    color: Theme.soft
                    onLinkActivated: door.desk.want_server()
                    activeFocusOnTab: true
                    Accessible.role: Accessible.Link
                    Accessible.name: "Run a server on this computer"
                    Keys.onReturnPressed: door.desk.want_server()
                    HoverHandler { cursorShape: parent.hoveredLink ? Qt.PointingHandCursor : Qt.ArrowCursor }
                }
            }
        }
    }
}
