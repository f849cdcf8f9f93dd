"""The recipe inside a video: what made it, as JSON in the MP4's own metadata, so that the file remembers.

`embed` copies the pictures as they are, without encoding them again. `extract` reads such a video, or the JSON file
that lies beside it. What a recipe says is not judged here: only that it is JSON, an object, and of decent size.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final, NoReturn

from engine.errors import MachineError, VideoError
from engine.media import ffmpeg
from engine.media.formats import is_video, name_of
from engine.media.limits import RECIPE_LIMITS, VIDEO_LIMITS, RecipeLimits, VideoLimits, megabytes
from engine.media.sources import check_file

KEY: Final = "greenlight_recipe"
"""The metadata key, as ffprobe and exiftool show it."""
_SPECIAL: Final = re.compile(r"([=;#\\\n])")
"""What ffmpeg's metadata text wants a backslash before."""
_COPYING_SECONDS: Final = 60.0
_CHOOSE_ANOTHER: Final = "Choose a video that was downloaded from Greenlight, or the JSON file beside it."


def embed(mp4: bytes, recipe: Mapping[str, object], limits: RecipeLimits = RECIPE_LIMITS) -> bytes:
    """The same MP4 with the recipe in its metadata; its frames are not touched.

    Equal arguments give equal bytes. Raises VideoError for a recipe that is not JSON or is over the limits, or for a
    damaged video; MachineError when ffmpeg cannot write.
    """
    text = to_json(recipe, limits)
    demuxer = check_file(mp4)
    with ffmpeg.workplace() as folder:
        (folder / "video").write_bytes(mp4)
        (folder / "recipe").write_text(f";FFMETADATA1\n{KEY}={_escaped(text)}\n", encoding="utf-8")
        target = folder / "with-recipe.mp4"
        sources = (
            *ffmpeg.source(demuxer, str(folder / "video")),
            *ffmpeg.source("ffmetadata", str(folder / "recipe")),
        )
        copied = ("-map", "0", "-c", "copy", "-map_metadata", "1", *ffmpeg.BIT_EXACT)
        flags = ("-movflags", "+faststart+use_metadata_tags", "-f", "mp4", str(target))
        outcome = ffmpeg.run((*sources, *copied, *flags), seconds=_COPYING_SECONDS)
        if outcome.returncode:
            raise MachineError(
                "The recipe could not be written into the video",
                "Make room in the folder for temporary files, then try again.",
                value=ffmpeg.complaint(outcome),
            )
        return target.read_bytes()


def extract(
    data: bytes, limits: RecipeLimits = RECIPE_LIMITS, video_limits: VideoLimits = VIDEO_LIMITS
) -> dict[str, Any]:
    """The recipe in an MP4 that `embed` made, or in a JSON file. Raises VideoError when there is none to be read."""
    if not data:
        raise VideoError("The file is empty", _CHOOSE_ANOTHER, value="0 bytes")
    if is_video(name_of(data)):
        return from_json(_metadata(data, video_limits), limits)
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
        return from_json(data, limits)
    raise VideoError("This file holds no recipe", _CHOOSE_ANOTHER, value=name_of(data), limit="MP4 or JSON")


def to_json(recipe: Mapping[str, object], limits: RecipeLimits = RECIPE_LIMITS) -> str:
    """A recipe as JSON text on one line, keys sorted, plain ASCII. Raises VideoError when it is not JSON."""
    try:
        text = json.dumps(dict(recipe), sort_keys=True, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise VideoError(
            "The recipe cannot be written as JSON", "Keep to text, numbers, lists and objects.", value=str(error)
        ) from error
    from_json(text.encode(), limits)
    return text


def from_json(text: bytes, limits: RecipeLimits = RECIPE_LIMITS) -> dict[str, Any]:
    """JSON of unknown origin -> a recipe. Raises VideoError when it is not an object, is damaged, or is too large."""
    if len(text) > limits.size_bytes:
        raise VideoError(
            "The recipe is too large", _CHOOSE_ANOTHER,
            value=megabytes(len(text)), limit=megabytes(limits.size_bytes),
        )  # fmt: skip
    try:
        recipe = json.loads(text.decode("utf-8-sig"), parse_constant=_refuse_constant)
        too_deep = _depth(recipe) > limits.depth
        json.dumps(recipe, ensure_ascii=False).encode()  # half an emoji cannot be stored again
    except RecursionError:
        too_deep = True
    except ValueError as error:
        raise VideoError("The recipe is damaged: it is not JSON", _CHOOSE_ANOTHER) from error
    if too_deep:
        raise VideoError("The recipe is nested too deep", _CHOOSE_ANOTHER, limit=f"{limits.depth} levels")
    if not isinstance(recipe, dict):
        raise VideoError("The recipe is not a JSON object", _CHOOSE_ANOTHER, value=type(recipe).__name__)
    return recipe


def _metadata(data: bytes, limits: VideoLimits) -> bytes:
    """The JSON text under KEY in a video's metadata."""
    demuxer = check_file(data, limits)
    with ffmpeg.workplace() as folder:
        path = folder / "video"
        path.write_bytes(data)
        source = ffmpeg.source(demuxer, str(path))
        outcome = ffmpeg.run((*source, "-f", "ffmetadata", "pipe:1"), seconds=_COPYING_SECONDS)
    if outcome.returncode:
        raise VideoError("The video is damaged or cut off", _CHOOSE_ANOTHER, value=ffmpeg.complaint(outcome))
    found = re.search(rb"^" + KEY.encode() + rb"=((?:[^\\\n]|\\.)*)$", outcome.stdout, re.MULTILINE | re.DOTALL)
    if not found:
        raise VideoError("This video carries no recipe", _CHOOSE_ANOTHER)
    return re.sub(rb"\\(.)", rb"\1", found[1], flags=re.DOTALL)


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _depth(value: object) -> int:
    """How deep objects and lists are nested; a bare value is 0."""
    if isinstance(value, dict):
        return 1 + max(map(_depth, value.values()), default=0)
    if isinstance(value, list):
        return 1 + max(map(_depth, value), default=0)
    return 0
