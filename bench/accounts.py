"""A data folder with accounts and rooms in it, as years of use leave it."""

import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from hubbub.config.sections import Accounts
from hubbub.engine.accounts import AccountRegistered
from hubbub.engine.event import Event
from hubbub.engine.membership import MemberAdded
from hubbub.engine.names import RoomName
from hubbub.engine.rooms import RoomCreated
from hubbub.engine.state import Access, Credential, History, Role, TokenKind
from hubbub.engine.tokens import TokenAdded, digest_of
from hubbub.node.password_threads import Passwords
from hubbub.node.sealing_keys import NAME as KEY_NAME
from hubbub.node.sealing_keys import read_seal
from hubbub.storage import open_storage

MEMBERSHIPS: Final = 1
NOBODYS: Final = Credential(
    "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$aGFzaA",
    f"SCRAM-SHA-256${Accounts().scram_iterations}:c2FsdA==$a:b",
)


def fill(folder: Path, accounts: int, rooms: int = 0, by_token: bool = True) -> Sequence[str]:
    """Accounts `u00000` and so on, each in a few of the rooms; gives their tokens, or their passwords."""
    storage = open_storage(folder / "hubbub.db", read_seal(folder / KEY_NAME))
    passwords = Passwords(Accounts(scram=False))
    events: list[Event] = [
        RoomCreated(room, room, RoomName.known(f"room{room}"), Access.OPEN, False, History.ALL, True)
        for room in range(1, rooms + 1)
    ]
    given = []
    number = rooms
    for person in range(accounts):
        number += 1
        account, name, secret = number, f"u{person:05d}", secrets.token_urlsafe(18)
        given.append(secret)
        credential = NOBODYS if by_token else Credential(passwords.make(secret).argon2, NOBODYS.scram)
        events.append(AccountRegistered(account, account, name, credential, Role.MEMBER, True))
        if by_token:
            number += 1
            events.append(TokenAdded(number, account, "bench", digest_of(secret), TokenKind.SECRET))
        for place in range(MEMBERSHIPS if rooms else 0):
            number += 1
            room = (person * 7 + place * 331) % rooms + 1
            events.append(MemberAdded(number, account, room, f"room{room}", ""))
    storage.commit(events)
    storage.close()
    passwords.stop()
    return given
