"""The words in the lines around the messages: where one is, and how one is connected."""

from rich.style import Style
from rich.text import Text

from hubbub.client.chat_model import Conversation, Person
from hubbub.client.client import Client
from hubbub.client.event_text import membership
from hubbub.client.formatting import plain
from hubbub.client.profiles import presence
from hubbub.terminal.themes import Palette


def title(here: Conversation, headline: str, person: Person | None, colours: Palette) -> Text:
    """A room's name, how many are in it (`headline`), and its topic; or a person's name, and where they are."""
    name = person.display_name if person is not None else here.name
    text = Text().append(name, Style(bold=True, color=colours.text))
    if state := membership(here):
        text.append(f"  ({state})", Style(color=colours.accent))
    if here.is_room:
        text.append(f"  {headline}", Style(color=colours.dim))
    elif where := presence(person):
        text.append(f"  {where}", Style(color=colours.dim))
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
