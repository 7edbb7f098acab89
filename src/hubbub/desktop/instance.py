"""One desktop for one user: whoever starts it again brings the windows that are there to the front."""

import getpass
import hashlib
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

WAIT_MS: Final = 1_000
WORDS_BYTES_MAX: Final = 4_096
SERVER: Final = "--server"
"""What is said for the window that runs a server; anything else is a link, or nothing."""


class Instance(QObject):
    """The place where later starts say what they want."""

    wanted = Signal(str)

    def __init__(self, folder: Path) -> None:
        """There is one for each folder of what a client remembers."""
        super().__init__()
        whose = hashlib.sha256(f"{getpass.getuser()} {folder.absolute()}".encode()).hexdigest()
        self._name = f"hubbub-{whose[:16]}"
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._called)

    def tell(self, words: str) -> bool:
        """Tell the one that runs already; whether there is one."""
        socket = QLocalSocket()
        socket.connectToServer(self._name)
        if not socket.waitForConnected(WAIT_MS):
            return False
        socket.write(f"{words}\n".encode()[:WORDS_BYTES_MAX])
        socket.waitForBytesWritten(WAIT_MS)
        socket.disconnectFromServer()
        return True

    def begin(self) -> None:
        """Be the one that runs; what one that died has left behind is taken away."""
        QLocalServer.removeServer(self._name)
        self._server.listen(self._name)

    def _called(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.readyRead.connect(lambda socket=socket: self._heard(socket))
            socket.disconnected.connect(socket.deleteLater)

    def _heard(self, socket: QLocalSocket) -> None:
        if socket.canReadLine():
            self.wanted.emit(bytes(socket.readLine(WORDS_BYTES_MAX).data()).decode(errors="replace").strip())

    def end(self) -> None:
        self._server.close()
