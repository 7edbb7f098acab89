import QtQuick

// A sign drawn in strokes on a square of 24.
Image {
    id: icon

    property string name
    property color color: Theme.soft
    property int size: 20

    readonly property var paths: ({
        hash: "M9 4 7 20M17 4l-2 16M4 9h16M3.500 15h16",
        plus: "M12 5v14M5 12h14",
        search: "M10.500 4a6.500 6.500 0 1 1 0 13 6.500 6.500 0 0 1 0-13zM20 20l-4.700-4.700",
        people: "M9 5a3.500 3.500 0 1 1 0 7 3.500 3.500 0 0 1 0-7zM2.500 20c0-3.600 2.900-5.500 6.500-5.500s6.500 1.900 6.500 5.500M15.500 5.300a3.300 3.300 0 0 1 0 6.400M18 14.800c2.200.7 3.500 2.500 3.500 5.200",
        send: "M4 12 20 4l-5 16-3.500-6.500zM11.500 13.500 20 4",
        smile: "M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18zM8.200 14.200c1.900 3.300 5.700 3.300 7.600 0M9 9.300v.1M15 9.300v.1",
        clip: "M19.500 11.500 12 19a4.600 4.600 0 0 1-6.500-6.500l8-8a3.100 3.100 0 0 1 4.400 4.400l-7.700 7.700a1.600 1.600 0 0 1-2.200-2.300l6.700-6.700",
        reply: "M10 6 4 12l6 6M4.500 12H14c3.600 0 6 2.200 6 6",
        edit: "M4 20l1-4.500L16 4.500l3.500 3.500L8.500 19zM13.500 7l3.500 3.500",
        trash: "M5 7h14M10 7V4.500h4V7M7 7l.8 12.500h8.400L17 7M10.300 11v5M13.700 11v5",
        more: "M5.500 12v.1M12 12v.1M18.500 12v.1",
        close: "M6 6l12 12M18 6 6 18",
        menu: "M4 7h16M4 12h16M4 17h16",
        down: "M5 9.500l7 7 7-7",
        server: "M4 4h16v6.500H4zM4 13.500h16V20H4zM7.500 7.200v.1M7.500 16.700v.1",
        play: "M7 4.500v15l12-7.500z",
        stop: "M6 6h12v12H6z",
        gear: "M12 8.800a3.200 3.200 0 1 1 0 6.400 3.200 3.200 0 0 1 0-6.400zM12 2.500v3M12 18.500v3M2.500 12h3M18.500 12h3M5.300 5.300l2.100 2.100M16.600 16.600l2.100 2.100M5.300 18.700l2.100-2.100M16.600 7.400l2.100-2.100",
        list: "M8 6h12M8 12h12M8 18h12M4 6v.1M4 12v.1M4 18v.1",
        inbox: "M4 13l3-8h10l3 8v6H4zM4 13h5l1.500 2.500h3L15 13h5",
        copy: "M9 9h11v11H9zM15 9V4H4v11h5",
        warning: "M12 4 2.800 20h18.400zM12 10v4.500M12 17.200v.1",
        leave: "M14 5H5v14h9M11 12h9.500M17 8.500l3.500 3.500-3.500 3.500",
        at: "M12 8.300a3.700 3.700 0 1 1 0 7.400 3.700 3.700 0 0 1 0-7.400zM15.700 8.500v5c0 3 4.300 2.300 4.300-1.500a8 8 0 1 0-3.200 6.400",
        check: "M5 12.500l4.500 4.500L19 7.500",
        save: "M12 4v11M7.500 11l4.500 4.500 4.500-4.500M4 19.500h16"
    })

    // As many points as the screen has.
    sourceSize: Qt.size(Math.round(size * Screen.devicePixelRatio), Math.round(size * Screen.devicePixelRatio))
    width: size
    height: size
    Accessible.ignored: true
    source: name === "" ? "" : "data:image/svg+xml;utf8," + encodeURIComponent(
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24' fill='none' stroke='" + color
        + "' stroke-width='1.8' stroke-linecap='round' stroke-linejoin='round'><path d='" + paths[name] + "'/></svg>")
}
