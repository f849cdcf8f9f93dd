"""Which format a file really has, told by its first bytes and never by its name."""

from __future__ import annotations

from typing import Final

IMAGES: Final = frozenset({"PNG", "JPEG", "WebP"})
VIDEOS: Final = frozenset({"MP4", "QuickTime", "WebM"})
_OTHER_IMAGES: Final = frozenset(
    {"GIF", "BMP", "TIFF", "AVIF", "HEIC", "JPEG XL", "JPEG 2000", "icon", "Photoshop", "SVG"}
)
_OTHER_VIDEOS: Final = frozenset({"AVI", "MPEG", "Flash video", "Ogg", "Windows Media", "playlist"})

_STARTS: Final[tuple[tuple[bytes, str], ...]] = (
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"BM", "BMP"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"\x00\x00\x01\x00", "icon"),
    (b"8BPS", "Photoshop"),
    (b"\xff\x0a", "JPEG XL"),
    (b"\x00\x00\x00\x0cJXL ", "JPEG XL"),
    (b"\x00\x00\x00\x0cjP  ", "JPEG 2000"),
    (b"\x1aE\xdf\xa3", "WebM"),
    (b"\x00\x00\x01\xba", "MPEG"),
    (b"\x00\x00\x01\xb3", "MPEG"),
    (b"FLV\x01", "Flash video"),
    (b"OggS", "Ogg"),
    (b"\x30\x26\xb2\x75", "Windows Media"),
    (b"#EXTM3U", "playlist"),
    (b"ffconcat", "playlist"),
    (b"%PDF", "PDF"),
    (b"PK\x03\x04", "ZIP"),
    (b"<svg", "SVG"),
    (b"<?xml", "XML"),
    (b"<!DOCTYPE", "HTML"),
    (b"<html", "HTML"),
    (b"{", "JSON"),
    (b"\xef\xbb\xbf{", "JSON"),
)
_RIFF: Final = {b"WEBP": "WebP", b"AVI ": "AVI", b"WAVE": "WAV"}
_BRANDS: Final = {
    b"avif": "AVIF",
    b"avis": "AVIF",
    b"heic": "HEIC",
    b"heix": "HEIC",
    b"mif1": "HEIC",
    b"qt  ": "QuickTime",
}
_QUICKTIME_ATOMS: Final = frozenset({b"moov", b"mdat", b"wide"})


def name_of(data: bytes) -> str:
    """The format of a file: `PNG`, `MP4`, `GIF`, …; `unknown` when its first bytes say nothing."""
    head = data[:64]
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12], "unknown")
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], "MP4")
    if head[4:8] in _QUICKTIME_ATOMS:
        return "QuickTime"
    text = head.lstrip()
    return next((name for start, name in _STARTS if head.startswith(start) or text.startswith(start)), "unknown")


def is_video(name: str) -> bool:
    """Whether a format of that name holds moving pictures."""
    return name in VIDEOS or name in _OTHER_VIDEOS


def is_image(name: str) -> bool:
    """Whether a format of that name holds a picture."""
    return name in IMAGES or name in _OTHER_IMAGES
