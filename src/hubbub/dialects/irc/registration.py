"""CAP, PASS, NICK and USER: connection registration, in whatever order clients send them."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from hubbub.dialects.session_api import SignInByPassword
from hubbub.engine.entering import Enter, GuestsNotAllowed
from hubbub.engine.metadata import KEY_BYTES_MAX, KEYS_MAX, SUBSCRIPTIONS_MAX, VALUE_BYTES_MAX
from hubbub.engine.monitors import WatchMore
from hubbub.engine.names import Nick
from hubbub.engine.nicks import ChangeNick, NickChanged
from hubbub.engine.refusals import Refusal
from hubbub.engine.signin import TooManyAttempts
from hubbub.wire import numerics
from hubbub.wire.capabilities import CAPABILITIES, Capabilities, listing, requested
from hubbub.wire.message import Message

from .event_renderer import Bodies, EventRenderers
from .refusals import answer
from .sasl import abandon, mechanisms
from .secure_only import overheard
from .signing_in import show_logged_in, sign_in
from .verb import Verb

if TYPE_CHECKING:
    from .session import IrcSession

METADATA_LIMITS: Final = (
    f"before-connect,max-subs={SUBSCRIPTIONS_MAX},max-keys={KEYS_MAX},max-value-bytes={VALUE_BYTES_MAX}"
)

CAP_LIST_BYTES: Final = 400
"""The bytes of a line that a list of capabilities may take."""


@dataclass(slots=True)
class Registration:
    """The details that a client has sent before its registration is complete."""

    nick: str = ""
    username: str = ""
    realname: str = ""
    password: str = ""
    away: str = ""
    metadata: dict[str, str] = field(default_factory=dict)
    negotiating: bool = False
    """Between the first CAP LS or REQ and CAP END: coming in waits."""


def cap(talk: "IrcSession", message: Message) -> None:
    word = message.params[0].upper()
    handle = _SUBCOMMANDS.get(word)
    if handle is None:
        talk.numeric(numerics.ERR_INVALIDCAPCMD, message.params[0])
    else:
        handle(talk, message)


def offered(talk: "IrcSession", version: int) -> dict[str, str | None]:
    """The capabilities on offer to this session, with their values for version 302."""
    values: dict[str, str | None] = {}
    for name, capability in CAPABILITIES.items():
        values[name] = capability.value
    values["sts"] = talk.host.facts.sts
    values["sasl"] = ",".join(mechanisms(talk))
    values["draft/account-registration"] = "before-connect,custom-account-name"
    rules = talk.host.state.rules
    values["draft/multiline"] = f"max-bytes={rules.multiline_bytes},max-lines={rules.multiline_lines}"
    values["draft/metadata-2"] = METADATA_LIMITS
    values["draft/metadata-3"] = f"{METADATA_LIMITS},max-key-bytes={KEY_BYTES_MAX}"
    if values["sts"] is None:
        del values["sts"]
    if overheard(talk):
        # sasl-3.2: not offered where authentication is not available
        del values["sasl"], values["draft/account-registration"]
    if version < 302:
        # capability-negotiation: values only "if the client supports" version 302
        return {name: None for name in values if name != "sts"}
    return values


def _cap_ls(talk: "IrcSession", message: Message) -> None:
    digits = message.param(1)
    version = int(digits[:4]) if digits.isascii() and digits.isdigit() else 301
    talk.cap_version = max(talk.cap_version, version)
    if talk.cap_version >= 302:
        # "If a client requests version 302 or higher, cap-notify is implicitly enabled"
        talk.caps = talk.caps.changed(adding=["cap-notify"])
    if talk.arrival:
        talk.arrival.negotiating = True
    # "If a client sends a lower CAP version (or omits the version number entirely), servers SHOULD return a `CAP LS`
    # reply consistent with the request's version, but keep storing the original (higher) version."
    _cap_lines(talk, "LS", offered(talk, version), version)


def _cap_list(talk: "IrcSession", message: Message) -> None:
    _cap_lines(talk, "LIST", dict.fromkeys(talk.caps), talk.cap_version)


def _cap_lines(talk: "IrcSession", word: str, values: dict[str, str | None], version: int) -> None:
    lines = listing(values, CAP_LIST_BYTES)
    if version < 302:
        # One line is all that an old client reads; what it knows stands at the beginning.
        lines = lines[:1]
    for text in lines[:-1]:
        talk.send("CAP", talk.nick, word, "*", text)
    talk.send("CAP", talk.nick, word, lines[-1])


def _cap_req(talk: "IrcSession", message: Message) -> None:
    """ "The server MUST accept the whole set or reject it entirely." """
    if talk.arrival:
        talk.arrival.negotiating = True
    text = message.param(1)
    adding, removing = requested(text)
    on_offer = offered(talk, talk.cap_version)
    fits = all(name in on_offer and CAPABILITIES[name].is_requestable for name in adding)
    if talk.cap_version >= 302 and "cap-notify" in removing:
        fits = False
    if not fits or any(name not in CAPABILITIES for name in removing):
        talk.send("CAP", talk.nick, "NAK", text)
        return
    before = talk.caps
    talk.send("CAP", talk.nick, "ACK", text)
    talk.caps = before.changed(adding, removing)
    if before.extended_monitor is not talk.caps.extended_monitor:
        talk.host.ask(WatchMore(talk.caps.extended_monitor))


def _cap_end(talk: "IrcSession", message: Message) -> None:
    if talk.arrival:
        talk.arrival.negotiating = False
        come_in(talk)


_SUBCOMMANDS: Final = {"LS": _cap_ls, "LIST": _cap_list, "REQ": _cap_req, "END": _cap_end}


def password(talk: "IrcSession", message: Message) -> None:
    if talk.arrival is None:
        talk.numeric(numerics.ERR_ALREADYREGISTERED)
    else:
        talk.arrival.password = message.params[0]


def nick(talk: "IrcSession", message: Message) -> None:
    wanted = message.param(0)
    if not wanted:
        talk.numeric(numerics.ERR_NONICKNAMEGIVEN)
    elif talk.arrival is None:
        talk.ask(ChangeNick(wanted))
    else:
        name = Nick.parse(wanted, talk.host.state.rules.names)
        if isinstance(name, Refusal) and not talk.host.state.sessions[talk.host.session].account:
            answer(talk, name)
            return
        talk.arrival.nick = wanted
        come_in(talk)


def user(talk: "IrcSession", message: Message) -> None:
    """modern-irc: of an empty user name "the server SHOULD reject the command with `ERR_NEEDMOREPARAMS` (even if an
    empty parameter is provided)"; Ergo and InspIRCd do so with an empty real name too.
    """
    if talk.arrival is None:
        talk.numeric(numerics.ERR_ALREADYREGISTERED)
        return
    if not (message.params[0] and message.params[3]):
        talk.numeric(numerics.ERR_NEEDMOREPARAMS, message.verb)
        return
    talk.arrival.username, talk.arrival.realname = message.params[0], message.params[3]
    come_in(talk)


def come_in(talk: "IrcSession") -> None:
    """Come in as soon as everything has been said; what is wrong is answered, and may be said anew."""
    arrival = talk.arrival
    if arrival is None or arrival.negotiating or not (arrival.nick and arrival.username):
        return
    if insecure := overheard(talk):
        talk.refuse(insecure)
        talk.host.leave("This server requires TLS")
        return
    if arrival.password and ":" in arrival.password and not talk.account:
        sign_in_by_pass(talk, arrival)
        return
    if not talk.account and (refusal := talk.host.admits(arrival.password)):
        too_often = isinstance(refusal, TooManyAttempts)
        talk.numeric(numerics.ERR_PASSWDMISMATCH, text=str(refusal) if too_often else None)
        talk.host.leave(str(refusal) if too_often else "The server's password is missing or wrong")
        return
    abandon(talk)
    entering = Enter(
        arrival.nick,
        arrival.username,
        arrival.realname,
        away=arrival.away,
        supports_read_marker=talk.caps.read_marker,
        metadata=tuple(arrival.metadata.items()),
    )
    result = talk.host.ask(entering)
    if isinstance(result, Refusal):
        if isinstance(result, GuestsNotAllowed):
            # account-registration: FAIL * ACCOUNT_REQUIRED
            talk.fail("*", "ACCOUNT_REQUIRED", text=str(result))
            talk.host.leave(str(result))
            return
        answer(talk, result)
        arrival.nick = ""


def sign_in_by_pass(talk: "IrcSession", arrival: Registration) -> None:
    """For clients that know nothing else: `PASS account:password`."""
    name, _, secret = arrival.password.partition(":")
    arrival.password = ""

    def then(refusal: Refusal | None) -> None:
        if refusal is None:
            show_logged_in(talk)
            come_in(talk)
        else:
            answer(talk, refusal)
            talk.host.leave("The account's name or password is wrong")

    sign_in(talk, SignInByPassword(name, secret), then)


def _render_nick(event: NickChanged, caps: Capabilities, server: str) -> Bodies:
    return (f":{event.origin.mask} NICK {event.nick}",)


VERBS: Final = {
    "CAP": Verb(
        cap,
        (
            "CAP LS [<version>] | LIST | REQ :<capabilities> | END",
            "Negotiates protocol extensions. Clients send this themselves.",
        ),
        1,
        before=True,
        specification="capability-negotiation",
    ),
    "PASS": Verb(
        password,
        (
            "PASS <password> | PASS <account>:<password>",
            "Sends the server's password, or logs you in to an account; before NICK and USER.",
        ),
        1,
        before=True,
    ),
    "NICK": Verb(
        nick,
        (
            "NICK <nickname>",
            "Changes your nickname. An account's name is reserved for that account.",
        ),
        before=True,
    ),
    "USER": Verb(
        user,
        (
            "USER <name> 0 * <real name>",
            "Introduces you when you connect. Clients send this themselves.",
        ),
        4,
        before=True,
    ),
}

EVENTS: Final[EventRenderers] = {
    NickChanged: _render_nick,
}
