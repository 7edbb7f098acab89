"""Confirmations: what each act asked for, and how much of it anybody was shown before the server was killed."""

from collections.abc import Mapping

Key = tuple[str, str]
"""The kind of a thing, and its name."""
ABSENT = ""
GONE = ("revoked", "lifted")
"""Values that read as though the thing had never been."""


class Ledger:
    """Each key is something whose values follow each other; `asked` and `confirmed` note them, `check` compares.

    After a kill a key has the newest value that anybody was shown, or one that was asked for after it:

    >>> ledger = Ledger()
    >>> topic = ("topic", "tea")
    >>> ledger.asked(topic, "one"); ledger.confirmed(topic, "one"); ledger.asked(topic, "two")
    >>> ledger.possible(topic)
    ['one', 'two']
    """

    def __init__(self) -> None:
        self._values: dict[Key, list[str]] = {}
        self._confirmed: dict[Key, int] = {}
        self.touched: dict[Key, None] = {}
        """The keys that were asked for since the last kill."""
        self.confirmations = 0
        self.names: dict[str, str] = {}
        """The messages' names by their ids, as somebody was shown them: a deleted message has no text."""

    def asked(self, key: Key, value: str) -> None:
        """Raises ValueError for a value that the key has had: a confirmation names one value."""
        values = self._values.setdefault(key, [ABSENT])
        if value in values:
            raise ValueError(f"{key} has had the value {value!r}")
        values.append(value)
        self.touched[key] = None

    def confirmed(self, key: Key, value: str) -> None:
        """Somebody was shown it; what nobody of the test has asked for is passed over."""
        if key not in self._values:
            return
        place = self._values[key].index(value)
        if place > self._confirmed.get(key, 0):
            self._confirmed[key] = place
            self.confirmations += 1

    def possible(self, key: Key) -> list[str]:
        return self._values.get(key, [])[self._confirmed.get(key, 0) :]

    def check(self, key: Key, found: str) -> None:
        """What is read after a kill was shown thereby."""
        possible = self.possible(key)
        if found == ABSENT:
            found = next((value for value in possible if value in (ABSENT, *GONE)), ABSENT)
        assert found in possible, f"{key} is {found!r} after the kill, and should be one of {possible}"
        self._values[key] = [found]
        self._confirmed[key] = 0
        self.touched.pop(key, None)

    def check_all(self, found: Mapping[Key, str], *kinds: str) -> None:
        """Of these kinds everything that was asked for since the last kill."""
        for key in self.of(*kinds):
            self.check(key, found.get(key, ABSENT))

    def of(self, *kinds: str) -> list[Key]:
        return [key for key in self.touched if key[0] in kinds]
