"""A language model behind an OpenAI-compatible address: OpenAI, Ollama, vLLM, llama.cpp, `transformers serve`.

One question, one answer, one time limit for all of it: a server that hangs in the middle of its answer is left, too.
Every failure is a LanguageModelError in plain words that offers the offline writer. The key goes into one request
header and nowhere else: no message, no repr, no cause of an error holds it, nor what a server wrote about it.
"""

from __future__ import annotations

import asyncio
import base64
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from engine.errors import (
    LanguageModelAnswerError,
    LanguageModelError,
    LanguageModelRefusedError,
    LanguageModelUnreachableError,
)

if TYPE_CHECKING:
    from openai import AsyncOpenAI

OFFER: Final = "offline-writer"
"""What every failure offers: see GreenlightError.offer."""
_OR_OFFLINE: Final = "or use the offline writer."
_NO_KEY: Final = "none"
"""Sent where no key is set: servers at home ignore it, the client insists on one."""

_ANSWER_TOKENS: Final = 128
"""Longest answer about pictures, as VideoVerse's scripts have it."""

Message = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ChatServer:
    """Where a language model answers, and what it is called there."""

    base_url: str
    """`http://localhost:11434/v1`"""
    model: str
    """As the server calls it."""
    key: str = field(default="", repr=False)
    """The key itself; empty for a server that asks for none."""
    key_variable: str = "GREENLIGHT_LLM_API_KEY"
    """Name of the environment variable that the key came from, for messages."""
    timeout_seconds: float = 30.0
    """How long an answer may take, repairs included."""

    @property
    def address(self) -> str:
        """The address as it may be shown: no name, password or query in it; empty when it is no web address."""
        try:
            parts = urlsplit(self.base_url)
            usable = parts.scheme in ("http", "https") and parts.hostname and (parts.port or 1)
        except ValueError:  # a port that is no number, a bracket that is not closed
            usable = None
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}" if usable else ""


class Chat:
    """Asks one language model. Holds no connection between questions."""

    def __init__(self, server: ChatServer) -> None:
        self.server = server

    def ask(self, messages: Sequence[Message], schema: Mapping[str, Any], seed: int, deadline: float) -> str:
        """What the model answers to these messages, as text.

        `schema` is a JSON schema that the server is asked to keep to; one that refuses such a request is asked again
        without, so the answer may be anything. `deadline` is a `time.monotonic()`. Raises LanguageModelError and its
        kinds. Not to be called from a running event loop.
        """
        wanted = {"type": "json_schema", "json_schema": {"name": "answer", "strict": True, "schema": dict(schema)}}
        plain = self._plain(messages)
        return _content(self._send({**plain, "response_format": wanted, "seed": seed}, plain, deadline))

    def look(self, question: str, pictures: Sequence[bytes], deadline: float) -> str:
        """What a model that sees answers about PNG pictures in their order, greedily; as `ask` otherwise."""
        shown = [{"type": "image_url", "image_url": {"url": _address_of(picture)}} for picture in pictures]
        content = [*shown, {"type": "text", "text": question}]
        plain = {**self._plain([]), "messages": [{"role": "user", "content": content}]}
        return _content(self._send({**plain, "temperature": 0, "max_tokens": _ANSWER_TOKENS}, plain, deadline))

    def try_out(self) -> str:
        """One sentence on what answers at the address. Raises LanguageModelError and its kinds."""
        begun = time.monotonic()
        plain = self._plain([{"role": "user", "content": "Say the word ready."}])
        _content(self._send(plain, plain, begun + self.server.timeout_seconds))
        return f"{self.server.model} at {self.server.address} answered in {time.monotonic() - begun:.1f} s."

    def _plain(self, messages: Sequence[Message]) -> dict[str, Any]:
        """The request that every server takes."""
        return {"model": self.server.model, "messages": [dict(message) for message in messages], "stream": False}

    def _send(self, body: Mapping[str, Any], plain: Mapping[str, Any], deadline: float) -> str:
        """The raw text of the server's answer to `body`, or to `plain` where it does not take `body`."""
        from openai import APIConnectionError, APIStatusError, OpenAIError

        if not self.server.address:
            raise self._unreachable()
        if not (self.server.key.isascii() and self.server.key.strip().isprintable()):
            raise self._refused(401)
        try:
            return asyncio.run(self._exchange(body, plain, deadline))
        except TimeoutError:
            problem: LanguageModelError = self._too_slow()
        except APIConnectionError:
            problem = self._unreachable()
        except APIStatusError as error:
            problem = self._refused(error.status_code)
        except OpenAIError:
            problem = self._unreachable()
        raise problem  # outside of the handlers: what was caught may quote the key

    async def _exchange(self, body: Mapping[str, Any], plain: Mapping[str, Any], deadline: float) -> str:
        from openai import AsyncOpenAI, BadRequestError, NotFoundError, UnprocessableEntityError

        async with asyncio.timeout(max(0.0, deadline - time.monotonic())):
            async with AsyncOpenAI(
                base_url=self.server.base_url, api_key=self.server.key.strip() or _NO_KEY, max_retries=0
            ) as client:
                try:
                    return await _post(client, body)
                except (BadRequestError, UnprocessableEntityError):
                    if body == plain:
                        raise
                    return await _post(client, plain)
                except NotFoundError:
                    known = await _known_models(client)
                    raise self._unknown_model(known) from None

    def _too_slow(self) -> LanguageModelError:
        return LanguageModelUnreachableError(
            "The language model did not answer in time", f"Try again, choose a faster model, {_OR_OFFLINE}",
            value=self.server.address, limit=f"{self.server.timeout_seconds:g} seconds", offer=OFFER,
        )  # fmt: skip

    def _unreachable(self) -> LanguageModelError:
        return LanguageModelUnreachableError(
            "No language model answers at its address",
            f"Start its server, mend the address in the settings, {_OR_OFFLINE}",
            value=self.server.address, offer=OFFER,
        )  # fmt: skip

    def _unknown_model(self, known: Sequence[str]) -> LanguageModelError:
        names = ", ".join(known[:6])
        remedy = f"Choose one that it has: {names};" if names else "Check the model's name and the address;"
        return LanguageModelRefusedError(
            "The language model's server does not know this model, or nothing is at this address",
            f"{remedy} {_OR_OFFLINE}",
            value=f"{self.server.model} at {self.server.address}", offer=OFFER,
        )  # fmt: skip

    def _refused(self, status: int) -> LanguageModelError:
        value = f"HTTP {status}"
        if status in (401, 403):
            variable = self.server.key_variable
            what = "The language model's server refuses the key" if self.server.key else "It asks for a key"
            remedy = f"Put the right key into {variable} and start Greenlight again, {_OR_OFFLINE}"
            return LanguageModelRefusedError(what, remedy, value=value, offer=OFFER)
        if status == 429:
            return LanguageModelRefusedError(
                "The language model's server has had too many requests, or its quota is used up",
                f"Wait a minute and try again, {_OR_OFFLINE}", value=value, offer=OFFER,
            )  # fmt: skip
        if status >= 500:
            return LanguageModelError(
                "The language model's server failed", f"Try again in a minute, {_OR_OFFLINE}",
                value=value, offer=OFFER,
            )  # fmt: skip
        return LanguageModelRefusedError(
            "The language model's server does not take the request",
            f"Check the model's name and the address, {_OR_OFFLINE}", value=value, offer=OFFER,
        )  # fmt: skip


def _address_of(picture: bytes) -> str:
    """A PNG as an address that holds it."""
    return f"data:image/png;base64,{base64.b64encode(picture).decode()}"


async def _post(client: AsyncOpenAI, body: Mapping[str, Any]) -> str:
    """The answer's body as it came, unparsed: servers answer 200 with anything."""
    return await client.post("/chat/completions", cast_to=str, body=dict(body))


async def _known_models(client: AsyncOpenAI) -> tuple[str, ...]:
    """Names of the models that the server lists; none where it lists none."""
    from openai import OpenAIError

    try:
        listed = json.loads(await client.get("/models", cast_to=str))
        return tuple(str(row["id"])[:80] for row in listed["data"])
    except (OpenAIError, ValueError, KeyError, TypeError):
        return ()


def _content(body: str) -> str:
    """The message's text in the body of a chat completion. Raises LanguageModelAnswerError where there is none."""
    if body.lstrip()[:1] == "<":
        raise LanguageModelAnswerError(
            "A web page answers at the address, not a language model",
            f"Mend the address in the settings (most end with /v1), {_OR_OFFLINE}", value="HTML", offer=OFFER,
        )  # fmt: skip
    try:
        text = json.loads(body)["choices"][0]["message"]["content"]
    except (ValueError, KeyError, IndexError, TypeError, RecursionError):
        text = None
    if not isinstance(text, str) or not text.strip():
        raise LanguageModelAnswerError(
            "The language model's server gave no answer that can be read", f"Try again, {_OR_OFFLINE}", offer=OFFER
        )
    return text
