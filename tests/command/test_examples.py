"""What the help pages, the README and docs/ show can be typed: every command of theirs is understood."""

from __future__ import annotations

import argparse
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.command.arguments import parser

ROOT = Path(__file__).resolve().parents[2]
COMMAND = re.compile(r"^(?:\.venv/bin/)?python -m engine (.+)$")


def pages(one: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    """A parser and all below it."""
    yield one
    for action in one._actions:
        if isinstance(action, argparse._SubParsersAction):
            for below in action.choices.values():
                yield from pages(below)


def commands(text: str) -> list[str]:
    """What stands behind `python -m engine`, a line each; a line that ends in a backslash goes on."""
    lines = (line.strip() for line in text.replace("\\\n", " ").splitlines())
    return [found[1] for line in lines if (found := COMMAND.match(line))]


def shown() -> list[str]:
    """Every command that a reader finds: in the help pages, in the README's blocks, between backticks in docs/."""
    told = [line for page in pages(parser()) for line in commands(page.epilog or "")]
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))]
    told += [line for text in texts for line in commands(text)]
    spans = [" ".join(span.split()) for text in texts for span in re.findall(r"`([^`]+)`", text)]
    told += [found[1] for span in spans if (found := COMMAND.match(span)) and "…" not in span and "[" not in span]
    return sorted(set(told))


def code(words: list[str]) -> int | str | None:
    """How the parser takes it: 0, also for a help page, or 2."""
    try:
        parser().parse_args(words)
    except SystemExit as end:
        return end.code
    return 0


@pytest.mark.parametrize("command", shown())
def test_a_command_that_is_shown_is_understood(command: str) -> None:
    assert code(shlex.split(command, comments=True)) == 0


def test_there_are_commands_to_read() -> None:
    assert len(shown()) > 40
    assert code(["continue", "0123456789ab"]) == 2, "it wants a folder"
