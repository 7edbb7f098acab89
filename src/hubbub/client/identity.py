"""The identity that a client comes with: a nickname, perhaps an account, and what proves it."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Password:
    """Proves an account by SCRAM-SHA-256 where the server can, else by PLAIN.

    With `is_said` always by PLAIN: SCRAM takes a client a fifth of a second, in which it does nothing else, and hides
    the password from nobody where the client is a part of the server.
    """

    text: str = field(repr=False)
    is_said: bool = False


@dataclass(frozen=True, slots=True)
class Token:
    """Proves an account by OAUTHBEARER."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Certificate:
    """Proves an account by the certificate that the connection shows (EXTERNAL)."""


Secret = Password | Token | Certificate


@dataclass(frozen=True, slots=True)
class Identity:
    """The identity to sign in with: a guest has no `secret`. With `registers` the account is made first.

    `account` is the nickname where it is empty. With `varies`, a nickname that is taken gets an underscore, which suits
    programs; otherwise its user is asked.
    """

    nick: str
    secret: Secret | None = None
    account: str = ""
    registers: bool = False
    email: str = ""
    real_name: str = ""
    is_bot: bool = False
    varies: bool = False
    invitation: str = ""
    """The code of an invitation, with which the account is made."""
    rooms: tuple[str, ...] = ()
    """To be joined on coming in, beside those that the server puts its accounts into."""
    begins_somewhere: bool = False
    """Whether a user who is in no room joins the server's welcome room, if it names one."""

    @property
    def account_name(self) -> str:
        return self.account or self.nick
