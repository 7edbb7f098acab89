"""Whatever stands where a parameter belongs: every query answers, and nobody is worse off."""

import pytest

from tests.server_harness import ServerHarness

NASTY = (
    "*",
    "#",
    "#é",
    "@",
    "%",
    "%%%,,,",
    "!" * 200,
    "*?" * 200,
    "\\" * 300,
    "x" * 450,
    "é" * 200,
    "\x01\x02\x03\u202e",
    "\U0001f3f4\U000e0067",
    "-9999999999999999999",
    "9" * 400,
    "٣",
    ",,,,",
    "=",
    "timestamp=9999-12-31T23:59:60.999Z",
    "timestamp=0000-00-00T00:00:00.000Z",
    "msgid=7zzzzzzzzzzzz",
    "msgid=0000000000000",
    "::1",
    "::",
    ":",
    ": ",
    ":a b :c",
)
VERBS = (
    *("LUSERS", "MOTD", "VERSION", "TIME", "ADMIN", "INFO", "STATS", "LINKS", "USERS", "HELP"),
    *("WHO", "WHO *", "WHOIS", "WHOIS ann", "WHOWAS", "WHOWAS ann", "ISON", "USERHOST", "LIST", "LIST #tea"),
    *("MODE", "MODE #tea", "MODE #tea +k", "MODE #tea +l", "MODE #tea +b", "MODE #tea +o", "MODE ann"),
    *("CHATHISTORY", "CHATHISTORY LATEST", "CHATHISTORY LATEST #tea", "CHATHISTORY LATEST #tea *"),
    *("CHATHISTORY AROUND #tea msgid=7zzzzzzzzzzzz", "CHATHISTORY BETWEEN #tea msgid=0000000000000"),
    "CHATHISTORY TARGETS timestamp=9999-12-31T23:59:59.999Z timestamp=1970-01-01T00:00:00.000Z",
)


@pytest.mark.parametrize("verb", VERBS)
async def test_every_query_answers(
    harness: ServerHarness, verb: str, caplog: pytest.LogCaptureFixture
) -> None:
    await harness.irc("ann", "batch server-time message-tags draft/chathistory labeled-response")
    await harness.irc("bob")
    for name in ("ann", "bob"):
        await harness.ask(name, "JOIN #tea")
    for text in NASTY:
        for line in (f"{verb} {text}", f"{verb} {text} 3", f"{verb} {text} {text}"):
            if len(line.encode()) > 500:
                continue
            harness.now_ms += 10_000  # so that she is not asked to slow down
            answer = await harness.ask("ann", f"@label=x {line}")
            own = [one for one in answer if one.startswith("ann < ")]
            assert own and "label=x" in own[0], line
            assert all(len(one.split(" < ", 1)[1].split(" :hubbub ")[-1].encode()) <= 510 for one in own), (
                line
            )
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []
    still_here = "bob < :ann!ann@local PRIVMSG #tea :still here"
    assert await harness.ask("ann", "PRIVMSG #tea :still here") == [still_here]
