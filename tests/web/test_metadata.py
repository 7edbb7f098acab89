"""Pictures lose what they tell of their sender: on the bytes that are kept and given, whichever way they came."""

import hashlib
import io
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from PIL import Image, ImageChops, ImageStat

from hubbub.web import picture_metadata, picture_worker
from hubbub.web.media_types import is_shown, kind_of
from hubbub.web.picture_jobs import BUSY, PictureProcess
from hubbub.web.picture_metadata import STRIPPED, Unreadable
from hubbub.web.picture_worker import cleaned
from hubbub.web.thumbnail_worker import shrink
from tests.server_harness import ServerHarness
from tests.web import pictures
from tests.web.http_client import Answer, HttpClient
from tests.web.pictures import PNG, SECRET
from tests.web.test_api import member

NewClient = Callable[..., HttpClient]

TELLING: dict[str, Callable[[], bytes]] = {
    "image/jpeg": pictures.jpeg,
    "image/png": pictures.png,
    "image/gif": pictures.gif,
    "image/webp": pictures.webp,
    "image/avif": pictures.avif,
    "image/heic": pictures.heic,
}
UNREADABLE = (
    "The server can't read this picture, so it can't remove where the picture was taken. Save the "
    "picture again in another program, then send that."
)


def _opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def _difference(one: Image.Image, other: Image.Image) -> float:
    """Of two pictures' pixels, on average, of 255."""
    assert one.size == other.size
    return max(ImageStat.Stat(ImageChops.difference(one.convert("RGB"), other.convert("RGB"))).mean)


async def _send(client: HttpClient, data: bytes) -> Answer:
    return await client.post("/files", body=data)


def test_every_kind_of_picture_that_is_known() -> None:
    assert set(TELLING) == STRIPPED


@pytest.mark.parametrize("kind", TELLING)
async def test_nothing_is_told(harness: ServerHarness, new_client: NewClient, kind: str) -> None:
    """Neither where it is kept, nor where it is given, nor by its small form."""
    ann, data = await member(harness, "ann", new_client), TELLING[kind]()
    assert SECRET in data and kind_of(data) == kind
    path = urlsplit((await _send(ann, data)).headers["location"]).path
    given = await ann.get(path)
    assert given.status == 200 and SECRET not in given.body and given.headers["content-type"] == kind
    for kept in (harness.data / "files").rglob("*"):
        assert kept.is_dir() or SECRET not in kept.read_bytes()
    digest = hashlib.sha256(given.body).hexdigest()
    [stored] = [one for one in (harness.data / "files").rglob("*") if one.is_file()]
    assert stored.name == digest, "its name is the digest of what is kept"
    assert list(harness.node.state.file_bytes.values()) == [len(given.body)], "and its size is counted"


@pytest.mark.filterwarnings("ignore:Image appears to be a malformed MPO")
@pytest.mark.parametrize("kind", [kind for kind in TELLING if kind != "image/heic"])
def test_what_is_seen_stays_as_it_is(kind: str) -> None:
    """To the last bit: no pixel is decoded. The profile of its colours stays too."""
    data = TELLING[kind]()
    before, after = _opened(data), _opened(cleaned(data))
    assert after.mode == before.mode and after.tobytes() == before.tobytes()
    assert after.info.get("icc_profile") == before.info.get("icc_profile")
    assert not after.getexif() and "xmp" not in after.info and "comment" not in after.info


@pytest.mark.parametrize(
    "data",
    [
        pictures.gif(),
        pictures.png(animated=True),
        pictures.webp(animated=True),
        pictures.avif(animated=True),
    ],
    ids=["gif", "png", "webp", "avif"],
)
def test_what_moves_goes_on_moving(data: bytes) -> None:
    before, after = _opened(data), _opened(cleaned(data))
    assert SECRET not in cleaned(data)
    assert (after.n_frames, after.info.get("loop")) == (2, before.info.get("loop"))  # type: ignore[attr-defined]
    for number in range(2):
        before.seek(number)
        after.seek(number)
        assert after.info.get("duration") == before.info.get("duration")
        assert after.convert("RGB").tobytes() == before.convert("RGB").tobytes()


@pytest.mark.filterwarnings("ignore:Image appears to be a malformed MPO")
@pytest.mark.parametrize("make", [pictures.jpeg, pictures.png, pictures.webp])
@pytest.mark.parametrize("orientation", range(2, 9))
def test_it_is_turned_the_right_way_up(make: Callable[[int], bytes], orientation: int) -> None:
    """Red is above, whatever the camera was held like, and nothing needs to be told of it any more."""
    turns = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_270,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_90,
    }
    came = make(orientation)
    data = cleaned(came)
    after = _opened(data)
    assert SECRET not in data and b"Exif" not in data and not after.getexif() and after.info["icc_profile"]
    assert _difference(after, _opened(came).transpose(turns[orientation])) < 2


@pytest.mark.parametrize("make", [pictures.jpeg, pictures.png, pictures.webp])
def test_what_cannot_be_turned_says_how_it_is_held_and_nothing_else(
    make: Callable[[int], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One of too many pixels is not even decoded; one that moves would stop."""
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", None)  # Reading sets it, for the process.
    monkeypatch.setattr("hubbub.web.thumbnail_worker.PIXELS_MAX", 10)
    data = cleaned(make(6))
    assert SECRET not in data and dict(_opened(data).getexif()) == {0x0112: 6}
    assert _opened(data).size == (64, 32)


def test_what_moves_is_not_stopped_to_be_turned() -> None:
    data = cleaned(pictures.png(6, animated=True))
    assert SECRET not in data and _opened(data).n_frames == 2  # type: ignore[attr-defined]
    assert dict(_opened(data).getexif()) == {0x0112: 6}


@pytest.mark.parametrize("kind", TELLING)
def test_a_second_time_changes_nothing(kind: str) -> None:
    once = cleaned(TELLING[kind]())
    assert cleaned(once) == once


async def test_a_picture_that_tells_nothing_is_kept_as_it_came(
    harness: ServerHarness, new_client: NewClient
) -> None:
    ann = await member(harness, "ann", new_client)
    path = urlsplit((await _send(ann, PNG)).headers["location"]).path
    assert (await ann.get(path)).body == PNG


@pytest.mark.parametrize("harness", [{"files.keep_metadata": True}], indirect=True)
async def test_where_it_is_wanted_everything_stays(harness: ServerHarness, new_client: NewClient) -> None:
    ann, data = await member(harness, "ann", new_client), pictures.jpeg(6)
    path = urlsplit((await _send(ann, data)).headers["location"]).path
    assert (await ann.get(path)).body == data


async def test_other_files_stay_as_they_are(harness: ServerHarness, new_client: NewClient) -> None:
    ann = await member(harness, "ann", new_client)
    for data in (b"%PDF-1.7 " + SECRET, b"PK\x03\x04" + pictures.jpeg(), SECRET):
        path = urlsplit((await _send(ann, data)).headers["location"]).path
        assert (await ann.get(path)).body == data


@pytest.mark.parametrize("kind", TELLING)
def test_broken_anywhere(kind: str) -> None:
    """Cut at any place, or with any byte another one: it tells nothing, or is not taken. Nothing else happens."""
    whole = TELLING[kind]()
    for place in range(16, len(whole), 7):
        for data in (whole[:place], whole[:place] + bytes((whole[place] ^ 0xFF,)) + whole[place + 1 :]):
            try:
                picture_metadata.strip(kind, data)
            except Unreadable:
                continue


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xd8\xff",
        b"\xff\xd8\xff\xe1\xff\xff" + SECRET,
        b"\xff\xd8\xff\xe1\0\1" + SECRET,
        b"\xff\xd8\xff\xd9" + SECRET,
        b"\x89PNG\r\n\x1a\n" + SECRET,
        pictures.png()[:200],
        pictures.png_of((b"IEND", b"")),
        b"GIF89a",
        pictures.gif()[:60],
        b"GIF89a" + bytes(7) + b"?" + SECRET,
        b"RIFF\xff\xff\xff\xffWEBPVP8 \xff\xff\xff\xff" + SECRET,
        b"RIFF\x04\0\0\0WEBP" + SECRET,
        b"\0\0\0\x10ftypavif" + SECRET,
        pictures.avif()[:300],
    ],
)
async def test_a_picture_that_cannot_be_read_is_not_taken(
    harness: ServerHarness, new_client: NewClient, data: bytes
) -> None:
    """It might be one to somebody else's reader, and tell there what could not be found here."""
    answer = await _send(await member(harness, "ann", new_client), data)
    assert (answer.status, answer.error) == (422, UNREADABLE)
    assert [path for path in (harness.data / "files").rglob("*") if path.is_file()] == []
    assert harness.node.state.file_bytes == {}


def test_a_jpeg_of_more_scans_than_any_picture_has(tmp_path: Path) -> None:
    """Neither taken nor made small: some hundred bytes each would be decoded over all pixels."""
    out = io.BytesIO()
    pictures.pixels().save(out, "JPEG", progressive=True)
    data = out.getvalue()
    scan = data[data.rindex(b"\xff\xda") : -2]
    assert 1 < data.count(b"\xff\xda") < 20
    few, many = (data[:-2] + scan * times + b"\xff\xd9" for times in (80, 100))
    for name, whole, is_read in (("few", few, True), ("many", many, False)):
        (tmp_path / name).write_bytes(whole)
        assert picture_worker.clean(tmp_path / name, tmp_path / f"{name}.cleaned") is is_read
        assert shrink(tmp_path / name, tmp_path / f"{name}.webp") is is_read


def test_a_jpeg_whose_scans_decode_too_many_pixels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is taken as it is: neither turned nor made small."""
    out = io.BytesIO()
    pictures.pixels().save(out, "JPEG", progressive=True, exif=pictures.exif(6))
    (tmp_path / "came").write_bytes(out.getvalue())
    times = out.getvalue().count(b"\xff\xda")
    for pixels, is_read in ((64 * 32 * times, True), (64 * 32 * times - 1, False)):
        monkeypatch.setattr("hubbub.web.thumbnail_worker.PIXELS_DECODED_MAX", pixels)
        assert shrink(tmp_path / "came", tmp_path / f"{is_read}.webp") is is_read
        assert _opened(cleaned(out.getvalue())).size == ((32, 64) if is_read else (64, 32))


def test_boxes_in_boxes_without_end() -> None:
    """None is entered that does not belong there."""
    data = SECRET
    for _ in range(2_000):
        data = pictures.box(b"moov", data)
    kept = picture_metadata.strip("image/avif", b"\0\0\0\x0cftypavif" + data).data
    assert len(kept) == len(data) + 12 and kept.count(b"moov") == 1 and SECRET not in kept


async def test_who_waits_too_long_is_asked_to_come_again(
    harness: ServerHarness, new_client: NewClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def busy(*_: object) -> str:
        return BUSY

    monkeypatch.setattr(PictureProcess, "ask", busy)
    answer = await _send(await member(harness, "ann", new_client), PNG)
    assert answer.status == 503 and answer.headers["retry-after"] == "60"
    assert answer.error == "The server is processing too many pictures. Send this one again in a minute."


def test_a_picture_that_is_larger_than_it_looks(tmp_path: Path) -> None:
    """A few kB of 30,000 by 30,000 pixels: they are never made, also where they would have to be turned."""
    out = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(out, "PNG", exif=pictures.exif(6))
    bomb, kept = tmp_path / "bomb", tmp_path / "kept"
    bomb.write_bytes(out.getvalue())
    asked = f'[7, "{bomb}", "{kept}"]\n'
    for job, answer in (("clean", "7 made\n"), ("shrink", "7 not\n")):
        run = subprocess.run(
            [sys.executable, "-m", "hubbub.web.picture_worker", job],
            input=asked,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert run.stdout == answer, run.stderr
        if job == "clean":
            assert SECRET not in kept.read_bytes() and kept.stat().st_mode & 0o777 == 0o600


def test_a_picture_of_more_bytes_than_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture_worker, "PICTURE_BYTES_MAX", 10)
    (tmp_path / "a").write_bytes(PNG)
    assert picture_worker.clean(tmp_path / "a", tmp_path / "b") is False


@pytest.mark.parametrize("brand", [b"heic", b"heix", b"hevc", b"heim", b"mif1", b"msf1"])
def test_pictures_of_telephones(brand: bytes) -> None:
    """They were taken for films."""
    kind = kind_of(b"\0\0\0\x18ftyp" + brand)
    assert kind == "image/heic" and not is_shown(kind) and kind in STRIPPED
