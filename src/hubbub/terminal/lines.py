"""The words in the lines around the messages: where one is, who writes, and how one is connected."""

from collections.abc import Sequence

from rich.style import Style
from rich.text import Text

from hubbub.client.client import Client
from hubbub.client.formatting import plain
from hubbub.client.model import Conversation, Message
from hubbub.terminal.look import Palette


def title(here: Conversation, colours: Palette) -> Text:
    """A conversation's name, how many are in it, and its topic."""
    text = Text().append(here.name, Style(bold=True, color=colours.text))
    if here.is_room and not here.is_joined:
        state = "you have asked for it" if here.is_requested else "you are not in it"
        text.append(f"  ({state})", Style(color=colours.accent))
    if here.is_room:
        text.append(f"  {len(here.members)}", Style(color=colours.dim))
    if here.topic:
        text.append(f"  {plain(here.topic)}", Style(color=colours.dim))
    return text


def typing(nicks: Sequence[str]) -> str:
    """Who is writing; empty for nobody."""
    if len(nicks) > 3:
        return "Several people are typing …"
    if len(nicks) > 1:
        return f"{', '.join(nicks[:-1])} and {nicks[-1]} are typing …"
    return f"{nicks[0]} is typing …" if nicks else ""


def state(client: Client) -> str:
    """Who one is, where and how safely one is connected, and what waits for one."""
    person = client.people.find(client.nick)
    away = " (away)" if person and person.is_away else ""
    guest = "" if client.account or not client.is_here else ", a guest"
    where = client.server.network if client.is_here else "not connected"
    lock = "TLS" if client.is_secure else "this machine" if client.is_private else "not encrypted"
    mentions = sum(one.mentions for one in client.conversations.values())
    new = f"  ·  {mentions} for you (Alt+A)" if mentions else ""
    keys = "Ctrl+K go to · Ctrl+F search · Ctrl+P all · F1 keys"
    return f"{client.nick}{away}{guest}  ·  {where}, {lock}{new}  ·  {keys}"


def about(editing: Message | None, replying: Message | None) -> str:
    """What becomes of what is being written; empty for a new message."""
    if editing is not None:
        return "Editing your message: Enter saves it, Escape leaves it as it was."
    if replying is None:
        return ""
    return f"Replying to {replying.sender}: {' '.join(plain(replying.text).split())[:60]}  (Escape: no)"
