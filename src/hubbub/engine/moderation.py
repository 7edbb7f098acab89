"""Keeping people out of the server: suspensions, bans, and kills, of a name or of an address; each with its undo."""

from itertools import count
from typing import Final

from hubbub.addresses import Network, known_address, parse_network
from hubbub.text import clean, cut

from .audit import record
from .event import Answer, Command, Event, Request
from .names import fold
from .policy import asked_as, must_outrank
from .refusals import Refusal, UserUnknown, because, describe_until
from .rules import EventRule, Rule
from .sessions import end, end_all
from .state import Actor, Role, Sanction, Session, State

_WIDEST: Final = {4: 8, 6: 16}
"""IP version → the length of the widest prefix that may be kept out without a second thought."""
_THIS_MACHINE: Final = (parse_network("127.0.0.0/8"), parse_network("::1"))


class KeepOut(Command, frozen=True):
    """Suspend a name for a time in milliseconds, or ban it (None): an account's, or that of a guest."""

    name: str
    for_ms: int | None
    reason: str


class KeepOutAddress(Command, frozen=True):
    """The same for an address or a network such as `192.0.2.0/24`; one that holds many only if that is `meant`."""

    network: str
    for_ms: int | None
    reason: str
    meant: bool = False


class LetIn(Command, frozen=True):
    """Lift a suspension, or a ban."""

    name: str
    banned: bool


class LetInAddress(Command, frozen=True):
    network: str
    banned: bool


class Kill(Command, frozen=True):
    """Disconnect all sessions of a user, now."""

    name: str
    reason: str


class NameKeptOut(Event, frozen=True):
    name: str
    sanction: Sanction


class NameLetIn(Event, frozen=True):
    name: str


class AddressKeptOut(Event, frozen=True):
    network: str
    sanction: Sanction


class AddressLetIn(Event, frozen=True):
    network: str


class NotKeptOut(Refusal, frozen=True):
    subject: str
    what: str

    def __str__(self) -> str:
        return f"{self.subject} is not {self.what}."


class AddressMalformed(Refusal, frozen=True):
    text: str

    def __str__(self) -> str:
        return f"{self.text[:60]} is neither an address nor a network. Write 192.0.2.7 or 192.0.2.0/24."


class NetworkHoldsMany(Refusal, frozen=True):
    """Keeping it out would reach further than one may think; `why` says whom."""

    network: str
    why: str

    def __str__(self) -> str:
        return f"{self.network} {self.why}. To do it anyway, add an exclamation mark: {self.network}!"


def _word(for_ms: int | None) -> str:
    return "ban" if for_ms is None else "kick"


def keep_out(state: State, request: Request, command: KeepOut) -> Answer:
    found = _target(state, request, command.name)
    if isinstance(found, Refusal):
        return found
    actor, name = found
    sanction = _sanction(state, request, actor, command.for_ms, command.reason)
    ids = count(request.id)
    return [
        NameKeptOut(next(ids), name, sanction),
        *end_all(state, ids, _sessions_of(state, name), told(sanction)),
        record(next(ids), actor, _word(command.for_ms), name, told(sanction)),
    ]


def keep_out_address(state: State, request: Request, command: KeepOutAddress) -> Answer:
    actor = asked_as(state, request, Role.MODERATOR)
    network = network_of(command.network)
    if isinstance(actor, Refusal):
        return actor
    if isinstance(network, Refusal):
        return network
    if not command.meant and (why := _reach(state, actor, network)):
        return NetworkHoldsMany(written(network), why)
    sanction = _sanction(state, request, actor, command.for_ms, command.reason)
    ids = count(request.id)
    hit = [session for session in state.sessions.values() if _is_in(session.address, network)]
    return [
        AddressKeptOut(next(ids), str(network), sanction),
        *end_all(state, ids, (session for session in hit if _reaches(state, actor, session)), told(sanction)),
        record(next(ids), actor, f"{_word(command.for_ms)} ip", str(network), told(sanction)),
    ]


def _reach(state: State, actor: Actor, network: Network) -> str | None:
    """The refusal of a ban whose network holds more people than its author may think, or None."""
    if network.prefixlen < _WIDEST[network.version]:
        return "covers a large part of all people, or everybody"
    if any(network.overlaps(here) for here in _THIS_MACHINE if here.version == network.version):
        return "covers this machine itself, and everyone who connects through a proxy on it"
    gateways = map(parse_network, state.rules.gateways)
    if any(network.overlaps(gateway) for gateway in gateways if gateway.version == network.version):
        return "covers a gateway, and nobody could connect through it any more"
    sessions = actor.user.sessions.values() if actor.user else ()
    return (
        "covers your own address" if any(_is_in(session.address, network) for session in sessions) else None
    )


def written(network: Network) -> str:
    """A network as people write it: one that holds a single address is that address."""
    is_single = network.prefixlen == network.max_prefixlen
    return str(network.network_address if is_single else network)


def _sessions_of(state: State, name: str) -> list[Session]:
    """Those of the user or the account of this name, also where they are signed in and have not come in yet."""
    account = state.account_names.get(fold(name), 0)
    user = state.user_named(name) or state.users.get(account)
    waiting = (session for session in state.sessions.values() if account and session.account == account)
    return list({own.id: own for own in (*(user.sessions.values() if user else ()), *waiting)}.values())


def _reaches(state: State, actor: Actor, session: Session) -> bool:
    """Whether a ban of an address disconnects a user: not its author, nor users of a higher role."""
    user = state.users.get(session.person)
    if user is None:
        return True
    return user is not actor.user and must_outrank(actor, user.role) is None


def let_in(state: State, request: Request, command: LetIn) -> Answer:
    actor = asked_as(state, request, Role.MODERATOR)
    if isinstance(actor, Refusal):
        return actor
    sanction = state.names_kept_out.get(fold(command.name))
    if not _is_of_kind(sanction, command.banned, request.at):
        return NotKeptOut(command.name, _state_word(command.banned))
    return [
        NameLetIn(request.id, command.name),
        record(request.id + 1, actor, "unban" if command.banned else "unkick", command.name),
    ]


def let_in_address(state: State, request: Request, command: LetInAddress) -> Answer:
    actor = asked_as(state, request, Role.MODERATOR)
    network = network_of(command.network)
    if isinstance(actor, Refusal):
        return actor
    if isinstance(network, Refusal):
        return network
    if not _is_of_kind(state.networks_kept_out.get(network), command.banned, request.at):
        return NotKeptOut(written(network), _state_word(command.banned))
    return [
        AddressLetIn(request.id, str(network)),
        record(request.id + 1, actor, "unban ip" if command.banned else "unkick ip", str(network)),
    ]


def kill(state: State, request: Request, command: Kill) -> Answer:
    found = _target(state, request, command.name)
    if isinstance(found, Refusal):
        return found
    actor, name = found
    user = state.user_named(name)
    if user is None:
        return UserUnknown(name)
    reason = _reason(state, command.reason)
    ids = count(request.id)
    return [
        *end(
            state,
            ids,
            list(user.sessions.values()),
            f"Killed by {actor.name}{because(reason)}",
            by=actor.origin,
        ),
        record(next(ids), actor, "kill", name, reason),
    ]


def network_of(text: str) -> Network | AddressMalformed:
    """An address is the network that holds it alone; bits beyond the mask are forgiven."""
    try:
        return parse_network(text.strip())
    except ValueError:
        return AddressMalformed(text)


def _is_in(address: str, network: Network) -> bool:
    here = known_address(address)
    return here is not None and here in network


def _target(state: State, request: Request, name: str) -> tuple[Actor, str] | Refusal:
    """The moderator, and the target's name as it is spelled: of a known person, or a possible guest's."""
    actor = asked_as(state, request, Role.MODERATOR)
    if isinstance(actor, Refusal):
        return actor
    user, account = state.user_named(name), state.account_named(name)
    role = max(user.role if user else Role.MEMBER, account.role if account else Role.MEMBER)
    if refusal := must_outrank(actor, role):
        return refusal
    if user:
        return actor, user.account.name.text if user.account else user.nick.text
    if account:
        return actor, account.name.text
    return UserUnknown(name)


def _sanction(state: State, request: Request, actor: Actor, for_ms: int | None, reason: str) -> Sanction:
    until = None if for_ms is None else request.at + for_ms
    return Sanction(until, _reason(state, reason), actor.name, request.at)


def _reason(state: State, reason: str) -> str:
    return cut(clean(reason), state.rules.reason_bytes)[0]


def told(sanction: Sanction) -> str:
    """The sentence for the banned or suspended person: why, and until when."""
    word = "Banned" if sanction.until is None else "Suspended"
    return f"{word} {describe_until(sanction.until)}{because(sanction.reason)}"


def _is_of_kind(sanction: Sanction | None, banned: bool, now: int) -> bool:
    return sanction is not None and sanction.holds(now) and (sanction.until is None) == banned


def _state_word(banned: bool) -> str:
    return "banned" if banned else "suspended"


def name_kept_out(state: State, event: NameKeptOut) -> None:
    state.names_kept_out[fold(event.name)] = event.sanction


def name_let_in(state: State, event: NameLetIn) -> None:
    del state.names_kept_out[fold(event.name)]


def address_kept_out(state: State, event: AddressKeptOut) -> None:
    state.networks_kept_out[parse_network(event.network)] = event.sanction


def address_let_in(state: State, event: AddressLetIn) -> None:
    del state.networks_kept_out[parse_network(event.network)]


COMMAND_RULES: Final[dict[type[Command], Rule]] = {
    KeepOut: keep_out,
    KeepOutAddress: keep_out_address,
    LetIn: let_in,
    LetInAddress: let_in_address,
    Kill: kill,
}


EVENT_RULES: Final[dict[type[Event], EventRule]] = {
    NameKeptOut: EventRule(name_kept_out),
    NameLetIn: EventRule(name_let_in),
    AddressKeptOut: EventRule(address_kept_out),
    AddressLetIn: EventRule(address_let_in),
}
