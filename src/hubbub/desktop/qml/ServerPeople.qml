import QtQuick
import QtQuick.Controls.Basic

ServerPage {
    id: page

    title: "Online"
    words: "To act on somebody, click the row or press Enter."

    Listing {
        anchors.fill: parent
        name: page.title
        rows: page.running ? page.running.people : null
        heads: ["Name", "Address", "By", "Client", "Since (UTC)", "Rooms"]
        shares: [0.15, 0.2, 0.12, 0.15, 0.2, 0.18]
        empty: page.running && page.running.state === "running" ? "Nobody is connected." : "The server is not running."
        menu: menu
    }
    Choices {
        id: menu
        objectName: "peopleMenu"
        property var row: ["", "", "", "", "", ""]
        readonly property string who: row[0]
        readonly property string address: row[1].replace(/:\d+$/, "").replace(/^\[|\]$/g, "")
        MenuRow { text: "Disconnect…"; sign: "close"; onTriggered: page.host.act(`Disconnect ${menu.who}?`, "They can reconnect at once.", "Disconnect", false, false, reason => page.running.do("kill", [menu.who], reason), "Reason (shown to the person)") }
        MenuRow { text: "Suspend…"; sign: "warning"; onTriggered: page.host.act(`Suspend ${menu.who}?`, "They are disconnected and can't sign in until the time is over.", "Suspend", true, true, (reason, time) => page.running.do("kick", [menu.who, time], reason), "Reason (shown to the person)") }
        MenuRow { text: "Ban…"; sign: "stop"; isGrave: true; onTriggered: page.host.act(`Ban ${menu.who}?`, "They are disconnected and can't sign in until you lift the ban.", "Ban", true, false, reason => page.running.do("ban", [menu.who], reason), "Reason (shown to the person)") }
        MenuRow { text: "Ban the address…"; sign: "stop"; isGrave: true; onTriggered: page.host.act(`Ban the address ${menu.address}?`, "Nobody can connect from this address until you lift the ban.", "Ban", true, false, reason => page.running.do("ban ip", [menu.address], reason), "Reason (shown to the person)") }
        MenuRow { text: "Copy address"; sign: "copy"; onTriggered: page.running.copy(menu.address) }
    }
}
