"""A language model's words -> the JSON object in them, however it was wrapped.

Models without structured output put their JSON into a fence, talk before and after it, think aloud first, leave a comma
too many or quote with apostrophes. That much is mended here; what is left over needs another round with the model.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final

_LONGEST: Final = 50_000
"""Characters that are looked at."""
_MOST_STARTS: Final = 40
"""Opening braces at which an object is looked for."""
_THOUGHTS: Final = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL | re.IGNORECASE)
_LOOSE: Final = re.compile(
    r"""
    (?P<double> "(?:[^"\\]|\\.)*" )                          # a JSON string: stays as it is
  | (?<=[{\[,:\s]) '(?P<single> (?:[^'\\]|\\.)*? )' (?=\s*[,:}\]])   # one in apostrophes: gets quotation marks
  | (?P<comma> , ) (?=\s*[}\]])                              # a comma before a closing bracket: goes
    """,
    re.DOTALL | re.VERBOSE,
)
_DECODER: Final = json.JSONDecoder(strict=False)


def find_object(text: str) -> dict[str, Any] | None:
    """The first JSON object in a text; None when there is none, or none that can be read."""
    text = _THOUGHTS.sub("", text[:_LONGEST])
    for start in [match.start() for match in re.finditer(r"\{", text)][:_MOST_STARTS]:
        for candidate in (text[start:], _LOOSE.sub(_tightened, text[start:])):
            try:
                value, _ = _DECODER.raw_decode(candidate)
            except (ValueError, RecursionError):
                continue
            if isinstance(value, dict) and value:
                return value
    return None


def _tightened(match: re.Match[str]) -> str:
    """What a loosely written piece of JSON should have been."""
    if match["double"] is not None:
        return match["double"]
    if match["single"] is not None:
        inner = re.sub(r"\\'", "'", match["single"])
        return '"' + re.sub(r'(?<!\\)"', r"\\" + '"', inner) + '"'
    return ""
