"""A table that strangers fill: bounded, and what holds somebody back stays in it."""

from hubbub.node.expiring_table import Expiring


def test_what_expires_first_makes_way() -> None:
    table: Expiring[str, int] = Expiring(2)
    table.put("long", 1, 100.0, 0.0)
    for number in range(50):
        table.put(f"short {number}", number, 10.0, 0.0)
    assert len(table) == 2
    assert (table.get("long", 0.0), table.get("short 49", 0.0)) == (1, 49)


def test_what_is_put_again_expires_when_it_was_said_last() -> None:
    table: Expiring[str, int] = Expiring(2)
    table.put("once short", 1, 10.0, 0.0)
    table.put("once short", 2, 100.0, 0.0)
    table.put("other", 3, 50.0, 0.0)
    table.put("new", 4, 60.0, 0.0)
    assert (table.get("once short", 20.0), table.get("other", 20.0)) == (2, None)


def test_what_has_expired_is_gone_and_takes_no_room() -> None:
    table: Expiring[str, int] = Expiring(2)
    table.put("a", 1, 10.0, 0.0)
    assert (table.get("a", 9.9), table.get("a", 10.0)) == (1, None)
    table.put("b", 2, 100.0, 0.0)
    table.put("c", 3, 100.0, 11.0)
    assert (table.get("b", 11.0), table.get("c", 11.0)) == (2, 3)


def test_putting_the_same_again_and_again_takes_no_more_room() -> None:
    table: Expiring[str, int] = Expiring(4)
    for number in range(1_000):
        table.put("a", number, 10.0 + number, 0.0)
    assert len(table) == 1 and len(table._order) <= 8
    table.remove("a")
    table.remove("a")
    assert table.get("a", 0.0) is None
