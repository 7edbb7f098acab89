"""Bans and suspensions of names and addresses: whether one holds now, and the refusal that it gives."""

from hubbub.addresses import known_address

from .names import fold
from .refusals import Refusal, because, describe_until
from .state import Sanction, State


class KeptOut(Refusal, frozen=True):
    """Suspended (`until` is a time, milliseconds since the epoch) or banned (`until` is None)."""

    reason: str
    until: int | None

    def __str__(self) -> str:
        what = "banned" if self.until is None else "suspended"
        return f"You are {what} {describe_until(self.until)}{because(self.reason)}"


def name_kept_out(state: State, name: str, now: int) -> KeptOut | None:
    sanction = state.names_kept_out.get(fold(name))
    return _kept_out(sanction, now)


def address_kept_out(state: State, address: str, now: int) -> KeptOut | None:
    here = known_address(address) if state.networks_kept_out else None
    if here is None:
        return None
    refusals = (_kept_out(one, now) for one in state.networks_kept_out.around(here))
    return next(filter(None, refusals), None)


def _kept_out(sanction: Sanction | None, now: int) -> KeptOut | None:
    if sanction is None or not sanction.holds(now):
        return None
    return KeptOut(sanction.reason, sanction.until)
