"""WEBIRC: a gateway names the address of the client behind it."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from hubbub.addresses import known_address
from hubbub.dialects.session_api import TrustGateway
from hubbub.engine.bans import KeptOut
from hubbub.engine.refusals import Refusal
from hubbub.engine.signin import SignInFailed
from hubbub.wire.message import Message, unescape_tag_value

from .refusals import answer
from .verb import Verb

if TYPE_CHECKING:
    from .session import IrcSession

_FINGERPRINT: Final = re.compile(r"[0-9a-f]{64}")


def webirc(talk: "IrcSession", message: Message) -> None:
    """`WEBIRC <password> <gateway> <hostname> <ip> [:<options>]`.

    "If the `WEBIRC` command does not originate from a whitelisted IP address or uses an incorrect password, the gateway
    SHOULD close any connections with an `ERROR` command." The host name is not used: others don't see where one is.
    """
    password, gateway, _, address = message.params[:4]
    options = _options(message.param(4))
    where = known_address(address)
    port = options.get("remote-port", "")
    fingerprint = options.get("certfp-sha-256", "").lower()
    if talk.has_spoken:
        # "MUST be the first command sent from the WebIRC gateway"
        talk.host.leave("WEBIRC comes first")
        return
    if where is None:
        talk.host.leave("Invalid WebIRC address")
        return

    def then(refusal: Refusal | None) -> None:
        if isinstance(refusal, KeptOut):
            answer(talk, refusal)
        if refusal:
            talk.host.leave("Invalid WebIRC password" if isinstance(refusal, SignInFailed) else str(refusal))

    talk.host.begin(
        TrustGateway(
            gateway,
            password,
            str(where),
            int(port) if port.isascii() and port.isdigit() and len(port) <= 5 else 0,
            "secure" in options,
            fingerprint if _FINGERPRINT.fullmatch(fingerprint) else "",
        ),
        then,
    )


def _options(text: str) -> Mapping[str, str]:
    """ "each argument having the form `<name>[=<value>]`", escaped as the values of tags are."""
    pairs = (word.partition("=") for word in text.split(" ") if word)
    return {name: unescape_tag_value(value) for name, _, value in pairs}


VERBS: Final = {
    "WEBIRC": Verb(
        webirc,
        (
            "WEBIRC <password> <gateway> <hostname> <address> [<options>]",
            "Passes on the address of a person behind a web gateway. For the gateways in the server's settings.",
        ),
        4,
        before=True,
        specification="webirc",
    ),
}
