"""VideoVerse's files: what is asked of each video, and in a result file what was answered.

Prompts: `{key: {"t2v_following_prompt": {"t2v_prompt"}, "verification_checks": [{"check_type", "question"}],
"t2v_eval_event_info": {"verification_plan": [{"event_id", "event_description"}]}}}`. A result file is the same with
`res` in each check, and `overall_event_res` and `overall_event_processed_res` beside the plan. What else stands there
is kept, and written back.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from engine.errors import BenchmarkError
from engine.evaluate.brought import MOST_BYTES, brought
from engine.evaluate.naming import LONGEST, is_name
from engine.evaluate.videoverse.dimensions import CHECKS

LETTERS: Final = "ABCDEFGH"
"""What events are called when they are asked for."""
_MEND: Final = "Mend the file, or get the official one again."


@dataclass(frozen=True, slots=True)
class Check:
    """One yes-or-no question."""

    dimension: str
    """One of CHECKS."""
    question: str
    asked: bool = True
    """The official scripts leave out those that are marked with `"check": false`."""
    answer: str = ""
    """`res` in a result file."""
    sure: float | None = None
    """`yes` in a result file of ours: the probability of yes, where the judge told one."""


@dataclass(frozen=True, slots=True)
class Item:
    """One prompt, and what is asked of its video."""

    key: str
    """Also the name of its video."""
    prompt: str
    events: tuple[str, ...]
    """In the order in which they should happen."""
    checks: tuple[Check, ...]
    order: str = ""
    """`overall_event_processed_res` in a result file: letters in the order that was seen."""
    order_said: str = ""
    """`overall_event_res` in a result file: as it was answered."""


def read(path: Path) -> tuple[tuple[Item, ...], dict[str, Any]]:
    """A prompt or result file: its items, and all that stands in it.

    Raises BenchmarkError naming what is wrong: no JSON, a key twice, a field missing, an unknown dimension.
    """
    return parse(brought(path))


def parse(data: bytes) -> tuple[tuple[Item, ...], dict[str, Any]]:
    """As `read`, from the file's bytes."""
    if len(data) > MOST_BYTES:
        raise BenchmarkError("The file is too large for a benchmark", _MEND, limit=f"{MOST_BYTES // 2**20} MiB")
    try:
        whole = json.loads(data.decode("utf-8"), object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise BenchmarkError("The file is no JSON", _MEND, value=str(error)[:120]) from error
    if not isinstance(whole, dict) or not whole:
        raise BenchmarkError("The file holds no prompts by their keys", _MEND, value=type(whole).__name__)
    return tuple(_item(key, value) for key, value in whole.items()), whole


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """An object in which no name stands twice."""
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise BenchmarkError("A key stands twice in the file", _MEND, value=twice)
    return made


def _item(key: str, value: Any) -> Item:
    if not is_name(key):
        limit = f"{LONGEST} bytes without a slash"
        raise BenchmarkError("A key cannot be the name of a video", _MEND, value=ascii(key[:80]), limit=limit)
    entry = _a(dict, value, key)
    prompt = _text(_field(dict, entry, "t2v_following_prompt", key), "t2v_prompt", key)
    info = entry.get("t2v_eval_event_info", {})
    plan = _a(list, _a(dict, info, key).get("verification_plan", []), f"{key}: verification_plan")
    if len(plan) > len(LETTERS):
        raise BenchmarkError("A prompt has too many events", _MEND, value=f"{key}: {len(plan)}", limit="8")
    events = tuple(_text(_a(dict, one, key), "event_description", key) for one in plan)
    checks = tuple(_checks(_field(list, entry, "verification_checks", key), key))
    order, said = (str(info.get(f"overall_event_{name}", "") or "") for name in ("processed_res", "res"))
    return Item(key, prompt, events, checks, order, said)


def _checks(listed: Sequence[Any], key: str) -> Iterator[Check]:
    for one in listed:
        check = _a(dict, one, key)
        dimension = _text(check, "check_type", key)
        if dimension not in CHECKS:
            raise BenchmarkError(
                "The file has a dimension that VideoVerse has not",
                _MEND,
                value=f"{key}: {dimension}",
                limit=", ".join(CHECKS),
            )
        asked = check.get("check") is not False
        said, sure = str(check.get("res", "") or ""), check.get("yes")
        told = float(sure) if isinstance(sure, int | float) and not isinstance(sure, bool) and 0 <= sure <= 1 else None
        yield Check(dimension, _text(check, "question", key), asked, said, told)


def _field(kind: type, entry: Mapping[str, Any], name: str, key: str) -> Any:
    if name not in entry:
        raise BenchmarkError("A prompt has not all of its fields", _MEND, value=f"{key}: {name}")
    return _a(kind, entry[name], f"{key}: {name}")


def _text(entry: Mapping[str, Any], name: str, key: str) -> str:
    text: str = _field(str, entry, name, key)
    if not text.strip():
        raise BenchmarkError("A field of a prompt is empty", _MEND, value=f"{key}: {name}")
    return text


def _a(kind: type, value: Any, where: str) -> Any:
    if not isinstance(value, kind):
        words: dict[type, str] = {dict: "an object", list: "a list", str: "a text"}
        raise BenchmarkError("A field of the file is of another kind", _MEND, value=where, limit=words[kind])
    return value
