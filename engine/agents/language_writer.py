"""The prompt writer that asks a language model, and believes nothing that it has not checked.

The person's text goes out as data in a JSON field, below rules that say so (engine.agents.writer_rules); whatever comes
back must be short plain strings, one for each field of the form, that quote neither the rules nor the key. What can be
mended without asking is mended; one answer may be repaired by a second question; after that it is an error. What the
video model can draw is told beforehand and checked afterwards by the offline reader.
"""

from __future__ import annotations

import json
import re
import time
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from engine.agents.offline_reader import named
from engine.agents.prompt_forms import MAY_BE_EMPTY, SCENE, Form
from engine.agents.writer_rules import POCKET, rules
from engine.errors import LanguageModelAnswerError
from engine.models.answers import find_object
from engine.models.chat import OFFER, Chat, Message
from engine.pocket.edits import read
from engine.pocket.grammar import parse
from engine.prompts import Prompt

LONGEST_FIELD: Final = 600
"""Characters in one field of an answer."""
MOST_KEYWORDS: Final = 8
LONGEST_KEYWORD: Final = 40
"""Characters: a keyword is a word or two, not a sentence."""
_BIDI: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_SHORTEST_SECRET: Final = 8
"""Characters: a shorter key is a word like `none`, for servers that want any."""
_SHOWN_BACK: Final = 4_000
"""Characters of an unusable answer that the model is shown again."""
_LISTS: Final = ("shots", "keywords")
"""What models like to answer as a list."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a language model is asked for."""

    prompt: str
    """As typed."""
    form: Form = SCENE
    """Which fields are wanted."""
    profile: str = POCKET
    """Name of the video model that the prompt is for."""

    @property
    def rules(self) -> tuple[str, ...]:
        """What the model is told before it sees the prompt, sentence by sentence."""
        return rules(self.form, self.profile)

    @property
    def schema(self) -> Mapping[str, Any]:
        """The JSON schema of the answer."""
        fields = self.form.fields
        return {
            "type": "object",
            "properties": {name: {"type": "string"} for name in fields},
            "required": list(fields),
            "additionalProperties": False,
        }

    def messages(self) -> list[Message]:
        """Rules first, then the person's text as data."""
        return [
            {"role": "system", "content": "\n".join(self.rules)},
            {"role": "user", "content": json.dumps({"idea": self.prompt}, ensure_ascii=False)},
        ]


def write(question: Question, seed: int, chat: Chat) -> Prompt:
    """The form's fields, from a language model; notes on the words that the pocket world lacks.

    Raises LanguageModelError and its kinds: see engine.models.chat; LanguageModelAnswerError also when neither the
    first answer nor the repaired one can be used.
    """
    deadline = time.monotonic() + chat.server.timeout_seconds
    messages = question.messages()
    problem = ""
    for _ in range(2):
        answer = chat.ask(messages, question.schema, seed, deadline)
        try:
            fields = checked(find_object(answer), question, chat.server.key)
        except ValueError as error:
            problem = str(error)
            messages = [*messages, *_repair(answer, problem, question.form)]
            continue
        return Prompt(question.prompt, fields, _notes(fields) if question.profile == POCKET else ())
    raise LanguageModelAnswerError(
        "The language model did not answer in the form that was asked for, also when asked again",
        "Try again, choose another model, or use the offline writer.", value=problem, offer=OFFER,
    )  # fmt: skip


def checked(answer: Mapping[str, Any] | None, question: Question, key: str = "") -> dict[str, str]:
    """The fields of an answer, on one line each. Raises ValueError that says in plain words what is wrong."""
    if answer is None:
        raise ValueError("no JSON object in it")
    given = _unlisted(answer, question.form)
    fields = {
        name: _field(name, given.get(name, "" if name in MAY_BE_EMPTY else None)) for name in question.form.fields
    }
    words = fields.get("keywords", "").split(",")
    if len(words) > MOST_KEYWORDS or any(len(word.strip()) > LONGEST_KEYWORD for word in words):
        raise ValueError(f"keywords is not a list of at most {MOST_KEYWORDS} things")
    said = _folded(" ".join(fields.values()))
    leaks = len(key) >= _SHORTEST_SECRET and key in " ".join(fields.values())
    if leaks or any(_folded(part) in said for rule in question.rules for part in rule.split(". ")):
        raise ValueError("it repeats what it was told instead of describing a video")
    return fields


def _unlisted(answer: Mapping[str, Any], form: Form) -> dict[str, Any]:
    """The answer with lists in their places: `shots` as shot_1, shot_2, …; keywords with commas between."""
    lists = {name: answer[name] for name in _LISTS if isinstance(answer.get(name), list)}
    given = {**answer}
    given.update(zip(form.motions if form.name == "shots" else (), lists.get("shots", ()), strict=False))
    if all(isinstance(word, str) for word in lists.get("keywords", (None,))):
        given["keywords"] = ", ".join(lists["keywords"])
    return given


def _field(name: str, text: object) -> str:
    """One field, if it is a short text and, unless it may be, not empty."""
    if not isinstance(text, str):
        raise ValueError(f"{name} is not a text")
    line = _one_line(text)
    if len(line) > LONGEST_FIELD:
        raise ValueError(f"{name} is longer than {LONGEST_FIELD} characters")
    if not line and name not in MAY_BE_EMPTY:
        raise ValueError(f"{name} is empty")
    return line


def _repair(answer: str, problem: str, form: Form) -> list[Message]:
    """What is said after an answer that cannot be used."""
    again = (
        f"That cannot be used: {problem}. Answer again with only the JSON object: "
        f"{len(form.fields)} strings, {', '.join(form.fields)}."
    )
    whole = answer[:_SHOWN_BACK].encode("utf-8", "replace").decode()  # half an emoji cannot be sent
    return [{"role": "assistant", "content": whole}, {"role": "user", "content": again}]


def _notes(fields: Mapping[str, str]) -> tuple[str, ...]:
    """A sentence on the words that the pocket world does not know, and on an order that it cannot follow."""
    order = read(fields["instruction"]) if "instruction" in fields else None
    told = order or parse(". ".join(text for name, text in fields.items() if name != "avoid"))
    notes = order.notes if order else ()
    if not told.unknown:
        return notes
    return (f"The language model used words that the pocket world does not know: {named(told.unknown)}.", *notes)


def _one_line(text: str) -> str:
    """Without control characters, halves of characters and marks that turn the writing direction."""
    kept = ("" if c in _BIDI or unicodedata.category(c) == "Cs" else c for c in text)
    return " ".join("".join(" " if unicodedata.category(c) == "Cc" else c for c in "".join(kept)).split())


def _folded(text: str) -> str:
    return re.sub(r"\W+", " ", text).casefold().strip()
