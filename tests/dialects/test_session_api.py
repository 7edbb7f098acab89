"""What the dialects ask of the shell."""

import pytest

from hubbub.dialects.session_api import (
    Administer,
    BecomeOperator,
    ChangePassword,
    Confidential,
    Register,
    SignInByPassword,
    SignInByToken,
    TrustGateway,
)


@pytest.mark.parametrize(
    "thing",
    [
        SignInByPassword("ann", "sesame"),
        Register("ann", "sesame"),
        ChangePassword("open", "sesame"),
        BecomeOperator("ann", "sesame"),
        SignInByToken("ann", "sesame"),
        TrustGateway("gate", "sesame", "192.0.2.1", 1, True, ""),
        Administer("add account ann sesame"),
    ],
)
def test_no_log_tells_a_secret(thing: Confidential) -> None:
    assert "sesame" not in f"{thing!r} {thing} {[thing]}"
