"""What a person brings: pictures are kept upright as PNG, videos byte for byte, each under a name of the road.

Pure functions from the file as it came to the file as it is kept. Knows no project.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from engine.errors import ImageError, InputError, VideoError
from engine.media.clips import probe
from engine.media.formats import suffix_of
from engine.media.images import encode_png, open_image
from engine.store.files import digest

SPOKEN = {"image": "picture", "last_image": "last picture", "video": "video", "second_video": "second video"}
"""Name of an upload -> what a person calls it."""
Find = Callable[[str], bytes | None]
"""Name -> the file of that name, if any project has it."""
VIDEOS = ("video", "second_video")
"""Names of the uploads that are videos; the others are pictures."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An upload as the store keeps it."""

    data: bytes
    """The file."""
    suffix: str
    """`.png`, or the one that a video of this format has."""

    @property
    def name(self) -> str:
        """`<sha256><suffix>`, as a request names it."""
        return digest(self.data) + self.suffix


def keep(name: str, upload: bytes) -> Kept:
    """An upload of that name, checked. Raises ImageError, VideoError."""
    if name in VIDEOS:
        probe(upload)
        return Kept(upload, suffix_of(upload))
    return Kept(encode_png(open_image(upload)), ".png")


def missing(title: str, name: str) -> InputError:
    """The task cannot go without this upload."""
    spoken = SPOKEN.get(name, name)
    kind = VideoError if name in VIDEOS else ImageError
    return kind(f"{title} needs a {spoken}", f"Upload the {spoken} that it should begin with.")


def unclear(ways: Sequence[Sequence[str]], given: Sequence[str]) -> InputError:
    """Another set of uploads was given than one of these."""
    spoken = [" and a ".join(SPOKEN[name] for name in way) for way in (*ways, given)]
    what = "Nothing was brought to look at" if not given else "What was brought does not go together"
    return ImageError(what, f"Bring a {', or a '.join(spoken[:-1])}.", value=spoken[-1] or "nothing")


def gathered(wanted: Mapping[str, str], given: Mapping[str, bytes], find: Find) -> Mapping[str, bytes]:
    """What a recipe began with, as given or out of the projects. Raises ImageError, VideoError for what is nowhere."""
    found = {name: given.get(name) or find(file) for name, file in wanted.items()}
    gone = [name for name, data in found.items() if data is None]
    if not gone:
        return {**given, **{name: data for name, data in found.items() if data is not None}}
    spoken = " and the ".join(SPOKEN.get(name, name) for name in gone)
    kind = VideoError if all(name in VIDEOS for name in gone) else ImageError
    is_, it = ("is", "it") if len(gone) == 1 else ("are", "them")
    raise kind(f"The {spoken} that this began with {is_} not here", f"Upload {it} again beside the recipe.")


def surplus(title: str, name: str, known: tuple[str, ...]) -> InputError:
    """The task does not take this upload."""
    spoken = SPOKEN.get(name, name[:40])
    others = " and ".join(SPOKEN[one] for one in known if one in SPOKEN)
    remedy = f"Give it {others} alone." if others else "Leave it out, or choose another task."
    return (VideoError if name in VIDEOS else ImageError)(f"{title} takes no {spoken}", remedy)
