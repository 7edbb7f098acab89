"""Founder, protected, operator, half-operator, voice: what each of them may change in a room, and on whom."""

import pytest

from tests.server_harness import ServerHarness
from tests.sign_in import arrive

RANKED = {"quinn": "q", "abe": "a", "oli": "o", "hal": "h", "vic": "v", "pam": ""}


@pytest.fixture
async def tea(harness: ServerHarness) -> ServerHarness:
    """Somebody of each rank in #tea, and root, who looks after the server and is not in it."""
    await harness.account("root", role="admin")
    await arrive(harness, "root")
    for name, letter in RANKED.items():
        await harness.irc(name)
        await harness.ask(name, "JOIN #tea")
        if letter:
            await harness.ask("root", f"MODE #tea +{letter} {name}")
    await harness.ask("root", "MODE #tea -o quinn")
    return harness


MAY: dict[str, tuple[str, ...]] = {
    "quinn": (
        "+q pam",
        "+a pam",
        "+o pam",
        "+h pam",
        "+v pam",
        "-q quinn",
        "-a abe",
        "-o oli",
        "-h hal",
        "-v vic",
        "+m",
    ),
    "abe": ("+a pam", "+o pam", "-a abe", "-o oli", "+v abe", "+m", "+h pam"),
    "oli": (
        "+o pam",
        "+h pam",
        "-h hal",
        "+v pam",
        "-v vic",
        "-o oli",
        "+v hal",
        "+m",
        "-n",
        "+k x",
        "+l 3",
        "+b x",
    ),
    "hal": ("+v pam", "-v vic", "-h hal", "+v hal", "+k x", "+l 3", "+b x", "+e x", "+I x"),
    "root": ("+q pam", "-q quinn", "+v quinn", "+m", "+b x"),
}
MAY_NOT: dict[str, tuple[str, ...]] = {
    "abe": ("+q pam", "+q abe", "-q quinn", "+v quinn"),
    "oli": ("+q pam", "+a oli", "-a abe", "+v abe", "-v quinn"),
    "hal": ("+h pam", "+o hal", "+o pam", "-o oli", "+v oli", "+m", "-n", "+s", "+i"),
    "vic": ("-v vic", "+v pam", "+m", "+k x", "+b x"),
    "pam": ("+v pam", "+o pam", "+m", "+l 3"),
}


@pytest.mark.parametrize("name", MAY)
async def test_what_each_may(tea: ServerHarness, name: str) -> None:
    for text in MAY[name]:
        (shown,) = [line for line in await tea.ask(name, f"MODE #tea {text}") if line.startswith("pam < ")]
        assert shown.startswith(f"pam < :{name}!{name}@local MODE #tea {text.split(' ')[0]}")
        undone = text.translate(str.maketrans("+-", "-+"))
        assert len(await tea.ask("root", f"MODE #tea {undone}")) == len(RANKED)


@pytest.mark.parametrize("name", MAY_NOT)
async def test_what_each_may_not(tea: ServerHarness, name: str) -> None:
    for text in MAY_NOT[name]:
        refused = f"{name} < :hubbub 482 {name} #tea :You're not channel operator"
        assert await tea.ask(name, f"MODE #tea {text}") == [refused], text
