"""Journal entries as lines of JSON, and back. Strict: a line either says exactly what it should, or is damaged.

One line: `{"schema": 2, "number": 0, "at": "…", "event": "recorded", "data": {…}}`. The data follow the dataclasses
in engine.events: a field with a default may be missing (a journal written before that field existed), no other may,
and none that is unknown is let through. Knows nothing of files on a disk.
"""

from __future__ import annotations

import json
from collections.abc import Hashable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import lru_cache
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from engine import events

SCHEMA = 2
_EVENTS: Mapping[str, type[Any]] = {event.__name__.lower(): event for event in get_args(events.Event)}
_HEADER = {"schema", "number", "at", "event", "data"}


class CodecError(ValueError):
    """A line that is no journal entry; the journal says which line of which file it was."""


def encode(entry: events.Entry) -> bytes:
    """One line of ASCII JSON with its newline. Raises CodecError for a number that JSON has no word for."""
    line = {
        "schema": SCHEMA,
        "number": entry.number,
        "at": entry.at,
        "event": type(entry.event).__name__.lower(),
        "data": _plain(entry.event),
    }
    try:
        return json.dumps(line, allow_nan=False, separators=(",", ":")).encode("ascii") + b"\n"
    except ValueError as error:
        raise CodecError(str(error)) from error


def decode(line: bytes) -> events.Entry:
    """The entry that `encode` wrote. Raises CodecError for anything else."""
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise CodecError("it is not JSON") from error
    if not isinstance(value, dict) or set(value) != _HEADER:
        raise CodecError("it is not a journal entry")
    if value["schema"] != SCHEMA:
        raise CodecError(f"its schema is {value['schema']!r}, and this version knows {SCHEMA}")
    event = _EVENTS.get(value["event"]) if isinstance(value["event"], str) else None
    if event is None:
        raise CodecError(f"the event {value['event']!r} is unknown")
    return events.Entry(
        number=_build(int, value["number"], "number"),
        at=_build(str, value["at"], "at"),
        event=_build(event, value["data"], value["event"]),
    )


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value


def _build(hint: Any, value: Any, where: str) -> Any:
    """The value that `hint` describes, from plain JSON. `where` names it in the error."""
    origin = get_origin(hint)
    if isinstance(hint, type) and is_dataclass(hint) and isinstance(value, dict):
        return _build_dataclass(hint, value, where)
    if origin is tuple and isinstance(value, list):
        return tuple(_build(get_args(hint)[0], item, where) for item in value)
    if origin is Mapping and isinstance(value, dict):
        return {key: _build(get_args(hint)[1], item, f"{where}.{key}") for key, item in value.items()}
    if origin in (UnionType, Union):
        return _build_union(get_args(hint), value, where)
    if origin is Literal and value in get_args(hint):
        return value
    if hint is float and type(value) is int:
        return value
    if isinstance(hint, type) and type(value) is hint:
        return value
    raise CodecError(f"{where} is {type(value).__name__} {str(value)[:40]!r}")


def _build_union(hints: tuple[Any, ...], value: Any, where: str) -> Any:
    for hint in hints:
        try:
            return _build(hint, value, where)
        except CodecError:
            continue
    raise CodecError(f"{where} is {type(value).__name__} {str(value)[:40]!r}")


def _build_dataclass(kind: type[Any], value: dict[str, Any], where: str) -> Any:
    hints, required = _shape(kind)  # type: ignore[arg-type]  # every class is hashable
    unknown, missing = value.keys() - hints.keys(), required - value.keys()
    if unknown or missing:
        raise CodecError(f"{where} has unknown or missing fields: {sorted(unknown | missing)}")
    return kind(**{name: _build(hints[name], item, f"{where}.{name}") for name, item in value.items()})


@lru_cache
def _shape(kind: Hashable) -> tuple[dict[str, Any], set[str]]:
    """Field name -> type of a dataclass, and the names of those that have no default."""
    hints = get_type_hints(kind)
    slots = fields(kind)  # type: ignore[arg-type]  # a dataclass, which the cache takes for any hashable
    required = {slot.name for slot in slots if slot.default is MISSING and slot.default_factory is MISSING}
    return {slot.name: hints[slot.name] for slot in slots}, required
