"""Every event comes back from its line as it was; a line that says anything else is refused."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from contextlib import suppress
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.events import Created, Decided, Decision, Entry, Event, Recorded, Renamed
from engine.store.codec import CodecError, decode, encode
from engine.types import Request, Settings, Value

values: st.SearchStrategy[Value] = st.one_of(
    st.text(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.booleans(), st.none()
)
st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))


@pytest.mark.parametrize("event", get_args(Event), ids=lambda event: str(event.__name__))
def test_decoding_undoes_encoding(event: type[Event]) -> None:
    @settings(max_examples=30, deadline=None)
    @given(st.builds(Entry, number=st.integers(0), at=st.text(), event=st.from_type(event)))
    def check(entry: Entry) -> None:
        line = encode(entry)
        assert line.count(b"\n") == 1
        assert line.endswith(b"\n")
        assert decode(line) == entry

    check()


@given(st.dictionaries(st.text(), values))
def test_settings_keep_their_types(chosen: Settings) -> None:
    entry = Entry(0, "now", Created(Request("t", "p", settings={"video": chosen}), "title"))
    event = decode(encode(entry)).event
    assert isinstance(event, Created)
    back = event.request.settings["video"]
    assert back == chosen
    assert {name: type(value) for name, value in back.items()} == {n: type(v) for n, v in chosen.items()}


def test_half_characters_survive() -> None:
    entry = Entry(0, "now", Renamed("\ud83d"))
    assert decode(encode(entry)) == entry


@pytest.mark.parametrize("number", [math.nan, math.inf])
def test_a_number_that_json_has_no_word_for_is_refused(number: float) -> None:
    with pytest.raises(CodecError):
        encode(Entry(0, "now", Created(Request("t", "p", settings={"video": {"steps": number}}), "title")))


def _line() -> dict[str, Any]:
    line: dict[str, Any] = json.loads(encode(Entry(3, "now", Decided(Decision("approve", "video", "t1", {"a": "b"})))))
    return line


def test_a_field_with_a_default_may_be_missing() -> None:
    line = _line()
    del line["data"]["decision"]["note"]
    entry = decode(json.dumps(line).encode())
    assert isinstance(entry.event, Decided)
    assert entry.event.decision.note == ""


def _without(line: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in line.items() if key != name}


@pytest.mark.parametrize(
    "spoil",
    [
        lambda line: _without(line, "schema"),
        lambda line: {**line, "schema": 1},
        lambda line: {**line, "schema": "2"},
        lambda line: {**line, "more": 1},
        lambda line: {**line, "event": "exploded"},
        lambda line: {**line, "event": ["decided"]},
        lambda line: {**line, "number": "3"},
        lambda line: {**line, "number": True},
        lambda line: {**line, "at": None},
        lambda line: {**line, "data": []},
        lambda line: {**line, "data": {}},
        lambda line: {**line, "data": {"decision": {"kind": "explode", "stage": "video"}}},
        lambda line: {**line, "data": {"decision": {"kind": ["approve"], "stage": "video"}}},
        lambda line: {**line, "data": {"decision": {"kind": "approve"}}},
        lambda line: {**line, "data": {"decision": {**line["data"]["decision"], "take": 3}}},
        lambda line: {**line, "data": {"decision": {**line["data"]["decision"], "inputs": {"a": 1}}}},
        lambda line: {**line, "data": {"decision": {**line["data"]["decision"], "mood": "good"}}},
        lambda line: [line],
        lambda line: 7,
    ],
)
def test_a_line_that_says_anything_else_is_refused(spoil: Callable[[dict[str, Any]], object]) -> None:
    with pytest.raises(CodecError):
        decode(json.dumps(spoil(_line())).encode())


@pytest.mark.parametrize("line", [b"", b"{", b"\xff\xfe", b"null", b"[" * 100_000])
def test_what_is_no_json_is_refused(line: bytes) -> None:
    with pytest.raises(CodecError):
        decode(line)


@given(st.from_type(Recorded), st.data())
def test_any_flipped_byte_is_either_refused_or_still_an_entry(event: Recorded, data: st.DataObject) -> None:
    line = bytearray(encode(Entry(0, "now", event)))
    line[data.draw(st.integers(0, len(line) - 2))] = data.draw(st.integers(0, 255))
    with suppress(CodecError):
        assert isinstance(decode(bytes(line)), Entry)
