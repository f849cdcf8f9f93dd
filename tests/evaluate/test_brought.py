"""Whatever file of prompts, results or labels is brought: no more is read than fits, and what is wrong is said."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.command.viewings import _prompts
from engine.errors import BenchmarkError
from engine.evaluate import aurora, suites
from engine.evaluate.brought import MOST_BYTES
from engine.evaluate.videoverse import benchmark, labels

READERS: list[Callable[[Path], Any]] = [benchmark.read, labels.read, suites.vbench, suites.aigcbench, _prompts]


@pytest.mark.parametrize("read", [*READERS, lambda path: aurora.read(path.parent)])
def test_a_file_without_end_is_not_read_and_one_that_is_not_there_is_named(
    read: Callable[[Path], Any], tmp_path: Path
) -> None:
    path = tmp_path / "test.json"
    with pytest.raises(BenchmarkError, match=r"cannot be read \(got test.json: "):
        read(path)
    with path.open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    with pytest.raises(BenchmarkError, match=r"too large \(got test.json; limit 64 MiB\)"):
        read(path)


@pytest.mark.parametrize("read", [*READERS, lambda path: aurora.read(path.parent)])
def test_letters_of_another_alphabet_are_named_errors(read: Callable[[Path], Any], tmp_path: Path) -> None:
    (tmp_path / "test.json").write_bytes(b'{"a": "\xe9"}')
    with pytest.raises(BenchmarkError):
        read(tmp_path / "test.json")
