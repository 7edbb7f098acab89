pragma Singleton
import QtQuick

// Colours and sizes of all windows. Every pair of text and ground has at least 4.5:1, as WCAG 2.2 AA wants it.
QtObject {
    property bool dark: false

    readonly property color ground: dark ? "#191b25" : "#ffffff"
    readonly property color side: dark ? "#12131b" : "#f4f5fa"
    readonly property color raised: dark ? "#232634" : "#ffffff"
    readonly property color hover: dark ? "#262938" : "#eceef6"
    readonly property color line: dark ? "#2f3344" : "#dcdfea"
    readonly property color strongLine: dark ? "#767d9b" : "#8288a3"
    readonly property color text: dark ? "#e8e9f2" : "#1c1e2a"
    readonly property color soft: dark ? "#a6abc2" : "#585d73"
    readonly property color accent: dark ? "#a89dff" : "#5142cf"
    readonly property color accentGround: dark ? "#322d5e" : "#e9e6fd"
    readonly property color overAccent: dark ? "#14121f" : "#ffffff"
    readonly property color danger: dark ? "#ff8f98" : "#b3202e"
    readonly property color dangerGround: dark ? "#47202a" : "#fdeaec"
    readonly property color warn: dark ? "#f5c860" : "#7a4d00"
    readonly property color warnGround: dark ? "#423516" : "#fff3d6"
    readonly property color good: dark ? "#6ed697" : "#14733b"
    readonly property color mention: dark ? "#38301a" : "#fff4d1"
    readonly property color mentionLine: dark ? "#d9a62e" : "#b07b00"
    readonly property color bubble: dark ? "#232634" : "#f1f2f8"
    readonly property color ownBubble: dark ? "#322d5e" : "#e4e0fc"
    readonly property color chosen: dark ? "#3a3f57" : "#d9d4fb"
    readonly property color shade: dark ? "#a0000000" : "#66141630"

    readonly property int radius: 10
    readonly property int small: Math.round(Application.font.pixelSize * 0.86)
    readonly property int normal: Application.font.pixelSize
    readonly property int large: Math.round(Application.font.pixelSize * 1.2)
    readonly property int huge: Math.round(Application.font.pixelSize * 1.75)
}
