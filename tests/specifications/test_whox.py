"""whox: WHO with the fields that one asks for."""

import pytest

from tests.server_harness import ServerHarness, told


async def test_the_token(harness: ServerHarness) -> None:
    """ "Servers supporting this specification MUST include the `WHOX` token in `RPL_ISUPPORT` without any value." """
    harness.connect("ann").type("NICK ann\nUSER ann 0 * :Ann")
    assert " WHOX " in " ".join(await harness.look())


@pytest.mark.parametrize(
    ("fields", "answer"),
    [
        ("%tcuihsnfdlaor,42", "42 #tea ann 127.0.0.1 local hubbub ann H@ 0 0 0 n/a Ann"),
        ("%raon", "ann 0 n/a Ann"),
        ("%nzyx", "ann"),
        ("%tn,1234", "0 ann"),
        ("%tn,abc", "0 ann"),
        ("%tn", "0 ann"),
        ("%", ""),
    ],
)
async def test_exactly_the_fields_asked_for_in_their_order(
    harness: ServerHarness, fields: str, answer: str
) -> None:
    """ "Exactly the fields requested by the client MUST be returned by the server", "in the order specified above";
    "Servers MUST ignore any non-standard field"; "The token MUST contain only digit characters and MUST contain at most
    3".
    """
    await harness.irc("ann")
    await harness.ask("ann", "JOIN #tea")
    lines = told(await harness.ask("ann", f"WHO ann {fields}"), "ann")
    assert [line.replace(" :", " ") for line in lines] == [
        f":hubbub 354 ann {answer}".rstrip(),
        ":hubbub 315 ann ann End of WHO list",
    ]


async def test_placeholders(harness: ServerHarness) -> None:
    """ "`*` is used for `[channel]` when no channel is returned", "`255.255.255.255` … when the server refuses to
    disclose the IP address", "`0` is used for `[account]` if the user is not logged in".
    """
    await harness.irc("ann")
    await harness.irc("bob", address="192.0.2.7")
    lines = told(await harness.ask("ann", "WHO bob %ciad"), "ann")
    assert (
        lines == [":hubbub 315 ann bob :End of WHO list"]
        or lines[0] == ":hubbub 354 ann * 255.255.255.255 0 0"
    )
    # "Servers MUST NOT send `RPL_WHOREPLY` replies."
    assert not any(" 352 " in line for line in lines)
