import QtQuick
import QtQuick.Controls.Basic

ServerPage {
    id: page

    title: "Who is connected"
    words: "With a click on somebody, or the Enter key, you say what is to be done."

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
        MenuRow { text: "Disconnect …"; sign: "close"; onTriggered: page.host.act(`Disconnect ${menu.who}?`, "They may come back at once.", "Disconnect", false, false, reason => page.running.do("kill", [menu.who], reason), "The reason, which they are told") }
        MenuRow { text: "Suspend for a time …"; sign: "warning"; onTriggered: page.host.act(`Suspend ${menu.who}?`, "They are disconnected, and kept out for a time.", "Suspend", true, true, (reason, time) => page.running.do("kick", [menu.who, time], reason), "The reason, which they are told") }
        MenuRow { text: "Ban …"; sign: "stop"; isGrave: true; onTriggered: page.host.act(`Ban ${menu.who}?`, "They are kept out until you lift it.", "Ban", true, false, reason => page.running.do("ban", [menu.who], reason), "The reason, which they are told") }
        MenuRow { text: "Ban the address …"; sign: "stop"; isGrave: true; onTriggered: page.host.act(`Ban the address ${menu.address}?`, "Everybody who comes from there is kept out until you lift it.", "Ban", true, false, reason => page.running.do("ban ip", [menu.address], reason), "The reason, which they are told") }
        MenuRow { text: "Copy the address"; sign: "copy"; onTriggered: page.running.copy(menu.address) }
    }
}
