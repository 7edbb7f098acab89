import QtQuick
import QtQuick.Controls.Basic

ServerPage {
    id: page

    title: "Bans"
    words: "Suspensions and bans."

    Listing {
        anchors.fill: parent
        name: page.title
        rows: page.running ? page.running.bans : null
        heads: ["Who", "Is", "Until (UTC)", "By", "Since (UTC)", "Reason"]
        shares: [0.16, 0.12, 0.2, 0.14, 0.2, 0.18]
        empty: "There are no suspensions or bans."
        menu: menu
    }
    Choices {
        id: menu
        property var row: ["", ""]
        readonly property bool isAddress: /[.:]/.test(row[0])
        MenuRow { text: "Lift"; sign: "check"; onTriggered: page.running.do((menu.row[1] === "banned" ? "unban" : "unkick") + (menu.isAddress ? " ip" : ""), [menu.row[0]]) }
    }
}
