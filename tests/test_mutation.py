"""Mutation finds what no test notices, and its table is of this project as it is."""

import subprocess
import sys
from pathlib import Path

from tools.mutants import mutants
from tools.mutate import trials

ROOT = Path(__file__).parent.parent


def test_what_no_test_notices_is_told(tmp_path: Path) -> None:
    (tmp_path / "shop.py").write_text(
        "def price(cups):\n    return 9 if cups > 3 else 10\n\n\ndef closed():\n    return not 0\n"
    )
    (tmp_path / "test_shop.py").write_text(
        "import shop\n\n\ndef test_price():\n    assert (shop.price(5), shop.price(1)) == (9, 10)\n"
    )
    told = _told(tmp_path, "Trial('shop.py', ['test_shop.py'], {'closed: gone': 'x'})")
    assert "shop.py:2: price: cups > 3 → cups >= 3  (1 tests come by)" in told
    assert "shop.py:2: price: cups > 3 → cups > 4  (1 tests come by)" in told
    assert "shop.py:6: closed: not 0 → 0  (no test comes by)" in told
    assert "a reason is written for what there is not: closed: gone" in told
    assert "9 if cups > 3 else 10 → 10 if cups > 3 else 9" not in told


SHOP = "def price(cups):\n    return cups > 3\n"


def test_each_mutant_has_files_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "shop.py").write_text(SHOP)
    (tmp_path / "test_shop.py").write_text(
        "import shop\n\n\ndef test_price(tmp_path):\n    shop.price(5)\n"
        "    with open('paths', 'a') as file:\n        file.write(f'{tmp_path}\\n')\n"
    )
    _told(tmp_path, "Trial('shop.py', ['test_shop.py'])")
    folders = [Path(line).parent for line in (tmp_path / "paths").read_text().splitlines()]
    assert len(folders) > 2 and len(set(folders)) == len(folders)


def test_a_test_that_fails_without_a_change_is_told(tmp_path: Path) -> None:
    (tmp_path / "shop.py").write_text(SHOP)
    (tmp_path / "test_shop.py").write_text(
        "import shop\n\n\ndef test_once():\n    assert shop.price(5)\n    open('once', 'x').close()\n"
    )
    told = _told(tmp_path, "Trial('shop.py', ['test_shop.py'])")
    assert "shop.py: without a change, test_shop.py::test_once fails when it runs again." in told


def _told(folder: Path, trial: str) -> str:
    """What is printed of a trial in a folder that is a project of its own."""
    (folder / "pytest.ini").write_text("[pytest]\npythonpath = .\n")
    return subprocess.run(
        [
            sys.executable,
            "-c",
            f"import sys; sys.path.append({str(ROOT)!r}); from tools.mutate import Trial, run; run({trial})",
        ],
        cwd=folder,
        capture_output=True,
        text=True,
    ).stdout


def test_the_table_is_of_what_there_is() -> None:
    for trial in trials(ROOT / "tools" / "mutation.toml"):
        assert all((ROOT / test).exists() for test in trial.tests), trial.tests
        there = {one.name for one in mutants((ROOT / trial.path).read_text("utf-8"), trial.path)}
        assert trial.equivalent.keys() <= there
