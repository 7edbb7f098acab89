import QtQuick
import QtQuick.Controls.Basic

ServerPage {
    id: page

    title: "Settings"
    words: "Changes are saved in hubbub.toml, in the server's data folder."
    tools: Field { objectName: "settingWords"; width: 260; placeholderText: "Find a setting"; padding: 7; onTextEdited: page.running.find_settings(text) }

    ListView {
        id: list
        objectName: "settings"
        anchors.fill: parent
        clip: true
        spacing: 6
        model: page.running ? page.running.settings : null
        boundsBehavior: Flickable.StopAtBounds
        ScrollBar.vertical: Scroller {}
        Accessible.role: Accessible.List
        Accessible.name: page.title
        section.property: "part"
        section.delegate: Words {
            required property string section
            text: section.charAt(0).toUpperCase() + section.slice(1)
            color: Theme.accent
            font.pixelSize: Theme.large
            font.weight: Font.DemiBold
            topPadding: 10
            bottomPadding: 6
        }
        delegate: Rectangle {
            id: row
            required property string key
            required property string value
            required property string place
            required property string help
            required property var choices
            required property bool restart
            function change() {
                if (choices.length > 0) {
                    options.key = key
                    options.value = value
                    options.choices = choices
                    options.popup(edit, 0, edit.height)
                } else page.host.act(key, help, "Save", false, false, text => page.running.set_setting(key, text), "The new value", value === "********" ? "" : value)
            }
            width: list.width - 12
            height: explained.height + 24
            radius: 12
            color: Theme.raised
            border.color: Theme.line
            Accessible.role: Accessible.ListItem
            Accessible.name: `${key}: ${value}. ${help}`
            Column {
                id: explained
                x: 14
                y: 12
                width: parent.width * 0.58
                spacing: 2
                Words { width: parent.width; text: row.key; font.weight: Font.DemiBold; Accessible.ignored: true }
                Words { width: parent.width; text: row.help + (row.restart ? " This requires a restart." : ""); color: Theme.soft; font.pixelSize: Theme.small; Accessible.ignored: true }
            }
            Column {
                anchors { left: explained.right; leftMargin: 12; right: edit.left; rightMargin: 10; verticalCenter: parent.verticalCenter }
                Words { width: parent.width; horizontalAlignment: Text.AlignRight; text: row.value === "" ? "(empty)" : row.value; elide: Text.ElideRight; wrapMode: Text.NoWrap; Accessible.ignored: true }
                Words { width: parent.width; horizontalAlignment: Text.AlignRight; text: row.place; color: Theme.soft; font.pixelSize: Theme.small; elide: Text.ElideMiddle; wrapMode: Text.NoWrap; Accessible.ignored: true }
            }
            IconButton {
                id: edit
                anchors { right: parent.right; rightMargin: 10; verticalCenter: parent.verticalCenter }
                sign: "edit"
                size: 18
                words: `Change ${row.key}`
                onClicked: row.change()
            }
        }
    }
    Choices {
        id: options
        property string key
        property string value
        property var choices: []
        Instantiator {
            model: options.choices
            delegate: MenuRow {
                required property var modelData
                text: modelData === "true" ? "yes" : modelData === "false" ? "no" : modelData
                checkable: true
                checked: modelData === options.value
                onTriggered: page.running.set_setting(options.key, modelData)
            }
            onObjectAdded: (index, object) => options.insertItem(index, object)
            onObjectRemoved: (index, object) => options.removeItem(object)
        }
    }
    Words { anchors.centerIn: parent; visible: list.count === 0; text: page.running && page.running.state === "running" ? "No matches." : "The server is not running."; color: Theme.soft }
}
