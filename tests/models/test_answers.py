"""The JSON object in a language model's words is found however it was wrapped, and nothing else is."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.models.answers import find_object

WANTED = {"scene": "a red ball, on the left", "motion": "it bounces", "avoid": ""}
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
objects = st.dictionaries(texts, texts, min_size=1, max_size=4)
chatter = st.text("abc .,:;!'\n`*é🎈", max_size=30)


@given(objects, chatter, chatter)
def test_any_object_is_found_between_any_words(wanted: dict[str, str], before: str, after: str) -> None:
    assert find_object(f"{before}{json.dumps(wanted)}{after}") == wanted


@given(objects, st.sampled_from(["json", "", "JSON"]), st.booleans())
def test_any_object_is_found_in_a_fence(wanted: dict[str, str], language: str, readable: bool) -> None:
    text = json.dumps(wanted, ensure_ascii=readable, indent=2)
    assert find_object(f"Here you are:\n```{language}\n{text}\n```\nAnything else?") == wanted


@given(objects)
def test_a_comma_too_many_is_forgiven(wanted: dict[str, str]) -> None:
    assert find_object(json.dumps(wanted)[:-1] + ", }") == wanted


@given(st.dictionaries(st.text("abc _", min_size=1), st.text('abc ,.{}[]:"\\', max_size=20), min_size=1, max_size=4))
def test_apostrophes_for_quotation_marks_are_forgiven(wanted: dict[str, str]) -> None:
    text = ", ".join(f"'{name}': '{json.dumps(value)[1:-1]}'" for name, value in wanted.items())
    assert find_object("{" + text + "}") == wanted


@given(st.text(max_size=200))
def test_any_text_is_survived(text: str) -> None:
    found = find_object("{" + text)
    assert found is None or isinstance(found, dict)


def test_an_apostrophe_in_a_proper_string_stays() -> None:
    assert find_object("{\"a\": \"the ball's 'edge', it's\", }") == {"a": "the ball's 'edge', it's"}


def test_an_escaped_apostrophe_is_one() -> None:
    assert find_object(r"{'a': 'the ball\'s edge'}") == {"a": "the ball's edge"}


def test_thoughts_are_not_the_answer() -> None:
    thinking = '<think>maybe {"scene": "a cat"}? no.</think>'
    assert find_object(thinking + json.dumps(WANTED)) == WANTED
    assert find_object('<think>maybe {"scene": "a cat"}') is None


def test_braces_in_the_words_before_are_passed_over() -> None:
    assert find_object("I fill {scene} and {motion}: " + json.dumps(WANTED)) == WANTED


def test_raw_line_ends_in_a_string_are_forgiven() -> None:
    assert find_object('{"a": "one\ntwo"}') == {"a": "one\ntwo"}


@pytest.mark.parametrize("text", ["", "no", "{}", "{", '{"a": ', "[1, 2]", '"a"', "{'a': 'the ball's edge'}"])
def test_where_there_is_no_object_there_is_none(text: str) -> None:
    assert find_object(text) is None


@pytest.mark.parametrize("text", ['{"a":' * 100_000, "{" * 100_000, "{" + " 'a\"" * 50_000, '{"a' * 50_000])
def test_hostile_text_takes_no_time(text: str) -> None:
    begun = time.monotonic()
    assert find_object(text) is None
    assert time.monotonic() - begun < 10
