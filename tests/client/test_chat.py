"""Clients of ours at a server of ours: what one does, the others know."""

import pytest

from hubbub.client import events
from hubbub.client.chat_model import Delivery, Kind, Message
from tests.client.client_harness import ClientHarness, come, settle
from tests.server_harness import ServerHarness


async def two(harness: ServerHarness) -> tuple[ClientHarness, ClientHarness]:
    ann = await come(harness, "ann", rooms=("#tea",))
    bob = await come(harness, "bob", rooms=("#tea",))
    await settle(ann, bob)
    ann.seen(), bob.seen()
    return ann, bob


def last(user: ClientHarness, name: str = "#tea") -> Message:
    return next(message for message in reversed(user[name].timeline.messages) if message.is_talk)


async def test_what_is_said_is_pending_until_it_is_shown(harness: ServerHarness) -> None:
    ann, bob = await two(harness)
    entry = ann.client.say(ann["#tea"], "hello")
    assert ann["#tea"].pending == [entry] and entry.delivery is Delivery.SENT
    assert ann.texts("#tea") == []
    await settle(ann, bob)
    assert ann["#tea"].pending == [] and ann.client.saved() == []
    assert ann.texts("#tea") == bob.texts("#tea") == ["ann: hello"]
    assert last(ann).is_own and not last(bob).is_own
    assert last(ann).id == last(bob).id != ""
    (received,) = bob.seen(events.MessageReceived)
    assert isinstance(received, events.MessageReceived) and received.message is last(bob)


async def test_several_lines_and_long_texts_stay_one_message(harness: ServerHarness) -> None:
    ann, bob = await two(harness)
    for text in ("one\ntwo\n\nthree", "é" * 900, "a\n" + "long " * 300):
        ann.client.say(ann["#tea"], text)
        await settle(ann, bob)
        assert last(bob).text == text.rstrip() or last(bob).text == text


async def test_what_is_longer_than_one_message_becomes_several(harness: ServerHarness) -> None:
    ann, bob = await two(harness)
    lines = [f"line {number}" for number in range(250)]
    ann.client.say(ann["#tea"], "\n".join(lines))
    await settle(ann, bob)
    said = [message.text for message in bob["#tea"].timeline.messages if message.is_talk]
    assert len(said) > 1
    assert "\n".join(said).split("\n") == lines


async def test_what_one_says_to_oneself_stands_there_once(harness: ServerHarness) -> None:
    """It comes as the echo and as what was sent; the second "remember" is not taken for the first one's."""
    ann, _ = await two(harness)
    for text in ("remember", "remember", "one\ntwo"):
        ann.client.say(ann.client.open("ann"), text)
    await settle(ann)
    assert ann.texts("ann") == ["ann: remember", "ann: remember", "ann: one\ntwo"]
    assert ann["ann"].pending == [] and ann["ann"].unread == 0
    assert len(ann.seen(events.MessageReceived)) == 3


async def test_private_messages(harness: ServerHarness) -> None:
    ann, bob = await two(harness)
    ann.client.say(ann.client.open("BOB"), "psst")
    await settle(ann, bob)
    assert bob.texts("ann") == ["ann: psst"]
    assert ann.texts("bob") == ["ann: psst"]
    assert (bob["ann"].unread, bob["ann"].mentions) == (1, 1)
    assert not bob["ann"].is_room


async def test_refused_messages_stay_and_can_be_sent_again(harness: ServerHarness) -> None:
    ann, bob = await two(harness)
    await harness.ask(ann.person.name if ann.person else "", "MODE #tea +m")
    await settle(ann, bob)
    entry = bob.client.say(bob["#tea"], "let me speak")
    await settle(ann, bob)
    assert entry.delivery is Delivery.FAILED and "can't send messages" in entry.error
    assert bob["#tea"].pending == [entry]
    ann.client.ask("MODE", "#tea", "+v", "bob")
    await settle(ann, bob)
    bob.client.outbox.again(entry)
    await settle(ann, bob)
    assert ann.texts("#tea") == ["bob: let me speak"] and bob["#tea"].pending == []


async def test_a_failed_message_can_be_taken_back(harness: ServerHarness) -> None:
    ann = await come(harness, "ann")
    entry = ann.client.say(ann.client.open("nobody"), "hello?")
    with pytest.raises(ValueError, match="already being sent"):
        ann.client.outbox.drop(entry)
    await ann.settle()
    assert entry.delivery is Delivery.FAILED
    ann.client.outbox.drop(entry)
    assert ann["nobody"].pending == ann.client.saved() == []


async def test_replies_reactions_edits_and_deletions(harness: ServerHarness) -> None:
    ann, bob = await two(harness)
    ann.client.say(ann["#tea"], "which tea?")
    await settle(ann, bob)
    question = last(bob)
    bob.client.say(bob["#tea"], "oolnog", reply_to=question.id)
    bob.client.react(bob["#tea"], question, "👍")
    await settle(ann, bob)
    answer = last(ann)
    assert answer.reply_to == last(ann).reply_to == question.id
    assert last(ann) is answer
    asked = ann["#tea"].timeline.find(question.id)
    assert asked and asked.reactions == question.reactions == {"👍": ["bob"]}
    bob.client.edit(bob["#tea"], last(bob), "oolong")
    ann.client.react(ann["#tea"], asked, "👍")
    await settle(ann, bob)
    assert answer.text == last(bob).text == "oolong" and answer.edited_ms
    assert asked.reactions == {"👍": ["bob", "ann"]}
    bob.client.react(bob["#tea"], question, "👍", given=False)
    ann.client.delete(ann["#tea"], asked)
    await settle(ann, bob)
    assert asked.is_deleted and question.is_deleted and question.text == ""
    assert ann.client.saved() == bob.client.saved() == []


async def test_only_own_messages_are_edited(harness: ServerHarness) -> None:
    ann, bob = await two(harness)
    ann.client.say(ann["#tea"], "mine")
    await settle(ann, bob)
    with pytest.raises(ValueError, match="your own"):
        bob.client.edit(bob["#tea"], last(bob), "yours")


async def test_an_edit_of_several_lines(harness: ServerHarness) -> None:
    ann, bob = await two(harness)
    ann.client.say(ann["#tea"], "x")
    await settle(ann, bob)
    ann.client.edit(ann["#tea"], last(ann), "one\ntwo")
    await settle(ann, bob)
    assert last(bob).text == "one\ntwo"


async def test_actions_and_notices(harness: ServerHarness) -> None:
    ann, bob = await two(harness)
    ann.client.say(ann["#tea"], "waves", kind=Kind.ACTION)
    ann.client.say(ann["#tea"], "attention", kind=Kind.NOTICE)
    await settle(ann, bob)
    talk = [message for message in bob["#tea"].timeline.messages if message.is_talk]
    assert [(m.kind, m.text) for m in talk] == [(Kind.ACTION, "waves"), (Kind.NOTICE, "attention")]


async def test_mentions_and_unread(harness: ServerHarness) -> None:
    ann, bob = await two(harness)
    harness.wait(1)
    for text in ("hello", "bob: there?", "bobby is not Bob", "bobby"):
        ann.client.say(ann["#tea"], text)
    await settle(ann, bob)
    assert (bob["#tea"].unread, bob["#tea"].mentions) == (4, 2)
    first = bob["#tea"].first_unread()
    assert first and first.text == "hello"
    bob.client.markers.mark_read(bob["#tea"])
    assert (bob["#tea"].unread, bob["#tea"].mentions) == (0, 0)
    assert bob["#tea"].first_unread() is None
    bob.client.markers.mark_unread(bob["#tea"], first)
    assert bob["#tea"].unread == 4
    assert ann["#tea"].unread == 0, "one's own words are read"


async def test_what_is_read_in_one_client_is_read_in_the_other(harness: ServerHarness) -> None:
    await harness.account("ann")
    bob = await come(harness, "bob", rooms=("#tea",))
    desk = await come(harness, "ann", "correct horse", rooms=("#tea",))
    phone = await come(harness, "ann", "correct horse", seed=1)
    await settle(bob, desk, phone)
    assert phone["#tea"].is_joined, "the server puts an account into its rooms"
    harness.wait(1)
    bob.client.say(bob["#tea"], "news")
    await settle(bob, desk, phone)
    assert desk["#tea"].unread == phone["#tea"].unread == 1
    desk.client.markers.mark_read(desk["#tea"])
    await settle(bob, desk, phone)
    assert desk["#tea"].unread == phone["#tea"].unread == 0
    phone.client.say(phone["#tea"], "from my phone")
    await settle(bob, desk, phone)
    assert last(desk).is_own and desk["#tea"].unread == 0


async def test_what_was_said_before_one_came_is_no_news(harness: ServerHarness) -> None:
    ann = await come(harness, "ann", rooms=("#tea",))
    ann.client.say(ann["#tea"], "old")
    await ann.settle()
    harness.wait(5)
    bob = await come(harness, "bob", rooms=("#tea",))
    assert bob.texts("#tea") == ["ann: old"] and bob["#tea"].unread == 0


async def test_typing(harness: ServerHarness) -> None:
    ann, bob = await two(harness)
    ann.client.messages.tell_typing(ann["#tea"], True)
    await settle(ann, bob)
    assert list(bob["#tea"].typing) == ["ann"] and not ann["#tea"].typing
    harness.wait(7)
    for user in (ann, bob):
        user.client.tick(harness.now_ms)
    assert not bob["#tea"].typing
    ann.client.messages.tell_typing(ann["#tea"], True)
    await settle(ann, bob)
    assert bob["#tea"].typing
    ann.client.say(ann["#tea"], "done")
    await settle(ann, bob)
    assert not bob["#tea"].typing


async def test_typing_is_told_at_most_every_three_seconds(harness: ServerHarness) -> None:
    ann, _ = await two(harness)
    for _ in range(5):
        ann.client.messages.tell_typing(ann["#tea"], True)
    assert len(ann.client.take_output()) == 1
    ann.client.messages.tell_typing(ann["#tea"], False)
    ann.client.messages.tell_typing(ann["#tea"], False)
    assert len(ann.client.take_output()) == 1


async def test_rooms_and_members(harness: ServerHarness) -> None:
    ann, bob = await two(harness)
    room = ann["#tea"]
    assert {key: member.ranks for key, member in room.members.items()} == {"ann": "@", "bob": ""}
    ann.client.ask("MODE", "#tea", "+v", "bob")
    ann.client.ask("TOPIC", "#tea", "Oolong")
    await settle(ann, bob)
    assert bob["#tea"].members["bob"].ranks == "+"
    assert (bob["#tea"].topic, bob["#tea"].topic_by) == ("Oolong", "ann")
    bob.client.take_nick("robert")
    await settle(ann, bob)
    assert set(room.members) == {"ann", "robert"} and room.members["robert"].ranks == "+"
    assert bob.client.nick == "robert" and bob.client.mentions_me("Robert?")
    ann.client.ask("KICK", "#tea", "robert", "out")
    await settle(ann, bob)
    assert set(room.members) == {"ann"}
    assert not bob["#tea"].is_joined and not bob["#tea"].members
    assert [m.kind for m in bob["#tea"].timeline.messages][-1] is Kind.KICKED
    bob.client.join("#tea")
    await settle(ann, bob)
    assert set(room.members) == {"ann", "robert"}
    bob.client.leave(bob["#tea"], "bye")
    await settle(ann, bob)
    assert bob.client.find("#tea") is None and set(room.members) == {"ann"}
    assert room.timeline.messages[-1].text == "bye"


async def test_a_room_with_another_name(harness: ServerHarness) -> None:
    ann, bob = await two(harness)
    ann.client.ask("RENAME", "#tea", "#coffee", "stronger")
    await settle(ann, bob)
    for user in (ann, bob):
        assert user.client.find("#tea") is None and user["#coffee"].is_joined


async def test_leaving_the_server(harness: ServerHarness) -> None:
    ann, bob = await two(harness)
    ann.client.say(ann.client.open("bob"), "psst")
    await settle(ann, bob)
    bob.client.quit("good night")
    await settle(ann, bob)
    assert bob.client.is_closing and bob.client.has_left
    assert "bob" not in ann["#tea"].members
    assert ann["bob"].timeline.messages[-1].kind is Kind.QUIT
    person = ann.client.people.find("bob")
    assert person and person.is_online is False


async def test_presence(harness: ServerHarness) -> None:
    ann, bob = await two(harness)
    bob.client.ask("AWAY", "lunch")
    await settle(ann, bob)
    person = ann.client.people.find("bob")
    assert person and person.is_away and person.away_text == "lunch"
    bob.client.ask("AWAY")
    await settle(ann, bob)
    assert not person.is_away
    late = await come(harness, "cid", rooms=("#tea",))
    bob.client.ask("AWAY", "again")
    await settle(ann, bob, late)
    later = await come(harness, "dan", rooms=("#tea",))
    later.client.look_at(later["#tea"])
    await later.settle()
    found = later.client.people.find("bob")
    assert found and found.is_away


async def test_the_last_page_of_history_is_known_as_such(harness: ServerHarness) -> None:
    """Where the server says so (`draft/chathistory-end`), nobody asks for a page behind it to find it empty."""
    ann = await come(harness, "ann", rooms=("#tea",))
    ann.client.say(ann["#tea"], "hello")
    await settle(ann)
    bob = await come(harness, "bob", rooms=("#tea",))
    assert bob.texts("#tea") == ["ann: hello"]
    assert bob["#tea"].timeline.is_whole and not bob.client.history.older(bob["#tea"])


async def test_metadata(harness: ServerHarness) -> None:
    await harness.account("bob")
    ann = await come(harness, "ann", rooms=("#tea",))
    bob = await come(harness, "bob", "correct horse", rooms=("#tea",))
    bob.client.ask("METADATA", "*", "SET", "display-name", "Robert B.")
    ann.client.ask("METADATA", "#tea", "SET", "avatar", "https://example.org/tea.png")
    await settle(ann, bob)
    person = ann.client.people.find("bob")
    assert person and person.display_name == "Robert B."
    assert bob["#tea"].metadata == {"avatar": "https://example.org/tea.png"}
    late = await come(harness, "cid", rooms=("#tea",))
    found = late.client.people.find("bob")
    assert found and found.display_name == "Robert B."


async def test_requests_and_invitations(harness: ServerHarness) -> None:
    await harness.account("ann", role="admin")
    await harness.account("bob")
    ann = await come(harness, "ann", "correct horse")
    bob = await come(harness, "bob", "correct horse")
    bob.client.join("#Marketing")
    await settle(ann, bob)
    asked = ann.seen(events.RoomRequested)
    assert asked == [events.RoomRequested("#Marketing", "bob", "has asked for an invite.")] or asked
    assert bob.client.find("#Marketing") is None or not bob["#Marketing"].is_joined
    ann.client.join("#party")
    await settle(ann, bob)
    ann.client.ask("INVITE", "bob", "#party")
    await settle(ann, bob)
    assert events.Invited("#party", "ann") in bob.seen(events.Invited)


async def test_search(harness: ServerHarness) -> None:
    await harness.account("ann")
    ann = await come(harness, "ann", "correct horse", rooms=("#tea", "#coffee"))
    for room, text in (("#tea", "green tea"), ("#coffee", "no tea here"), ("#tea", "nothing")):
        ann.client.say(ann[room], text)
        await ann.settle()
    ann.seen()
    ann.client.search.find("tea")
    await ann.settle()
    (found,) = ann.seen(events.SearchFinished)
    assert isinstance(found, events.SearchFinished)
    assert [(name, message.text) for name, message in found.found] == [
        ("#tea", "green tea"),
        ("#coffee", "no tea here"),
    ]
    ann.client.search.find("tea", where=ann["#tea"])
    await ann.settle()
    (found,) = ann.seen(events.SearchFinished)
    assert isinstance(found, events.SearchFinished) and len(found.found) == 1


async def test_lists_descriptions_and_refusals(harness: ServerHarness) -> None:
    ann, bob = await two(harness)
    ann.client.ask("LIST")
    await settle(ann)
    (listed,) = ann.seen(events.RoomsListed)
    assert isinstance(listed, events.RoomsListed)
    assert listed.rooms[0].name == "#tea" and listed.rooms[0].members == 2
    ann.client.ask("WHOIS", "bob")
    await settle(ann)
    (described,) = ann.seen(events.PersonDescribed)
    assert isinstance(described, events.PersonDescribed) and "#tea" in described.facts["rooms"]
    bob.client.ask("TOPIC", "#tea", "mine now", conversation=bob["#tea"])
    await settle(bob)
    (refused,) = bob.seen(events.Refused)
    assert isinstance(refused, events.Refused) and refused.command == "TOPIC" and refused.code == "482"


async def test_the_servers_own_words(harness: ServerHarness) -> None:
    ann = await come(harness, "ann")
    ann.seen()
    ann.client.send("PRIVMSG", "Hubbub", "help")
    await ann.settle()
    said = ann.seen(events.ServerSaid)
    assert said and all(isinstance(event, events.ServerSaid) and event.sender == "Hubbub" for event in said)
    assert ann.client.find("Hubbub") is None


async def test_nothing_that_comes_can_drive_a_terminal(harness: ServerHarness) -> None:
    ann = await come(harness, "ann")
    ann.client.received(b":eve!e@x PRIVMSG ann :\x1b[2Jboo\x07\xe2\x80\xae\r\n", harness.now_ms)
    assert ann.texts("eve") == ["eve: [2Jboo"]


async def test_nothing_smuggles_a_second_line(harness: ServerHarness) -> None:
    ann, bob = await two(harness)
    ann.client.say(ann["#tea"], "one\r\nQUIT :gone\rtwo\x00\x07")
    await settle(ann, bob)
    assert bob.texts("#tea") == ["ann: one\nQUIT :gone\ntwo"]
    for text in ("x\r\nQUIT", "a\nb", "\0"):
        with pytest.raises(ValueError, match="NUL, CR or LF"):
            ann.client.ask("TOPIC", "#tea", text)
    for name in ("a b", "", ":x", "a,b", "a\nb"):
        with pytest.raises(ValueError, match="can't contain spaces"):
            ann.client.open(name)


async def test_a_server_that_does_not_answer(harness: ServerHarness) -> None:
    ann, _ = await two(harness)
    entry = ann.client.say(ann["#tea"], "hello?")
    ann.client.take_output()
    for _ in range(10):
        harness.wait(10)
        ann.client.received(b"PING :alive\r\n", harness.now_ms)
        ann.client.tick(harness.now_ms)
    assert entry.delivery is Delivery.FAILED and "may have arrived" in entry.error
    assert ann["#tea"].pending == [entry]


async def test_a_guest_of_ours_begins_in_the_welcome_room(harness: ServerHarness) -> None:
    """As netcat's do. Whoever has a room to go to goes there, an account is where it was, and programs are nowhere."""
    guest = await come(harness, "guest", begins_somewhere=True)
    assert guest["#Général"].is_joined
    ann = await come(harness, "ann", begins_somewhere=True, rooms=("#tea",))
    assert ann["#tea"].is_joined and ann.client.find("#Général") is None
    program = await come(harness, "program")
    assert not program.client.conversations


async def test_a_guest_who_has_left_every_room_stays_out_of_them(harness: ServerHarness) -> None:
    guest = await come(harness, "guest", begins_somewhere=True)
    guest.client.leave(guest["#Général"])
    await settle(guest)
    guest.cut()
    guest.connect()
    await settle(guest)
    assert not guest.client.conversations
