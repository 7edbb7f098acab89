"""Keys of ssh: an account's own, whatever others have put under the same digest."""

from hubbub.engine.names import Nick
from hubbub.engine.state import Account, Credential, Role, State, Token, TokenKind
from hubbub.engine.tokens import key_digest, key_of

FINGERPRINT = "SHA256:a-key"


def test_a_certificate_under_a_keys_digest_is_no_key_of_anybodys() -> None:
    """Any 64 digits may be a certificate's fingerprint: also those of somebody else's account and one's own key."""
    state = State()
    ann, eve = (
        Account(number, Nick.known(name), Credential("", ""), Role.MEMBER, True)
        for number, name in ((1, "ann"), (2, "eve"))
    )
    digest = key_digest(ann.id, FINGERPRINT)
    state.tokens[digest] = Token(eve.id, "x", digest, TokenKind.CERTIFICATE, 0)
    assert key_of(state, ann, FINGERPRINT) is None
    state.tokens[digest] = Token(eve.id, "x", digest, TokenKind.KEY, 0)
    assert key_of(state, ann, FINGERPRINT) is None
    own = state.tokens[digest] = Token(ann.id, "x", digest, TokenKind.KEY, 0)
    assert key_of(state, ann, FINGERPRINT) is own and key_of(state, eve, FINGERPRINT) is None
