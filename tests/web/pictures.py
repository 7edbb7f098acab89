"""Pictures that tell of their sender: with words planted wherever a kind of picture has room for them."""

import io
import struct
import zlib

from PIL import Image, ImageCms, PngImagePlugin

SECRET = b"PLANTED-NEAR-48.8584N"
"""Stands for where a picture was taken; none of what is kept may have it."""


def exif(orientation: int = 1) -> Image.Exif:
    """A place, a camera and a small picture; `orientation` as of 0x0112."""
    made = Image.Exif()
    made[0x010F] = made[0x010E] = SECRET.decode()
    made[0x0112] = orientation
    place = made.get_ifd(0x8825)
    place[1], place[2] = "N", (48.0, 51.0, 30.24)
    place[29] = SECRET.decode()
    made.get_ifd(0x8769)[0x927C] = SECRET
    return made


def profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def pixels(width: int = 64, height: int = 32) -> Image.Image:
    """Red above, blue below."""
    made = Image.new("RGB", (width, height), "red")
    made.paste("blue", (0, height // 2, width, height))
    return made


def _xmp() -> bytes:
    return b'<x:xmpmeta xmlns:x="adobe:ns:meta/">' + SECRET + b"</x:xmpmeta>"


def jpeg(orientation: int = 1, *, trailer: bytes = SECRET) -> bytes:
    out = io.BytesIO()
    pixels().save(
        out,
        "JPEG",
        quality=90,
        subsampling=0,
        exif=exif(orientation),
        xmp=_xmp(),
        comment=SECRET,
        icc_profile=profile(),
        progressive=True,
    )
    data = out.getvalue()
    more = b"".join(
        struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body
        for marker, body in (
            (0xE0, b"JFXX\0\x10" + SECRET),
            (0xE2, b"MPF\0" + SECRET),
            (0xED, b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x20" + SECRET),
            (0xE5, SECRET),
            (0xEF, SECRET),
        )
    )
    return data[:2] + more + data[2:] + trailer


def png(orientation: int = 1, *, animated: bool = False) -> bytes:
    out, told = io.BytesIO(), PngImagePlugin.PngInfo()
    told.add_text("Comment", SECRET.decode())
    told.add_text("Zipped", SECRET.decode(), zip=True)
    told.add_itxt("XML:com.adobe.xmp", _xmp().decode())
    told.add(b"prVt", SECRET)
    told.add(b"tIME", bytes(7))
    more = [pixels().rotate(90)] if animated else []
    pixels().save(
        out,
        "PNG",
        exif=exif(orientation),
        pnginfo=told,
        icc_profile=profile(),
        save_all=animated,
        append_images=more,
        loop=3,
    )
    return out.getvalue() + SECRET


def webp(orientation: int = 1, *, animated: bool = False) -> bytes:
    out = io.BytesIO()
    pixels().save(
        out,
        "WEBP",
        lossless=True,
        exif=exif(orientation),
        xmp=_xmp(),
        icc_profile=profile(),
        save_all=animated,
        append_images=[pixels().rotate(90)] if animated else [],
    )
    data = out.getvalue() + b"UNKN" + struct.pack("<I", len(SECRET)) + SECRET + b"\0" * (len(SECRET) % 2)
    return data[:4] + struct.pack("<I", len(data) - 8) + data[8:] + SECRET


def gif() -> bytes:
    out = io.BytesIO()
    pixels().save(
        out,
        "GIF",
        comment=SECRET,
        save_all=True,
        append_images=[pixels().rotate(90)],
        loop=3,
        duration=100,
    )
    data = out.getvalue()
    xmp = b"!\xff\x0bXMP DataXMP" + bytes((len(SECRET),)) + SECRET + b"\0"
    words = b"!\x01\x0c" + bytes(12) + bytes((len(SECRET),)) + SECRET + b"\0"
    return data[:-1] + xmp + words + b";" + SECRET


def box(name: bytes, *bodies: bytes) -> bytes:
    """Of ISO 14496-12, 4.2."""
    body = b"".join(bodies)
    return struct.pack(">I4s", 8 + len(body), name) + body


def avif(*, animated: bool = False) -> bytes:
    """Behind it what telephones put there, a box that nobody knows, and bytes that belong to no item."""
    out = io.BytesIO()
    pixels().save(
        out,
        "AVIF",
        exif=exif(),
        xmp=_xmp(),
        icc_profile=profile(),
        save_all=animated,
        append_images=[pixels().rotate(90)] if animated else [],
        duration=100,
    )
    more = (box(name, SECRET) for name in (b"free", b"mpvd", b"sefd", b"what", b"mdat"))
    return out.getvalue() + b"".join(more) + box(b"uuid", bytes(16), SECRET)


def heic() -> bytes:
    """The same boxes under HEIC's name: what is in them nobody here reads."""
    return avif().replace(b"ftypavif", b"ftypheic", 1)


def png_of(*chunks: tuple[bytes, bytes]) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in chunks
    )


PNG = png_of(
    (b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)),
    (b"IDAT", zlib.compress(b"\0\0")),
    (b"IEND", b""),
)
"""A small one that tells nothing: it is kept as it comes."""
