"""A language model's server, asked for real: what it may do wrong, and what the person then reads."""

from __future__ import annotations

import json
import logging
import re
import socket
import time
import traceback

import pytest

from engine.errors import (
    LanguageModelAnswerError,
    LanguageModelError,
    LanguageModelRefusedError,
    LanguageModelUnreachableError,
)
from engine.models.chat import Chat, ChatServer
from tests.models.fake_language_server import Reply, fails, language_server, says

KEY = "sk-very-secret-0123456789"
SCHEMA = {"type": "object", "properties": {"scene": {"type": "string"}}}
QUESTION = [{"role": "user", "content": "hello"}]


def ask(base_url: str, key: str = KEY, seconds: float = 30.0) -> str:
    server = ChatServer(base_url, "tiny", key, timeout_seconds=seconds)
    return Chat(server).ask(QUESTION, SCHEMA, seed=7, deadline=time.monotonic() + seconds)


def failure(base_url: str, key: str = KEY, seconds: float = 30.0) -> LanguageModelError:
    """The error that a question ends in; each must offer the offline writer, and none may hold the key."""
    with pytest.raises(LanguageModelError) as caught:
        ask(base_url, key, seconds)
    assert caught.value.offer == "offline-writer"
    assert "offline writer" in caught.value.remedy
    assert KEY not in "".join(traceback.format_exception(caught.value))
    return caught.value


def test_an_answer_comes_back_as_text_and_the_question_goes_out_whole() -> None:
    with language_server(lambda body: says("a red ball")) as line:
        assert ask(line.base_url) == "a red ball"
    assert line.keys == [f"Bearer {KEY}"]
    sent = line.bodies[0]
    assert (sent["model"], sent["messages"], sent["seed"]) == ("tiny", QUESTION, 7)
    assert sent["response_format"]["json_schema"]["schema"] == SCHEMA


def test_a_server_without_structured_output_is_asked_again_plainly() -> None:
    def answer(body: dict[str, object]) -> Reply:
        return fails(400, "unknown field response_format") if "response_format" in body else says("plain")

    with language_server(answer) as line:
        assert ask(line.base_url) == "plain"
    assert line.bodies[1] == {"model": "tiny", "messages": QUESTION, "stream": False}


def test_a_server_without_a_key_is_asked_without_one() -> None:
    with language_server(lambda body: says("hi")) as line:
        assert ask(line.base_url, key="") == "hi"
    assert KEY not in line.keys[0]


@pytest.mark.parametrize(
    ("reply", "kind", "words"),
    [
        (fails(401, f"Wrong key {KEY}"), LanguageModelRefusedError, "refuses the key.*401.*GREENLIGHT_LLM_API_KEY"),
        (fails(403, f"{KEY} may not"), LanguageModelRefusedError, "refuses the key.*HTTP 403"),
        (fails(404), LanguageModelRefusedError, "does not know this model.*got tiny at http"),
        (fails(429), LanguageModelRefusedError, "too many requests.*Wait a minute"),
        (fails(500), LanguageModelError, "server failed.*HTTP 500.*Try again"),
        (fails(503, KEY), LanguageModelError, "server failed.*HTTP 503"),
        (fails(400, KEY), LanguageModelRefusedError, "does not take the request.*HTTP 400"),
        (Reply("<html><body>Welcome</body></html>", 200, "text/html"), LanguageModelAnswerError, "web page.*/v1"),
        (Reply("<!doctype html>", 200), LanguageModelAnswerError, "web page"),
        (Reply("<html>Bad gateway</html>", 502, "text/html"), LanguageModelError, "server failed.*HTTP 502"),
        (Reply('{"choices": [', 200), LanguageModelAnswerError, "no answer that can be read"),
        (Reply('{"choices": []}', 200), LanguageModelAnswerError, "no answer that can be read"),
        (Reply("[1]", 200), LanguageModelAnswerError, "no answer that can be read"),
        (Reply("", 200), LanguageModelAnswerError, "no answer that can be read"),
        (Reply('{"choices": [{"message": {"content": null}}]}', 200), LanguageModelAnswerError, "no answer that"),
        (says("  \n"), LanguageModelAnswerError, "no answer that can be read"),
    ],
    ids=lambda value: f"{value.status} {value.body[:20]}" if isinstance(value, Reply) else "",
)  # fmt: skip
def test_each_way_to_go_wrong_has_its_own_words(reply: Reply, kind: type[LanguageModelError], words: str) -> None:
    with language_server(lambda body: reply) as line:
        error = failure(line.base_url)
    assert len(line.bodies) == (2 if reply.status == 400 else 1)
    assert type(error) is kind
    with pytest.raises(kind, match=words):
        raise error


@pytest.mark.parametrize("hangs", ["before", "body", "trickles"])
def test_a_server_that_hangs_is_left_in_time_wherever_it_hangs(hangs: str) -> None:
    begun = time.monotonic()
    with language_server(lambda body: Reply(says("late").body, hangs=hangs)) as line:
        error = failure(line.base_url, seconds=0.5)
        waited = time.monotonic() - begun
    assert isinstance(error, LanguageModelUnreachableError)
    assert "did not answer in time" in error.what
    assert error.limit == "0.5 seconds"
    assert 0.4 < waited < 20


def test_both_tries_share_one_time_limit() -> None:
    def answer(body: dict[str, object]) -> Reply:
        return fails(422) if "response_format" in body else Reply(says("late").body, hangs="before")

    with language_server(answer) as line:
        begun = time.monotonic()
        assert "in time" in failure(line.base_url, seconds=2.0).what
        assert time.monotonic() - begun < 20
    assert len(line.bodies) == 2


def test_nothing_at_the_address() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: connections are refused
        address = f"http://127.0.0.1:{taken.getsockname()[1]}/v1"
        error = failure(address)
    assert isinstance(error, LanguageModelUnreachableError)
    assert error.value == address


@pytest.mark.parametrize("address", ["", "nonsense", "ftp://host/v1", "http://host:port/v1", "http://[::1", "http://"])
def test_what_is_no_web_address_is_never_asked(address: str) -> None:
    assert isinstance(failure(address), LanguageModelUnreachableError)


@pytest.mark.parametrize("key", ["sk-é", "sk\n-x", "sk-\x00"])
def test_a_key_that_cannot_be_a_key_is_refused_and_not_shown(key: str) -> None:
    error = failure("http://127.0.0.1:9/v1", key=key)
    assert isinstance(error, LanguageModelRefusedError)
    assert key not in str(error)


def test_a_line_end_behind_the_key_does_no_harm() -> None:
    with language_server(lambda body: says("hi")) as line:
        assert ask(line.base_url, key=f"{KEY}\n") == "hi"
    assert line.keys == [f"Bearer {KEY}"]


def test_a_name_and_password_in_the_address_are_not_shown() -> None:
    error = failure("http://user:hunter2@127.0.0.1:9/v1?token=abc")
    assert error.value == "http://127.0.0.1:9/v1"


def test_an_unknown_model_comes_with_the_ones_that_the_server_has() -> None:
    with language_server(lambda body: fails(404), listing='{"data": [{"id": "llama"}, {"id": "qwen"}]}') as line:
        error = failure(line.base_url)
    assert "llama, qwen" in error.remedy


@pytest.mark.parametrize("listing", ["nonsense", "[]", '{"data": [1]}', '{"data": null}'])
def test_a_broken_list_of_models_hides_nothing(listing: str) -> None:
    with language_server(lambda body: fails(404), listing) as line:
        assert "Check the model's name" in failure(line.base_url).remedy


def test_the_key_is_in_no_log_and_no_repr(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with language_server(lambda body: fails(401, f"Incorrect key {KEY}")) as line:
        failure(line.base_url)
    assert KEY not in caplog.text
    assert KEY not in repr(ChatServer(line.base_url, "tiny", KEY))


def test_trying_it_out_tells_what_answered_and_how_fast() -> None:
    with language_server(lambda body: says("ready")) as line:
        sentence = Chat(ChatServer(line.base_url, "tiny", KEY)).try_out()
    assert re.fullmatch(rf"tiny at {line.base_url} answered in \d+\.\d s\.", sentence)
    assert json.dumps(line.bodies[0]).count("ready") == 1


def test_trying_it_out_fails_as_asking_does() -> None:
    with language_server(lambda body: fails(401)) as line:
        chat = Chat(ChatServer(line.base_url, "tiny"))
        with pytest.raises(LanguageModelRefusedError, match="asks for a key"):
            chat.try_out()
