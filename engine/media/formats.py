"""Which format a file really has, told by its first bytes and never by its name."""

from __future__ import annotations

from typing import Final

IMAGES: Final = frozenset({"PNG", "JPEG", "WebP"})
DEMUXERS: Final = {
    "MP4": "mov",
    "QuickTime": "mov",
    "WebM": "matroska",
    "Matroska": "matroska",
    "AVI": "avi",
    "MPEG": "mpeg",
    "MPEG-TS": "mpegts",
    "Ogg": "ogg",
    "Flash video": "flv",
    "Windows Media": "asf",
}
"""The videos that are let in, and ffmpeg's demuxer for each. None of these opens another file or address; playlists,
image sequences and scripts are not here, and are never tried."""
_SUFFIXES: Final = {
    "PNG": ".png",
    "JPEG": ".jpg",
    "WebP": ".webp",
    "MP4": ".mp4",
    "QuickTime": ".mov",
    "WebM": ".webm",
    "Matroska": ".mkv",
    "AVI": ".avi",
    "MPEG": ".mpg",
    "MPEG-TS": ".ts",
    "Ogg": ".ogv",
    "Flash video": ".flv",
    "Windows Media": ".wmv",
}
_OTHER_IMAGES: Final = frozenset(
    {"GIF", "BMP", "TIFF", "AVIF", "HEIC", "JPEG XL", "JPEG 2000", "icon", "Photoshop", "SVG"}
)
_SOUNDS: Final = frozenset({"WAV", "MP3", "FLAC", "AAC"})

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
    (b"\x00\x00\x01\xba", "MPEG"),
    (b"FLV\x01", "Flash video"),
    (b"OggS", "Ogg"),
    (b"\x30\x26\xb2\x75", "Windows Media"),
    (b"ID3", "MP3"),
    (b"\xff\xfb", "MP3"),
    (b"\xff\xf3", "MP3"),
    (b"\xff\xf1", "AAC"),
    (b"fLaC", "FLAC"),
    (b"#EXTM3U", "playlist"),
    (b"ffconcat", "playlist"),
    (b"[playlist]", "playlist"),
    (b"<MPD", "playlist"),
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
_QUICKTIME_ATOMS: Final = frozenset({b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"})
_TRANSPORT_PACKETS: Final = ((0, 188), (4, 192))
"""Where the sync byte 0x47 of a transport stream stands, and how often: plain, and with time codes."""


def name_of(data: bytes) -> str:
    """The format of a file: `PNG`, `MP4`, `GIF`, …; `unknown` when its first bytes say nothing."""
    head = data[:64]
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12], "unknown")
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], "MP4")
    if head[4:8] in _QUICKTIME_ATOMS:
        return "QuickTime"
    if head[:4] == b"\x1aE\xdf\xa3":
        return "WebM" if b"webm" in head else "Matroska"
    if any(data[start : start + 2 * step + 1 : step] == b"GGG" for start, step in _TRANSPORT_PACKETS):
        return "MPEG-TS"
    text = head.lstrip()
    return next((name for start, name in _STARTS if head.startswith(start) or text.startswith(start)), "unknown")


def suffix_of(data: bytes) -> str:
    """The suffix that fits a picture or video that is let in: `.png`, `.mp4`, `.mkv`, …; "" for any other file."""
    return _SUFFIXES.get(name_of(data), "")


def is_video(name: str) -> bool:
    """Whether a format of that name holds moving pictures."""
    return name in DEMUXERS or name == "playlist"


def is_image(name: str) -> bool:
    """Whether a format of that name holds a picture."""
    return name in IMAGES or name in _OTHER_IMAGES


def is_sound(name: str) -> bool:
    """Whether a format of that name holds sound alone."""
    return name in _SOUNDS
