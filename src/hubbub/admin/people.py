"""Commands about people: who there is, and who is connected."""

from hubbub.engine.state import Account, Role, Session, State, User

from .answers import Result, Rows, listed, said
from .command import Command
from .context import AdminContext
from .room_visibility import names_seen
from .text_columns import counted
from .times import moment


def users(desk: AdminContext) -> Result:
    """The connected people, then the accounts that are not connected."""
    state, now = desk.state, desk.now()
    present = sorted(state.users.values(), key=lambda user: user.nick.key)
    absent = sorted(
        (account for account in state.accounts.values() if account.id not in state.users),
        key=lambda account: account.name.key,
    )
    if not present and not absent:
        return said("There are no accounts yet, and nobody is connected.")
    everybody: list[User | Account] = [*present, *absent]
    rows = Rows(
        everybody, lambda one: _present(desk, one) if isinstance(one, User) else _absent(desk, one, now)
    )
    count = f"{counted(len(present), 'user')} online, {counted(len(state.accounts), 'account')}."
    return listed(("name", "role", "state", "sessions", "rooms"), rows, count)


def _present(desk: AdminContext, user: User) -> tuple[str, ...]:
    name, account = user.nick.text, user.account
    if account and account.name != user.nick:
        name = f"{name} (account {account.name})"
    role = user.role.word if account or user.role else "guest"
    state = "online" if user.origin.away is None else f"away: {user.origin.away}"
    return name, role, state, str(len(user.sessions)), names_seen(user.rooms.values(), desk.role)


def _absent(desk: AdminContext, account: Account, now: int) -> tuple[str, ...]:
    why = _why_absent(desk.state, account, now)
    return account.name.text, account.role.word, why, "0", names_seen(account.rooms.values(), desk.role)


def _why_absent(state: State, account: Account, now: int) -> str:
    sanction = state.names_kept_out.get(account.name.key)
    if sanction is None or not sanction.holds(now):
        return "offline" if account.approved else "waiting for approval"
    return "banned" if sanction.until is None else f"suspended until {moment(sanction.until)}"


def connections(desk: AdminContext) -> Result:
    sessions = sorted(desk.state.sessions.values(), key=lambda session: (session.since, session.id))
    if not sessions:
        return said("Nobody is connected.")
    rows = Rows(sessions, lambda session: _connection(desk, session))
    heads = ("name", "address", "by", "client", "since (UTC)", "rooms")
    return listed(heads, rows, f"{counted(len(sessions), 'session')}.")


def _connection(desk: AdminContext, session: Session) -> tuple[str, ...]:
    user = desk.state.users.get(session.person)
    host = f"[{session.address}]" if ":" in session.address else session.address
    return (
        user.nick.text if user else "(signing in)",
        f"{host}:{session.port}",
        f"{session.face}, TLS" if session.secure else session.face,
        session.client or "(unknown)",
        moment(session.since),
        names_seen(user.rooms.values(), desk.role) if user else "",
    )


COMMANDS = (
    Command(
        ("users",),
        (),
        "List everybody: the people online, and the accounts offline.",
        "users",
        users,
        Role.MODERATOR,
        changes=False,
    ),
    Command(
        ("connections",),
        (),
        "List who is connected, with address, client, time and rooms.",
        "connections",
        connections,
        Role.MODERATOR,
        changes=False,
    ),
)
