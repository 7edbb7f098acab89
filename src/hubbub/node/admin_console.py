"""The administrator's console: a prompt with completion and history, in the server's terminal or in another one."""

import logging
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.patch_stdout import patch_stdout

from hubbub.admin.completion import complete
from hubbub.admin.interpreter import run
from hubbub.engine.state import Role

from .admin_context import ConsoleContext
from .logs import formatter

if TYPE_CHECKING:
    from .server import Server

PROMPT: Final = "hubbub> "
_LEAVING: Final = ("exit", "quit", "!exit", "/exit")

Ask = Callable[[Mapping[str, str]], tuple[list[str], bool]]


class _Words(Completer):
    """A completer for the console: replaces the last word of the line."""

    def __init__(self, complete: Callable[[str], Iterable[str]]) -> None:
        self._complete = complete

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        line = document.text_before_cursor
        typed = len(line) - line.rfind(" ") - 1
        for word in self._complete(line):
            yield Completion(word, start_position=-typed)


async def speak(server: "Server") -> None:
    """In the server's own terminal, with the log above the prompt; Ctrl-D or Ctrl-C stops the server."""
    desk = ConsoleContext(server.node)
    prompt: PromptSession[str] = PromptSession(
        PROMPT,
        history=_history(server.data),
        completer=_Words(lambda line: complete(server.node.state, Role.ADMIN, line)),
        complete_while_typing=False,
    )
    with patch_stdout(raw=True):
        log = logging.StreamHandler(sys.stdout)
        log.setFormatter(formatter(server.settings.log))
        logging.getLogger("hubbub").addHandler(log)
        try:
            while True:
                line = await prompt.prompt_async()
                result = await run(desk, line)
                if result.lines:
                    print("\n".join(result.lines))
        except (EOFError, KeyboardInterrupt):
            server.stop_soon("")
        finally:
            logging.getLogger("hubbub").removeHandler(log)


def speak_over(ask: Ask, is_terminal: bool) -> None:
    """In another terminal, over the administrator's socket; from a pipe line by line, without a prompt."""
    lines = _typed(ask) if is_terminal else (line.rstrip("\n") for line in sys.stdin)
    try:
        for line in lines:
            if line.strip() in _LEAVING:
                return
            answer, _ = ask({"line": line})
            if answer:
                print("\n".join(answer))
    except ConnectionError:
        print("The server has stopped.")


def _typed(ask: Ask) -> Iterable[str]:
    prompt: PromptSession[str] = PromptSession(
        PROMPT,
        history=InMemoryHistory(),
        completer=_Words(lambda line: ask({"complete": line})[0]),
        complete_while_typing=False,
    )
    while True:
        try:
            yield prompt.prompt()
        except KeyboardInterrupt:
            continue
        except EOFError:
            return


def _history(data: Path) -> History:
    """The history of typed lines, kept over restarts in a private file."""
    path = data / "console_history"
    path.touch(mode=0o600)
    return FileHistory(str(path))
