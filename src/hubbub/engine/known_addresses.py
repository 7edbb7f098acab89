"""Known addresses: those that an account's owner has signed in from, where others' failures do not lock them out.

Only keyed digests are kept: they tell whether an address is one of them, and not which ones there are.
"""

import hmac
from typing import Final

from hubbub.addresses import count_key

from .event import Answer, Command, Event, Request
from .refusals import NotPermitted
from .rules import EventRule, Rule
from .state import State

KNOWN_MAX: Final = 20
"""The most addresses kept of an account; the one used longest ago makes room."""
USE_NOTED_MS: Final = 86_400_000
"""The time after which another sign-in from an address is noted again."""
DIGEST_BYTES: Final = 16


class NoteAddress(Command, frozen=True):
    """The shell has seen the owner of an account sign in from an address, of which this is the digest."""

    account: int
    digest: str


class AddressNoted(Event, frozen=True):
    """`forgotten` is the digest that makes way, empty if none does."""

    account: int
    digest: str
    forgotten: str


def address_digest(secret: bytes, account: int, address: str) -> str:
    """Of an IPv4 address, or of the /64 of an IPv6 one; another one for each account and each server."""
    text = f"known address of {account}: {count_key(address)}"
    return hmac.digest(secret, text.encode(), "sha256")[:DIGEST_BYTES].hex()


def note_address(state: State, request: Request, command: NoteAddress) -> Answer:
    if not request.is_shell:
        return NotPermitted("administrator")
    account = state.accounts.get(command.account)
    if account is None or abs(request.at - account.known.get(command.digest, 0)) < USE_NOTED_MS:
        return []
    is_full = command.digest not in account.known and len(account.known) >= KNOWN_MAX
    return [
        AddressNoted(request.id, account.id, command.digest, next(iter(account.known)) if is_full else "")
    ]


def address_noted(state: State, event: AddressNoted) -> None:
    """The one that was used last stands last."""
    known = state.accounts[event.account].known
    known.pop(event.forgotten, None)
    known.pop(event.digest, None)
    known[event.digest] = event.at


COMMAND_RULES: Final[dict[type[Command], Rule]] = {
    NoteAddress: note_address,
}


EVENT_RULES: Final[dict[type[Event], EventRule]] = {
    AddressNoted: EventRule(address_noted),
}
