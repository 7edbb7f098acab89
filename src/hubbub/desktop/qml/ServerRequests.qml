import QtQuick
import QtQuick.Controls.Basic

ServerPage {
    id: page

    title: "Requests"
    words: "Requests to register and to join rooms."

    ListView {
        id: list
        objectName: "requests"
        anchors.fill: parent
        clip: true
        spacing: 8
        model: page.running ? page.running.requests : null
        boundsBehavior: Flickable.StopAtBounds
        ScrollBar.vertical: Scroller {}
        Accessible.role: Accessible.List
        Accessible.name: page.title
        delegate: Rectangle {
            id: row
            required property string key
            required property string kind
            required property string who
            required property string room
            required property string since
            required property string says
            width: list.width - 12
            height: 70
            radius: 12
            color: Theme.raised
            border.color: Theme.line
            Accessible.role: Accessible.ListItem
            Accessible.name: `${title.text} ${row.says}`
            Avatar { id: face; x: 14; anchors.verticalCenter: parent.verticalCenter; name: row.who }
            Column {
                anchors { left: face.right; leftMargin: 12; right: answers.left; rightMargin: 12; verticalCenter: parent.verticalCenter }
                Words { id: title; width: parent.width; text: row.kind === "account" ? `${row.who} asks for an account` : `${row.who} asks to join ${row.room}`; font.weight: Font.DemiBold; elide: Text.ElideRight; wrapMode: Text.NoWrap }
                Words { width: parent.width; text: [row.says, row.since === "" ? "" : `since ${row.since} UTC`].filter(word => word !== "").join(" · "); color: Theme.soft; elide: Text.ElideRight; wrapMode: Text.NoWrap }
            }
            Row {
                id: answers
                anchors { right: parent.right; rightMargin: 14; verticalCenter: parent.verticalCenter }
                spacing: 8
                Push {
                    visible: row.kind === "room"
                    topPadding: 6
                    bottomPadding: 6
                    text: "Deny"
                    onClicked: page.host.act(`Deny ${row.who} the room ${row.room}?`, "", "Deny", true, false, reason => page.running.do("deny pending", [row.who, row.room], reason), "Reason (shown to the person)")
                }
                Push {
                    objectName: "accept"
                    topPadding: 6
                    bottomPadding: 6
                    isMain: true
                    text: "Accept"
                    Accessible.name: `Accept: ${title.text}`
                    onClicked: row.kind === "account" ? page.running.do("accept account", [row.who]) : page.running.do("accept pending", [row.who, row.room])
                }
            }
        }
    }
    Words { anchors.centerIn: parent; visible: list.count === 0; text: "There are no requests."; color: Theme.soft }
}
