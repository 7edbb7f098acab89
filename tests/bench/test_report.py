"""The page of figures: it says what holds and what does not, and draws what was measured."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from bench import report, results
from bench.__main__ import PARTS
from bench.results import Row, Table, Target

TABLE = Table(
    "What a thing costs",
    ("ours", "theirs"),
    (Row("in a room", ("1.00", "2.00")),),
    ("A note.",),
    (
        Target("it is cheap", 1.0, 1.5, " times"),
        Target("it is dear", 2.0, 1.5, " times"),
        Target("nobody knows", None, 1.5, " times", "it was not there"),
    ),
    {"in a room <of 500>": {"ours": 1.0, "theirs": 2.0}},
)


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(results, "FOLDER", tmp_path / "results")
    monkeypatch.setattr(report, "PAGE", tmp_path / "page.md")
    monkeypatch.setattr(report, "PLOT", tmp_path / "plot.svg")
    results.keep("part", [TABLE])
    report.write(["part", "another that was never measured"])
    return tmp_path


def test_targets_say_whether_they_hold(written: Path) -> None:
    page = (written / "page.md").read_text("utf-8")
    assert "| it is cheap | 1 times | 1.5 times | holds |" in page
    assert "| it is dear | 2 times | 1.5 times | DOES NOT HOLD |" in page
    assert "| nobody knows | – | 1.5 times | not measured: it was not there |" in page
    assert "| in a room | 1.00 | 2.00 |" in page
    assert "Measured on 2" in page


def test_the_plot_has_a_bar_for_each_figure(written: Path) -> None:
    picture = ElementTree.parse(written / "plot.svg").getroot()
    bars = picture.findall("{http://www.w3.org/2000/svg}rect")
    # The ground, the legend's two, and a bar for each of two figures; theirs is twice as long.
    assert len(bars) == 5
    ours, theirs = (float(bar.attrib["width"]) for bar in bars[3:])
    assert theirs == pytest.approx(2 * ours, rel=0.01)


def test_a_terminal_shows_the_same() -> None:
    lines = list(TABLE.lines())
    assert lines[0] == "What a thing costs"
    assert any(line.endswith("DOES NOT HOLD") for line in lines)


def test_the_page_says_what_was_measured_last() -> None:
    """`python -m bench` writes it; who has changed how it reads calls `bench.report.write` again."""
    assert report.PAGE.read_text("utf-8") == report.page(list(PARTS))
