"""Commands that keep people out or let them in again: suspensions, bans and kills."""

from collections.abc import Iterator, Sequence
from typing import Final

from hubbub.addresses import Network, parse_network, subnet_of
from hubbub.engine.event import Command as EngineCommand
from hubbub.engine.event import Event
from hubbub.engine.moderation import (
    AddressKeptOut,
    KeepOut,
    KeepOutAddress,
    Kill,
    LetIn,
    LetInAddress,
    NameKeptOut,
    told,
    written,
)
from hubbub.engine.refusals import Refusal
from hubbub.engine.sessions import SessionEnded
from hubbub.engine.state import Role, Sanction

from .answers import Result, Rows, done, listed, refused, said
from .argument_types import (
    ADDRESS,
    BANNED,
    BANNED_ADDRESS,
    PERSON,
    PRESENT,
    SUSPENDED,
    SUSPENDED_ADDRESS,
    TEXT,
    TIME,
)
from .command import Command, Parameter
from .context import AdminContext
from .text_columns import counted
from .times import moment


def kick(desk: AdminContext, name: str, for_ms: int, reason: str) -> Result:
    return _kept_out(desk, KeepOut(name, for_ms, reason))


def kick_address(desk: AdminContext, where: tuple[Network, bool], for_ms: int, reason: str) -> Result:
    network, meant = where
    return _kept_out(desk, KeepOutAddress(str(network), for_ms, reason, meant))


def ban(desk: AdminContext, name: str, reason: str) -> Result:
    return _kept_out(desk, KeepOut(name, None, reason))


def ban_address(desk: AdminContext, where: tuple[Network, bool], reason: str) -> Result:
    network, meant = where
    return _kept_out(desk, KeepOutAddress(str(network), None, reason, meant))


def _kept_out(desk: AdminContext, command: EngineCommand) -> Result:
    answer = desk.ask(command)
    if isinstance(answer, Refusal):
        return refused(answer)
    lines = []
    for event in answer:
        match event:
            case NameKeptOut(name=name, sanction=sanction):
                lines.append(f"{name}: {told(sanction)}")
            case AddressKeptOut(network=text, sanction=sanction):
                network = parse_network(text)
                lines += [f"{written(network)}: {told(sanction)}", *_neighbours(network)]
    return said(*lines, _ended(answer))


def _neighbours(network: Network) -> Iterator[str]:
    """The /64 around an IPv6 address: its owner can hardly ever use that one address alone."""
    if subnet := subnet_of(network):
        yield (
            f"This is a single IPv6 address, and its owner can switch to any other in {subnet}. To block "
            f"them all, write {subnet} instead."
        )


def _ended(events: Sequence[Event]) -> str:
    sessions = sum(1 for event in events if isinstance(event, SessionEnded))
    return f"{counted(sessions, 'session')} ended." if sessions else "Nobody was connected."


def unkick(desk: AdminContext, name: str) -> Result:
    return done(desk, LetIn(name, banned=False), f"{name} is no longer suspended.")


def unkick_address(desk: AdminContext, network: Network) -> Result:
    return done(desk, LetInAddress(str(network), banned=False), f"{written(network)} is no longer suspended.")


def unban(desk: AdminContext, name: str) -> Result:
    return done(desk, LetIn(name, banned=True), f"{name} is no longer banned.")


def unban_address(desk: AdminContext, network: Network) -> Result:
    return done(desk, LetInAddress(str(network), banned=True), f"{written(network)} is no longer banned.")


def kill(desk: AdminContext, name: str, reason: str) -> Result:
    answer = desk.ask(Kill(name, reason))
    return (
        refused(answer) if isinstance(answer, Refusal) else said(f"{name} was disconnected. {_ended(answer)}")
    )


def bans(desk: AdminContext) -> Result:
    """Whom and what is kept out now; names first."""
    now = desk.now()
    found: list[tuple[str | Network, Sanction]] = [
        (who, sanction)
        for kept_out in (desk.state.names_kept_out, desk.state.networks_kept_out)
        for who, sanction in kept_out.items()
        if sanction.holds(now)
    ]
    if not found:
        return said("There are no suspensions or bans.")
    return listed(("who", "is", "until (UTC)", "by", "since (UTC)", "reason"), Rows(found, _row))


def _row(kept_out: tuple[str | Network, Sanction]) -> tuple[str, ...]:
    who, sanction = kept_out
    subject = who if isinstance(who, str) else written(who)
    kind = "banned" if sanction.until is None else "suspended"
    until = "it is lifted" if sanction.until is None else moment(sanction.until)
    return subject, kind, until, sanction.by, moment(sanction.at), sanction.reason


_TIMEOUT: Final = Parameter("timeout", TIME)
_REASON: Final = Parameter("reason", TEXT)

COMMANDS: Final = (
    Command(
        ("kick",),
        (Parameter("username", PERSON), _TIMEOUT, _REASON),
        "Suspend somebody for a time.",
        "kick bob 10m Shouting",
        kick,
        Role.MODERATOR,
    ),
    Command(
        ("kick", "ip"),
        (Parameter("ip", ADDRESS), _TIMEOUT, _REASON),
        "Suspend an address, or a network such as 192.0.2.0/24, for a time.",
        "kick ip 192.0.2.7 1d Flooding",
        kick_address,
        Role.MODERATOR,
    ),
    Command(
        ("unkick",),
        (Parameter("username", SUSPENDED),),
        "Lift somebody's suspension.",
        "unkick bob",
        unkick,
        Role.MODERATOR,
    ),
    Command(
        ("unkick", "ip"),
        (Parameter("ip", SUSPENDED_ADDRESS),),
        "Lift the suspension of an address or a network.",
        "unkick ip 192.0.2.7",
        unkick_address,
        Role.MODERATOR,
    ),
    Command(
        ("ban",),
        (Parameter("username", PERSON), _REASON),
        "Ban somebody until the ban is lifted.",
        "ban bob Advertising",
        ban,
        Role.MODERATOR,
    ),
    Command(
        ("ban", "ip"),
        (Parameter("ip", ADDRESS), _REASON),
        "Ban an address, or a network such as 192.0.2.0/24, until the ban is lifted.",
        "ban ip 192.0.2.0/24 Advertising",
        ban_address,
        Role.MODERATOR,
    ),
    Command(
        ("unban",),
        (Parameter("username", BANNED),),
        "Lift somebody's ban.",
        "unban bob",
        unban,
        Role.MODERATOR,
    ),
    Command(
        ("unban", "ip"),
        (Parameter("ip", BANNED_ADDRESS),),
        "Lift the ban of an address or a network.",
        "unban ip 192.0.2.0/24",
        unban_address,
        Role.MODERATOR,
    ),
    Command(
        ("kill",),
        (Parameter("username", PRESENT), _REASON),
        "Disconnect somebody, who can reconnect at once.",
        "kill bob Your client repeats itself",
        kill,
        Role.MODERATOR,
    ),
    Command(
        ("bans",),
        (),
        "List the suspensions and bans: until when, why and by whom.",
        "bans",
        bans,
        Role.MODERATOR,
        changes=False,
    ),
)
