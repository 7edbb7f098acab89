"""The words in the lines around the messages: where one is, and how one is connected."""

from rich.style import Style
from rich.text import Text

from hubbub.client.chat_model import Conversation
from hubbub.client.client import Client
from hubbub.client.event_text import membership
from hubbub.client.formatting import plain
from hubbub.terminal.themes import Palette


def title(here: Conversation, colours: Palette) -> Text:
    """A conversation's name, how many are in it, and its topic."""
    text = Text().append(here.name, Style(bold=True, color=colours.text))
    if state := membership(here):
        text.append(f"  ({state})", Style(color=colours.accent))
    if here.is_room:
        text.append(f"  {len(here.present)}", Style(color=colours.dim))
    if here.topic:
        text.append(f"  {plain(here.topic)}", Style(color=colours.dim))
    return text


def state(client: Client) -> str:
    """The user's name, the connection and its encryption, and the unread counts."""
    person = client.people.find(client.nick)
    away = " (away)" if person and person.is_away else ""
    guest = "" if client.account or not client.is_here else ", a guest"
    where = client.server.network if client.is_here else "not connected"
    lock = "TLS" if client.is_secure else "this machine" if client.is_private else "not encrypted"
    mentions = sum(one.mentions for one in client.conversations.values())
    new = f"  ·  {mentions} for you (Alt+A)" if mentions else ""
    keys = "Ctrl+K go to · Ctrl+F search · Ctrl+P all · F1 keys"
    return f"{client.nick}{away}{guest}  ·  {where}, {lock}{new}  ·  {keys}"
