"""The table of verbs, from the subjects' own tables, and HELP, which explains them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from hubbub.wire import numerics
from hubbub.wire.message import Message

from .subjects import SUBJECTS
from .verb import CUSTOM, Verb

if TYPE_CHECKING:
    from .session import IrcSession

TOPICS_A_LINE: Final = 8


def show_help(talk: "IrcSession", message: Message) -> None:
    """modern-irc: one HELPSTART, "arbitrarily many" HELPTXT of which the first SHOULD be empty, one ENDOFHELP."""
    asked = " ".join(message.params).strip()
    if not asked:
        _show(talk, "*", "Commands", _index())
    elif verb := VERBS.get(asked.upper()):
        _show(talk, asked.upper(), f"The command {asked.upper()}", verb.help)
    else:
        text_when_unknown = "No help available on this topic. HELP lists all commands"
        talk.numeric(numerics.ERR_HELPNOTFOUND, asked, text=text_when_unknown)


def _index() -> Sequence[str]:
    verbs = sorted(VERBS)
    rows = [verbs[start : start + TOPICS_A_LINE] for start in range(0, len(verbs), TOPICS_A_LINE)]
    return [*(" ".join(row) for row in rows), "To explain a command, write: HELP <command>"]


def _show(talk: "IrcSession", subject: str, title: str, text: Sequence[str]) -> None:
    *lines, last = text
    talk.numeric(numerics.RPL_HELPSTART, subject, text=title)
    for line in ("", *lines):
        talk.numeric(numerics.RPL_HELPTXT, subject, text=line)
    talk.numeric(numerics.RPL_ENDOFHELP, subject, text=last)


VERBS: Final[dict[str, Verb]] = {
    **{name: verb for subject in SUBJECTS for name, verb in getattr(subject, "VERBS", {}).items()},
    "HELP": Verb(show_help, ("HELP [<command>]", "Explains a command. Without one, lists all commands.")),
    "HELPOP": Verb(show_help, ("HELPOP [<command>]", "The same as HELP."), specification=CUSTOM),
}
