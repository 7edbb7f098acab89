import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Dialogs

// How the server is, and how others get there.
ServerPage {
    id: page

    title: "Overview"

    FolderDialog { id: folder; title: "Choose the server's data folder"; onAccepted: page.running.choose_data(selectedFolder) }

    Flickable {
        anchors.fill: parent
        contentHeight: column.height + 20
        clip: true
        boundsBehavior: Flickable.StopAtBounds
        ScrollBar.vertical: Scroller {}

        Column {
            id: column
            width: parent.width - 12
            spacing: 14

            Rectangle {
                objectName: "startError"
                visible: page.running && page.running.error !== ""
                width: parent.width
                height: visible ? wrong.height + 28 : 0
                radius: 12
                color: Theme.dangerGround
                Accessible.role: Accessible.AlertMessage
                Accessible.name: wrong.text
                Words { id: wrong; x: 16; y: 14; width: parent.width - 32; text: page.running ? page.running.error : ""; color: Theme.danger }
            }

            // Before it runs

            Rectangle {
                visible: page.running && (page.running.state === "stopped" || page.running.state === "starting")
                width: parent.width
                height: visible ? before.height + 44 : 0
                radius: 14
                color: Theme.raised
                border.color: Theme.line
                Column {
                    id: before
                    x: 22
                    y: 22
                    width: parent.width - 44
                    spacing: 12
                    Words { text: "Run a chat server on this computer"; font.pixelSize: Theme.large; font.weight: Font.DemiBold }
                    Words { width: parent.width; color: Theme.soft; text: "A chat for your school, company or club. All messages stay on this computer. No configuration is needed." }
                    Row {
                        spacing: 8
                        Words { anchors.verticalCenter: parent.verticalCenter; text: "Who can connect:" }
                        Push { objectName: "forMe"; topPadding: 6; bottomPadding: 6; text: "Only this computer"; isMain: !page.running || !page.running.wants_others; Accessible.checked: isMain; onClicked: page.running.want_others(false) }
                        Push { objectName: "forOthers"; topPadding: 6; bottomPadding: 6; text: "Everybody on this network"; isMain: page.running && page.running.wants_others; Accessible.checked: isMain; onClicked: page.running.want_others(true) }
                    }
                    Row {
                        spacing: 8
                        Words { anchors.verticalCenter: parent.verticalCenter; text: `Data: ${page.running ? page.running.data : ""}`; color: Theme.soft; elide: Text.ElideMiddle; wrapMode: Text.NoWrap; width: Math.min(implicitWidth, before.width - 190) }
                        Push { topPadding: 6; bottomPadding: 6; text: "Another folder…"; onClicked: folder.open() }
                    }
                    Push {
                        objectName: "startHere"
                        sign: "play"
                        isMain: true
                        enabled: page.running && page.running.state === "stopped"
                        text: page.running && page.running.state === "starting" ? "Starting…" : "Start the server"
                        onClicked: page.running.start()
                    }
                }
            }

            // Its first administrator

            Rectangle {
                visible: page.running && page.running.first !== ""
                width: parent.width
                height: visible ? first.height + 36 : 0
                radius: 14
                color: Theme.accentGround
                Row {
                    id: first
                    x: 20
                    y: 18
                    width: parent.width - 40
                    spacing: 16
                    Words { width: parent.width - become.width - 16; anchors.verticalCenter: parent.verticalCenter; text: "This server has no administrator yet. Become its administrator and name the server." }
                    Push { id: become; isMain: true; text: "Become administrator"; onClicked: page.running.open(page.running.first) }
                }
            }

            // How to get there

            Rectangle {
                visible: page.running && (page.running.state === "running" || page.running.state === "stopping")
                width: parent.width
                height: visible ? Math.max(ways.height, code.visible ? code.height + 30 : 0) + 44 : 0
                radius: 14
                color: Theme.raised
                border.color: Theme.line
                Column {
                    id: ways
                    x: 22
                    y: 22
                    width: parent.width - 44 - (code.visible ? code.width + 24 : 0)
                    spacing: 8
                    Words { text: page.running && page.running.for_others ? "Give these addresses to others" : "Only this computer can connect"; font.pixelSize: Theme.large; font.weight: Font.DemiBold }
                    Repeater {
                        model: page.running ? page.running.addresses : null
                        Item {
                            id: way
                            required property string key
                            required property string label
                            required property string hint
                            width: ways.width
                            height: 46
                            Column {
                                anchors.verticalCenter: parent.verticalCenter
                                width: parent.width - 50
                                Text { width: parent.width; text: way.label; elide: Text.ElideRight; textFormat: Text.PlainText; color: Theme.text; font.family: "monospace"; font.pixelSize: Theme.normal; font.weight: Font.DemiBold }
                                Words { width: parent.width; text: way.hint; color: Theme.soft; font.pixelSize: Theme.small; elide: Text.ElideRight; wrapMode: Text.NoWrap }
                            }
                            IconButton { anchors { right: parent.right; verticalCenter: parent.verticalCenter } sign: "copy"; words: `Copy ${way.label}`; onClicked: { page.running.copy(way.key); page.host.toastSay("Copied.") } }
                        }
                    }
                    Push {
                        visible: page.running && !page.running.for_others
                        topPadding: 6
                        bottomPadding: 6
                        text: "Allow others…"
                        onClicked: page.host.act("Allow everybody on this network to connect?", "This restarts the server. Everybody online reconnects automatically.", "Allow", false, false, () => { page.running.want_others(true); page.running.restart() })
                    }
                }
                Column {
                    id: code
                    visible: page.running && page.running.code !== ""
                    anchors { right: parent.right; rightMargin: 22 }
                    y: 22
                    spacing: 6
                    Image { objectName: "code"; width: 168; height: 168; sourceSize: Qt.size(336, 336); source: page.running ? page.running.code : ""; Accessible.role: Accessible.Graphic; Accessible.name: "QR code of the address" }
                    Words { width: 168; horizontalAlignment: Text.AlignHCenter; text: "Scan with a phone"; color: Theme.soft; font.pixelSize: Theme.small }
                }
            }

            // How it is

            Rectangle {
                visible: page.running && page.running.state === "running"
                width: parent.width
                height: visible ? figures.height + 44 : 0
                radius: 14
                color: Theme.raised
                border.color: Theme.line
                Column {
                    id: figures
                    x: 22
                    y: 22
                    width: parent.width - 44
                    spacing: 12
                    Item {
                        width: parent.width
                        height: save.height
                        Words { anchors.verticalCenter: parent.verticalCenter; text: "Status"; font.pixelSize: Theme.large; font.weight: Font.DemiBold }
                        Row {
                            anchors.right: parent.right
                            spacing: 8
                            Push { topPadding: 6; bottomPadding: 6; text: "Announce…"; onClicked: page.host.act("Send an announcement to everybody online", "", "Send", false, false, text => page.running.do("announce", [], text), "Announcement") }
                            Push { id: save; objectName: "backUp"; topPadding: 6; bottomPadding: 6; sign: "save"; text: "Back up now"; onClicked: page.running.back_up() }
                        }
                    }
                    Flow {
                        width: parent.width
                        spacing: 10
                        Repeater {
                            model: page.running ? page.running.status : null
                            Rectangle {
                                id: figure
                                required property string key
                                required property string value
                                width: Math.max((figures.width - 30) / 4, 150)
                                height: 62
                                radius: 10
                                color: Theme.side
                                Accessible.role: Accessible.StaticText
                                Accessible.name: `${key}: ${value}`
                                Column {
                                    anchors.verticalCenter: parent.verticalCenter
                                    x: 12
                                    width: parent.width - 20
                                    Words { width: parent.width; text: figure.value; font.pixelSize: Theme.large; font.weight: Font.DemiBold; elide: Text.ElideRight; wrapMode: Text.NoWrap; Accessible.ignored: true }
                                    Words { width: parent.width; text: figure.key; color: Theme.soft; font.pixelSize: Theme.small; elide: Text.ElideRight; wrapMode: Text.NoWrap; Accessible.ignored: true }
                                }
                            }
                        }
                    }
                    Words { width: parent.width; color: Theme.soft; font.pixelSize: Theme.small; text: page.running ? `Data: ${page.running.data}` : "" }
                    TextEdit {
                        width: parent.width
                        readOnly: true
                        selectByMouse: true
                        wrapMode: TextEdit.WrapAnywhere
                        color: Theme.soft
                        selectionColor: Theme.accent
                        selectedTextColor: Theme.overAccent
                        font.pixelSize: Theme.small
                        text: page.running ? `Certificate, SHA-256: ${page.running.fingerprint}` : ""
                    }
                }
            }
        }
    }
}
