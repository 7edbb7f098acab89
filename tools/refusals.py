"""The refusals of the engine, gathered from its subjects."""

from hubbub.engine import engine
from hubbub.engine.refusals import Refusal

PACKAGE = engine.__name__.rpartition(".")[0]


def of_engine() -> dict[str, type[Refusal]]:
    """Every refusal that a module of the engine defines, by its code; by module, in the order of its lines."""
    found = [kind for kind in _below(Refusal) if kind.__module__.rpartition(".")[0] == PACKAGE]
    return {kind.__name__: kind for kind in sorted(found, key=lambda kind: kind.__module__)}


def _below(kind: type[Refusal]) -> list[type[Refusal]]:
    return [one for child in kind.__subclasses__() for one in (child, *_below(child))]
