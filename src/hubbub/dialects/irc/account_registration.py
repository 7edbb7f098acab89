"""REGISTER, VERIFY and INVITATION: registering an account (draft/account-registration)."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from hubbub.dialects.session_api import Register
from hubbub.engine.accounts import (
    AccountExists,
    PasswordCommon,
    PasswordIsName,
    PasswordNotSendable,
    PasswordRefused,
)
from hubbub.engine.entering import NotApproved, SignedInAlready
from hubbub.engine.invitations import ShowInvitation
from hubbub.engine.name_policy import NameMixed, NickAlike, NickTaken
from hubbub.engine.names import NameRefused, NameReserved
from hubbub.engine.refusals import Refusal
from hubbub.engine.signin import TooManyAttempts
from hubbub.engine.tokens import digest_of
from hubbub.wire.message import Message
from hubbub.wire.saslprep import prepare

from .secure_only import overheard
from .signing_in import show_logged_in, sign_in
from .verb import Verb

if TYPE_CHECKING:
    from .session import IrcSession


def register(talk: "IrcSession", message: Message) -> None:
    """`REGISTER <account> {<email> | "*"} <password>`: an address is not needed, and is not kept."""
    wanted, _, password = message.params[:3]
    # "If `<account>` is `*`, then this value is the user's current nickname."
    name = talk.nick if wanted == "*" else wanted
    if not _may_begin(talk, name):
        return

    def then(refusal: Refusal | None) -> None:
        if refusal is None:
            _registered(talk, name)
        elif isinstance(refusal, NotApproved):
            talk.send("REGISTER", "VERIFICATION_REQUIRED", refusal.name, f"You are registered. {refusal}")
        else:
            talk.fail("REGISTER", _code(refusal, password), name, text=str(refusal))

    sign_in(talk, Register(name, password), then)


def _may_begin(talk: "IrcSession", name: str) -> bool:
    """Whether anything but the name and the password could stand in the way; it is answered."""
    arrival = talk.arrival
    if arrival and not arrival.nick:
        talk.fail("REGISTER", "NEED_NICK", "*", text="Choose a nickname first: NICK name")
    elif account := talk.host.state.accounts.get(talk.account):
        text = f"You are already logged in as {account.name}."
        talk.fail("REGISTER", "ALREADY_AUTHENTICATED", account.name.text, text=text)
    elif refusal := overheard(talk):
        talk.fail("REGISTER", "TEMPORARILY_UNAVAILABLE", name, text=str(refusal))
    elif arrival and (unadmitted := talk.host.admits(arrival.password)):
        # "this functionality cannot be used to bypass any authentication restrictions … PASS"
        too_often = isinstance(unadmitted, TooManyAttempts)
        text = str(unadmitted) if too_often else "This server has a password. Send it first: PASS password"
        talk.fail("REGISTER", "TEMPORARILY_UNAVAILABLE", name, text=text)
    else:
        return True
    return False


def _registered(talk: "IrcSession", name: str) -> None:
    account = talk.host.state.account_named(name)
    written = account.name.text if account else name
    talk.send("REGISTER", "SUCCESS", written, f"The account {written} is registered, and you are logged in")
    show_logged_in(talk)


def _code(refusal: Refusal, password: str) -> str:
    """The extension's code; those that it has none for pass with time, or with an administrator's help."""
    code = _CODES.get(type(refusal))
    return code(refusal, password) if code else "TEMPORARILY_UNAVAILABLE"


def _password_code(refusal: PasswordRefused, password: str) -> str:
    is_weak = len(prepare(password)) < refusal.characters_min
    return "WEAK_PASSWORD" if is_weak else "UNACCEPTABLE_PASSWORD"


_CODES: Final[dict[type[Refusal], Callable[[Any, str], str]]] = {
    AccountExists: lambda refusal, password: "ACCOUNT_EXISTS",
    NameRefused: lambda refusal, password: "BAD_ACCOUNT_NAME",
    NameReserved: lambda refusal, password: "BAD_ACCOUNT_NAME",
    NameMixed: lambda refusal, password: "BAD_ACCOUNT_NAME",
    NickAlike: lambda refusal, password: "BAD_ACCOUNT_NAME",
    NickTaken: lambda refusal, password: "BAD_ACCOUNT_NAME",
    SignedInAlready: lambda refusal, password: "ALREADY_AUTHENTICATED",
    PasswordRefused: _password_code,
    PasswordCommon: lambda refusal, password: "WEAK_PASSWORD",
    PasswordIsName: lambda refusal, password: "WEAK_PASSWORD",
    PasswordNotSendable: lambda refusal, password: "UNACCEPTABLE_PASSWORD",
}


def verify(talk: "IrcSession", message: Message) -> None:
    """No registration here waits for a code: whatever is sent is none."""
    name = message.params[0]
    if account := talk.host.state.accounts.get(talk.account):
        text = f"You are already logged in as {account.name}."
        talk.fail("VERIFY", "ALREADY_AUTHENTICATED", account.name.text, text=text)
    else:
        text = "This server needs no verification code. Log in to the account."
        talk.fail("VERIFY", "INVALID_CODE", name, text=text)


def invitation(talk: "IrcSession", message: Message) -> None:
    """hubbub/invitation: a code with which the session may register, whatever else the policy is."""
    if "hubbub/invitation" not in talk.caps:
        talk.unknown(message.verb)
        return
    result = talk.host.ask(ShowInvitation(digest_of(message.params[0])))
    if isinstance(result, Refusal):
        talk.fail("INVITATION", "INVALID_CODE", text=str(result))
    else:
        talk.send("INVITATION", "OK", "You can now register.")


VERBS: Final = {
    "REGISTER": Verb(
        register,
        (
            "REGISTER <account or *> <email or *> <password>",
            "Registers an account and logs you in to it; * stands for your nickname, and the email is optional.",
        ),
        3,
        before=True,
        specification="account-registration",
    ),
    "INVITATION": Verb(
        invitation,
        (
            "INVITATION <code>",
            "Lets this session register an account where registration requires an invitation.",
            "For clients that enable hubbub/invitation.",
        ),
        1,
        before=True,
        specification="hubbub/invitation",
    ),
    "VERIFY": Verb(
        verify,
        (
            "VERIFY <account> <code>",
            "Not needed on this server: registration requires no code.",
        ),
        2,
        before=True,
        specification="account-registration",
    ),
}
