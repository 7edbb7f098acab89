"""Textual's driver for this machine's terminal: our own parser of keys, and a question for the background."""

import codecs
import os
import selectors

from textual.drivers.linux_driver import LinuxDriver

from hubbub.terminal.key_parser import BACKGROUND_QUERY, KeyParser

_READ_BYTES = 4_096
_TICK_SECONDS = 0.05


class TerminalDriver(LinuxDriver):
    """Textual's driver for terminals of Linux, macOS and their like."""

    def start_application_mode(self) -> None:
        super().start_application_mode()  # type: ignore[no-untyped-call]
        if self.input_tty:
            self.write(BACKGROUND_QUERY)
            self.flush()

    def write(self, data: str) -> None:
        """Nothing more once the terminal is gone: what waits for it would wait for ever."""
        if self._is_written():
            super().write(data)

    def close(self) -> None:
        if self._is_written():
            super().close()

    def _is_written(self) -> bool:
        return self._writer_thread is not None and self._writer_thread.is_alive()

    def run_input_thread(self) -> None:
        parser = KeyParser()
        decode = codecs.getincrementaldecoder("utf-8")(errors="replace").decode
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                is_more = bool(selector.select(_TICK_SECONDS))
                data = self._read() if is_more else b""
                for message in parser.feed(decode(data)):
                    self.process_message(message)
                if is_more and not data:
                    return  # the terminal is gone
                for message in parser.tick():
                    self.process_message(message)

    def _read(self) -> bytes:
        """Nothing once the terminal is gone."""
        try:
            return os.read(self.fileno, _READ_BYTES)
        except OSError:
            return b""
