import QtQuick
import QtQuick.Controls.Basic

ServerPage {
    id: page

    title: "Rooms"
    tools: Push { objectName: "addRoom"; sign: "plus"; isMain: true; text: "Add a room…"; onClicked: page.host.act("Add a room", "The room is open to everybody until you change its access.", "Add", false, false, name => page.running.do("add room", [name]), "The room's name") }

    Listing {
        anchors.fill: parent
        name: page.title
        rows: page.running ? page.running.rooms : null
        heads: ["Room", "Access", "Listed", "History", "Members", "Online", "Requests"]
        shares: [0.26, 0.16, 0.11, 0.17, 0.1, 0.1, 0.1]
        empty: page.running && page.running.state === "running" ? "There are no rooms yet." : "The server is not running."
        menu: menu
    }
    Choices {
        id: menu
        property var row: [""]
        readonly property string room: row[0]
        function access(word) { page.running.do("set room", [room], `access ${word}`) }
        MenuRow { text: "Open to everybody"; checkable: true; checked: menu.row[1] === "open"; onTriggered: menu.access("open") }
        MenuRow { text: "By approval"; checkable: true; checked: menu.row[1] === "approval"; onTriggered: menu.access("approval") }
        MenuRow { text: "By invitation"; checkable: true; checked: menu.row[1] === "invitation"; onTriggered: menu.access("invitation") }
        MenuSeparator {}
        MenuRow { text: "Rename…"; sign: "edit"; onTriggered: page.host.act(`Rename ${menu.room}`, "", "Rename", false, false, name => page.running.do("rename room", [menu.room, name]), "The new name") }
        MenuRow { text: "Delete…"; sign: "trash"; isGrave: true; onTriggered: page.host.act(`Delete ${menu.room}?`, "All members are removed, and its history can't be read any more.", "Delete", true, false, () => page.running.do("delete room", [menu.room])) }
    }
}
