"""Eras: a new one begins where the clock was ahead, so that time does not stand still until it gets there."""

from .audit import ActRecorded
from .event import Answer, Ask, Command, Event
from .refusals import NotPermitted
from .state import State


class BeginEra(Command, frozen=True):
    """Asked by the shell alone, with the first id of the new era."""


class EraBegun(Event, frozen=True):
    """What lasts of it is the act before it, the `first` thing in the era."""

    first: int


def begin_era(state: State, ask: Ask, command: BeginEra) -> Answer:
    if not ask.is_shell:
        return NotPermitted("administrator")
    act = ActRecorded(ask.id, ask.operator, "set right", "the clock", "It was ahead.")
    return [act, EraBegun(ask.id + 1, act.id)]


def era_begun(state: State, event: EraBegun) -> None:
    state.eras.append(event.first)
