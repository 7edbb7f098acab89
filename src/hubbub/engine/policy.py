"""The policy: who may do what on the server and in a room, each question answered with None or the refusal."""

from typing import Final

from hubbub.text import clean

from .event import Request
from .extbans import fits, mutes
from .ids import time_of
from .names import RoomName
from .refusals import NotPermitted, NotPresent, Refusal
from .state import SIGNED_IN_MODE, Access, Actor, History, ListEntry, Role, Room, State, User


class RoomUnknown(Refusal, frozen=True):
    name: str

    def __str__(self) -> str:
        return f"There is no room {self.name}."


class TooManyRooms(Refusal, frozen=True):
    name: str
    limit: int

    def __str__(self) -> str:
        return f"You are already in {self.limit} rooms. Leave one of them first."


class InvitationNeeded(Refusal, frozen=True):
    name: str

    def __str__(self) -> str:
        return f"The room {self.name} requires an invitation. Ask one of its members."


class RoomKeyWrong(Refusal, frozen=True):
    name: str

    def __str__(self) -> str:
        return f"The room {self.name} has a key. Write it after the room's name."


class RoomFull(Refusal, frozen=True):
    name: str

    def __str__(self) -> str:
        return f"The room {self.name} is full. Try again later."


class BannedFromRoom(Refusal, frozen=True):
    name: str

    def __str__(self) -> str:
        return f"You are banned from the room {self.name}. Ask one of its operators."


class NotMember(Refusal, frozen=True):
    name: str

    def __str__(self) -> str:
        return f"You are not in the room {self.name}. Join it first."


class NotOperator(Refusal, frozen=True):
    name: str

    def __str__(self) -> str:
        return f"Only an operator of the room {self.name} can do this."


class NoOperators(Refusal, frozen=True):
    """All who are in a conversation of several people are equal, and it has no settings."""

    name: str

    def __str__(self) -> str:
        return (
            f"{self.name} is a conversation: it has no operators and no settings but its topic. Its members can set "
            "that, add people, and leave."
        )


class MayNotSpeak(Refusal, frozen=True):
    name: str
    why: str

    def __str__(self) -> str:
        return f"You can't send messages to the room {self.name}: {self.why}."


class OnlySignedInWrite(Refusal, frozen=True):
    """The one who is written to has set it so."""

    name: str

    def __str__(self) -> str:
        return f"{self.name} accepts private messages only from people with an account. Log in first."


RANKS: Final = "qaohv"
"""The modes of members: founder, protected, operator, half-operator, voice; the highest first."""


def rank(modes: str) -> int:
    """The rank of modes: 5 for a founder down to 1 for a voice, 0 for none."""
    return len(RANKS) - RANKS.index(modes[0]) if modes else 0


HALF_OPERATOR: Final = rank("h")

OPERATOR: Final = rank("o")


def rank_in(room: Room, actor: Actor) -> int:
    """An actor's rank in a room; an administrator of the server stands above all, but in a conversation."""
    if room.conversation:
        return 0
    if actor.role >= Role.ADMIN:
        return len(RANKS) + 1
    member = room.members.get(actor.origin.person)
    return rank(member.modes) if member else 0


def asked_in(state: State, request: Request, name: RoomName) -> tuple[Actor, Room] | Refusal:
    """The actor and the room of a command."""
    actor = state.actor(request)
    if actor is None:
        return NotPresent()
    room = known_room(state, actor, name)
    return (actor, room) if room else RoomUnknown(name.text)


def known_room(state: State, actor: Actor, name: RoomName) -> Room | None:
    """The room of this name, unless it is none of the actor's business that there is one."""
    room = state.room_named(name)
    return room if room and may_know(room, actor) else None


def may_know(room: Room, actor: Actor) -> bool:
    """Whether a user may learn that a room exists: a secret one exists only for those who are in it or were
    let in, and for administrators; a conversation for those who are in it alone. To everybody else whatever they ask
    is answered as if it were not there.
    """
    user = actor.user
    if room.conversation:
        return user is not None and user.person in room.members
    if not room.secret or actor.role >= Role.ADMIN:
        return True
    return user is not None and (user.person in room.members or is_let_in(room, user))


def may_see_present(asker: User, user: User) -> bool:
    """Whether a user sees another in lists of all connected users: the invisible (user mode i) are seen by
    the place's own people are, which are those with an account, and guests who share a room with them.
    """
    if "i" not in user.modes or user is asker or asker.account or asker.role >= Role.MODERATOR:
        return True
    return not user.rooms.keys().isdisjoint(asker.rooms)


def must_be(actor: Actor, role: Role) -> Refusal | None:
    return None if actor.role >= role else NotPermitted("administrator" if role is Role.ADMIN else role.word)


def asked_as(state: State, request: Request, role: Role) -> Actor | Refusal:
    """The actor of a command that needs at least this server role."""
    actor = state.actor(request)
    return NotPresent() if actor is None else must_be(actor, role) or actor


def must_outrank(actor: Actor, role: Role) -> Refusal | None:
    """A moderator can't act against a moderator or an administrator; an administrator can against anybody."""
    return None if actor.role > role or actor.role is Role.ADMIN else NotPermitted("administrator")


def must_operate(room: Room, actor: Actor, least: int = OPERATOR) -> Refusal | None:
    if room.conversation:
        return NoOperators(room.name.text)
    if rank_in(room, actor) >= least:
        return None
    if actor.user and room.id not in actor.user.rooms:
        return NotMember(room.name.text)
    return NotOperator(room.name.text)


def operated(
    state: State, request: Request, name: RoomName, least: int = OPERATOR
) -> tuple[Actor, Room] | Refusal:
    """The actor and the room of a command that needs a rank."""
    found = asked_in(state, request, name)
    if isinstance(found, Refusal):
        return found
    actor, room = found
    return must_operate(room, actor, least) or found


def is_listed(entries: dict[str, ListEntry], user: User) -> bool:
    """Whether a mask on the list matches this user; a mute does not ban."""
    return any(fits(mask, user.origin) for mask in entries)


def is_banned(room: Room, user: User) -> bool:
    return is_listed(room.lists["b"], user) and not is_listed(room.lists["e"], user)


def _is_banned_since(room: Room, user: User, invitation: int) -> bool:
    """Whether the room bans a user by an entry that is newer than their invitation."""
    newer = {mask: entry for mask, entry in room.lists["b"].items() if entry.at > time_of(invitation)}
    return is_listed(newer, user) and not is_listed(room.lists["e"], user)


def is_muted(room: Room, user: User) -> bool:
    """An exception from mutes alone is written as the mute is; one from everything is an exception from mutes too."""
    if not _mutes_any(room.lists["b"], user):
        return False
    exempt = room.lists["e"]
    return not (is_listed(exempt, user) or _mutes_any(exempt, user))


def _mutes_any(entries: dict[str, ListEntry], user: User) -> bool:
    return any(mutes(mask, user.origin) for mask in entries)


def may_redact(room: Room, actor: Actor) -> bool:
    """Whether a user may delete others' messages in a room."""
    return not room.conversation and _looks_after(room, actor)


def _looks_after(room: Room, actor: Actor) -> bool:
    return actor.role >= Role.MODERATOR or rank_in(room, actor) >= HALF_OPERATOR


def is_admitted(room: Room, user: User) -> bool:
    """Whether the room's access admits this user: it is open, or they were let in."""
    return room.access is Access.OPEN or is_let_in(room, user)


def is_let_in(room: Room, user: User) -> bool:
    """Whether a member with the right to has let this user in."""
    return user.person in room.admitted or user.person in room.invited or is_listed(room.lists["I"], user)


def needs_key(room: Room, user: User) -> bool:
    """Whether this user joins the room only with its key: no operator has invited them, and they had no rank."""
    lifted = room.invited.get(user.person) or room.admitted.get(user.person)
    return room.key is not None and not lifted


def may_have_another_room(state: State, actor: Actor, name: str) -> Refusal | None:
    limit = state.rules.rooms_a_person
    if limit and actor.user and sum(not room.conversation for room in actor.user.rooms.values()) >= limit:
        return TooManyRooms(name, limit)
    return None


def may_enter(state: State, room: Room, actor: Actor, key: str | None) -> Refusal | None:
    """Whether a user may come in now. An administrator may always; approval is asked for by the rule itself.

    An invitation lifts once all that stood in the way when it was given, key, limit and ban included: so Ergo and
    InspIRCd have it, since an operator of the room has asked for this very person. A later ban holds.
    """
    user = actor.user
    if room.conversation:
        return InvitationNeeded(room.name.text)
    if user is None or actor.role >= Role.ADMIN:
        return None
    if invitation := room.invited.get(user.person):
        if _is_banned_since(room, user, invitation):
            return BannedFromRoom(room.name.text)
        return may_have_another_room(state, actor, room.name.text)
    if is_banned(room, user):
        return BannedFromRoom(room.name.text)
    if room.access is Access.INVITATION and not is_admitted(room, user):
        return InvitationNeeded(room.name.text)
    if key != room.key and needs_key(room, user):
        return RoomKeyWrong(room.name.text)
    returns_with_rank = bool(room.admitted.get(user.person))
    if room.limit is not None and len(room.members) >= room.limit and not returns_with_rank:
        return RoomFull(room.name.text)
    return may_have_another_room(state, actor, room.name.text)


def may_speak(room: Room, actor: Actor) -> Refusal | None:
    user = actor.user
    if room.conversation and actor.origin.person not in room.members:
        return MayNotSpeak(room.name.text, "you are not in it")
    if user is None or actor.role >= Role.ADMIN:
        return None
    member = room.members.get(user.person)
    if member is None and ("n" in room.flags or room.access is not Access.OPEN or room.secret):
        return MayNotSpeak(room.name.text, "you are not in it; join it first")
    if member and member.modes:
        return None
    if "m" in room.flags:
        return MayNotSpeak(room.name.text, "it is moderated; ask an operator for a voice")
    if "M" in room.flags and not actor.origin.account:
        return MayNotSpeak(room.name.text, "it requires an account; log in, or ask an operator for a voice")
    if not room.lists["b"]:
        return None
    if is_banned(room, user):
        return MayNotSpeak(room.name.text, "you are banned from it")
    if is_muted(room, user):
        return MayNotSpeak(room.name.text, "you are muted in it")
    return None


def may_say(room: Room, actor: Actor, text: str) -> Refusal | None:
    """Whether a user may speak in a room, and send this text; each of its lines may be shown by itself."""
    if "C" in room.flags and any(is_ctcp_request(clean(line)) for line in text.split("\n")):
        return MayNotSpeak(room.name.text, "it accepts no CTCP except ACTION")
    return may_speak(room, actor)


def is_ctcp_request(text: str) -> bool:
    """Whether a text is CTCP that a client may answer; ACTION is only another way to speak."""
    return text.startswith("\x01") and text.split(maxsplit=1)[0].rstrip("\x01") != "\x01ACTION"


def may_write_to(state: State, actor: Actor, person: int) -> Refusal | None:
    """Whether a user may write to a person privately; the person's settings hold while they are connected."""
    user = state.users.get(person)
    if user is None or SIGNED_IN_MODE not in user.modes or user is actor.user:
        return None
    is_known = actor.origin.account is not None or actor.role >= Role.ADMIN
    return None if is_known else OnlySignedInWrite(user.nick.text)


def may_set_topic(room: Room, actor: Actor) -> Refusal | None:
    if "t" in room.flags:
        return must_operate(room, actor, HALF_OPERATOR)
    return must_be_member(room, actor)


def must_be_member(room: Room, actor: Actor) -> Refusal | None:
    if actor.role >= Role.ADMIN or actor.origin.person in room.members:
        return None
    return NotMember(room.name.text)


def may_see(room: Room, user: User | None) -> bool:
    """Whether a user sees the room: a secret one only its members and administrators, a conversation its members."""
    if room.conversation:
        return user is not None and user.person in room.members
    return not room.secret or (user is not None and (user.person in room.members or user.role >= Role.ADMIN))


def may_list(room: Room, user: User | None) -> bool:
    """Whether a room is in lists of rooms for a user; a conversation is in none."""
    return not room.conversation and may_see(room, user)


def may_read_metadata(room: Room, user: User | None) -> Refusal | None:
    """Whether a user may read a visible room's metadata; of an invite-only room, those who may join."""
    if room.access is not Access.INVITATION:
        return None
    if user and (user.role >= Role.ADMIN or user.person in room.members or is_let_in(room, user)):
        return None
    return InvitationNeeded(room.name.text)


def readable_rooms(user: User) -> tuple[tuple[int, int], ...]:
    """The rooms of a user, each with the id after which its history is theirs to read; without those that are not."""
    found = ((room.id, may_read_history(room, user)) for room in user.rooms.values())
    return tuple((room, max(0, first - 1)) for room, first in found if not isinstance(first, Refusal))


def may_read_history(room: Room, user: User) -> int | Refusal:
    """The id from which on a user reads the room's history; 0 for all of it."""
    return _history_from(room, user.person, user.role)


def history_from(state: State, room: Room, person: int) -> int:
    """The id after which a person reads a room's history; above all ids for none of it."""
    first = _history_from(room, person, role_of(state, person))
    return NEVER if isinstance(first, Refusal) else max(0, first - 1)


def role_of(state: State, person: int) -> Role:
    """The server role of a person, connected or not."""
    user, account = state.users.get(person), state.accounts.get(person)
    return user.role if user else account.role if account else Role.MEMBER


NEVER: Final = (1 << 63) - 1


def _history_from(room: Room, person: int, role: Role) -> int | Refusal:
    member = room.members.get(person)
    if role >= Role.ADMIN and not room.conversation:
        return 0
    if member is None or room.history is History.NONE:
        return NotMember(room.name.text)
    return member.since if room.history is History.SINCE_JOINING else 0
