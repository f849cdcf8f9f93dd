"""Rows of one's own: a TOML file in the settings folder (GREENLIGHT_HOME/models) adds a model to the table.

    repository = "/models/my-wan"      # a folder in diffusers' format, or a repository that was fetched
    driver = "wan"
    jobs = ["image_to_video"]
    sizes = [[832, 480]]
    frame_counts = [81]
    fps = 16

The file's name is the model's, unless `name` says otherwise. Nothing is loaded here.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, get_args

from engine.errors import SettingError
from engine.models.driving.driver import jobs_of
from engine.models.driving.table import DRIVERS
from engine.models.finding.finder import FINDERS
from engine.models.lora.naming import parse
from engine.models.rows.detectors import GROUNDING_DINO_TINY
from engine.models.script import GUIDANCE, STEPS
from engine.models.speed.switches import MEANS
from engine.types import Honour, ModelProfile

FOLDER: Final = "models"
"""Below the settings folder."""
_NEEDED: Final = ("repository", "driver", "jobs", "sizes")
_HONOURS: Final[tuple[Honour, ...]] = get_args(Honour)


@dataclass(frozen=True, slots=True)
class _Kind:
    """What a key of the file may be."""

    said: str
    """In words."""
    fits: Callable[[Any], bool]


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _numbers(value: object, length: int | None = None) -> bool:
    return isinstance(value, list) and all(map(_whole, value)) and length in (None, len(value))


_TEXT: Final = _Kind("a text", lambda value: isinstance(value, str) and bool(value.strip()))
_TEXTS: Final = _Kind("a list of texts", lambda value: isinstance(value, list) and all(map(_TEXT.fits, value)))
_NUMBER: Final = _Kind(
    "a number, 0 or more", lambda value: isinstance(value, int | float) and not isinstance(value, bool) and value >= 0
)
_WHOLE: Final = _Kind("a whole number, 1 or more", _whole)
_WHOLES: Final = _Kind("a list of whole numbers", _numbers)
_SIZES: Final = _Kind(
    "a list of [width, height]",
    lambda value: isinstance(value, list) and bool(value) and all(_numbers(one, 2) for one in value),
)
_KINDS: Final[Mapping[str, _Kind]] = {
    **dict.fromkeys(("name", "title", "repository", "revision", "licence", "driver", "refiner", "restrictions"), _TEXT),
    **dict.fromkeys(("jobs", "honours", "loras", "without"), _TEXTS),
    **dict.fromkeys(("memory_gib", "disk_gib", "guidance_scale"), _NUMBER),
    **dict.fromkeys(("fps", "steps"), _WHOLE),
    **dict.fromkeys(("frame_counts", "contexts"), _WHOLES),
    "sizes": _SIZES,
    "gpu": _Kind("true or false", lambda value: isinstance(value, bool)),
}


def read(folder: Path, table: Sequence[ModelProfile]) -> tuple[ModelProfile, ...]:
    """The rows of all files `*.toml` in a folder, by name; none where there is no such folder.

    Raises SettingError naming the file and the key: not TOML, a key that is missing or unknown, a value of another type
    or that the driver's family cannot have, a name that is in the `table` already.
    """
    rows: list[ModelProfile] = []
    for path in sorted(folder.glob("*.toml")):
        row = _row(path)
        if row.name in {one.name for one in (*table, *rows)}:
            raise _Wrong(path).error("Another model has this name", "Give it a name of its own.", row.name)
        rows.append(row)
    return tuple(rows)


@dataclass(frozen=True, slots=True)
class _Wrong:
    """Errors that name their file."""

    path: Path

    def error(self, what: str, remedy: str, value: object = "", limit: str = "") -> SettingError:
        text = str(value)[:80]
        return SettingError(f"{self.path.name}: {what}", f"{remedy} The file is {self.path}.", value=text, limit=limit)

    def choice(self, key: str, value: str, known: Sequence[str]) -> None:
        """Raise for anything but one of the known words."""
        if value not in known:
            listed = ", ".join(known)
            raise self.error(f"{key} cannot be that", _nearest(value, known) or f"Use one of: {listed}.", value, listed)


def _nearest(value: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(value, known, 1, 0.6)
    return f"Did you mean {near[0]}?" if near else ""


def _row(path: Path) -> ModelProfile:
    """One file's row. Raises SettingError."""
    given, wrong = _parsed(path), _Wrong(path)
    for key, value in given.items():
        wrong.choice("A key", key, tuple(_KINDS))
        if not _KINDS[key].fits(value):
            raise wrong.error(f"{key} is of the wrong type", f"Use {_KINDS[key].said}.", value, _KINDS[key].said)
    looks = given.get("driver") in FINDERS and given.get("driver") not in DRIVERS
    for key in _NEEDED[:2] if looks else _NEEDED:
        if key not in given:
            raise wrong.error(f"{key} is missing", f"Say {key} = {_KINDS[key].said}.", limit=", ".join(_NEEDED))
    name = given.get("name", path.stem)
    if looks:
        for job in given.get("jobs", ()):
            wrong.choice("A job", job, ("detector",))
        return _looking(name, given)
    _check_family(given, wrong)
    kept = ("refiner", "disk_gib", "restrictions")
    return ModelProfile(
        name=name,
        title=given.get("title", name),
        repository=given["repository"],
        revision=given.get("revision"),
        licence=given.get("licence", "not said"),
        jobs=tuple(given["jobs"]),
        memory_gib=float(given.get("memory_gib", 0.0)),
        defaults={
            "steps": given.get("steps", 30),
            "guidance_scale": float(given.get("guidance_scale", 5.0)),
            **DRIVERS[given["driver"]].own,
        },
        sizes=tuple((width, height) for width, height in given["sizes"]),
        frame_counts=tuple(given.get("frame_counts", ())),
        fps=given.get("fps"),
        driver=given["driver"],
        honours=tuple(one for one in _HONOURS if one in given.get("honours", _HONOURS)),
        contexts=tuple(given.get("contexts", ())),
        gpu=given.get("gpu", True),
        loras=_loras(given, wrong),
        without=tuple(given.get("without", ())),
        **{key: given[key] for key in kept if key in given},
    )


def _loras(given: Mapping[str, Any], wrong: _Wrong) -> tuple[str, ...]:
    """What the row's model wears. Raises SettingError for what names none."""
    told = tuple(given.get("loras", ()))
    try:
        parse(", ".join(told), paths=True)
    except SettingError as error:
        raise wrong.error(error.what, error.remedy, error.value or "", error.limit or "") from None
    return told


def _looking(name: str, given: Mapping[str, Any]) -> ModelProfile:
    """A detector's row."""
    return ModelProfile(
        name=name,
        title=given.get("title", name),
        repository=given["repository"],
        revision=given.get("revision"),
        licence=given.get("licence", "not said"),
        jobs=("detector",),
        memory_gib=float(given.get("memory_gib", 0.0)),
        defaults=GROUNDING_DINO_TINY.defaults,
        sizes=tuple((long, short) for long, short in given.get("sizes", GROUNDING_DINO_TINY.sizes)),
        frame_counts=(),
        fps=None,
        driver=given["driver"],
        refiner=given.get("refiner"),
        honours=GROUNDING_DINO_TINY.honours,
        gpu=given.get("gpu", False),
    )


def _parsed(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise _Wrong(path).error("The file cannot be read as TOML", "Mend the line.", error) from None


def _check_family(given: Mapping[str, Any], wrong: _Wrong) -> None:
    """Raise for what no model of the driver's family can have."""
    wrong.choice("driver", given["driver"], tuple({**DRIVERS, **FINDERS}))
    rules = DRIVERS[given["driver"]].rules
    for job in given["jobs"]:
        wrong.choice("A job", job, jobs_of(rules))
    for honour in given.get("honours", ()):
        wrong.choice("What it honours", honour, _HONOURS)
    for means in given.get("without", ()):
        wrong.choice("What it does without", means, MEANS)
    for width, height in given["sizes"]:
        if width % rules.multiple or height % rules.multiple or width * height > rules.most_pixels:
            limit = f"multiples of {rules.multiple}, at most {rules.most_pixels:,} pixels"
            raise wrong.error("A size is none of its family's", f"Use {limit}.", f"{width} x {height}", limit)
    counts = given.get("frame_counts", [])
    if rules.frame_step is not None and not rules.stills and not (counts and "fps" in given):
        raise wrong.error("A model of videos needs its lengths and rate", "Say frame_counts and fps.")
    for count in counts:
        if rules.frame_step is None or (count - 1) % rules.frame_step:
            limit = "none" if rules.frame_step is None else f"a multiple of {rules.frame_step} and one more"
            raise wrong.error("A length is none of its family's", f"Use {limit}.", f"{count} frames", limit)
    for key, (least, most) in (("steps", STEPS), ("guidance_scale", GUIDANCE)):
        if key in given and not least <= given[key] <= most:
            raise wrong.error(f"{key} is out of range", "Use a number in it.", given[key], f"{least:g} to {most:g}")
