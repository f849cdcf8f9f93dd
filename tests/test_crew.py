"""One thread at a time brings torch and diffusers: of two that import them at once, one finds modules half made."""

from __future__ import annotations

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, cast

import pytest

from engine.crew import HANDS, Crew

ROOT = Path(__file__).resolve().parents[1]


class Slow:
    """A lease that takes as long to bring as a test wants."""

    def __init__(self) -> None:
        self.begun = threading.Event()
        self.go_on = threading.Event()
        self.made = 0

    def __call__(self) -> Any:
        self.made += 1
        self.begun.set()
        assert self.go_on.wait(60)
        return object()


def test_while_one_thread_brings_the_models_another_waits_for_the_same_lease() -> None:
    lease = Slow()
    crew = Crew(lambda: None, lease=cast(Any, lease))
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(crew.lease)
        assert lease.begun.wait(60)
        second = pool.submit(crew.table["text_to_image"].make)
        assert not second.done()
        lease.go_on.set()
        assert cast(Any, second.result(60))._lease is first.result(60)
    assert lease.made == 1


@pytest.mark.parametrize("name", ["prompt_writer", *HANDS])
def test_whoever_needs_no_model_begins_while_the_models_are_brought(name: str) -> None:
    lease = Slow()
    crew = Crew(lambda: None, lease=cast(Any, lease))
    with ThreadPoolExecutor(1) as pool:
        pool.submit(crew.lease)
        assert lease.begun.wait(60)
        try:
            assert crew.table[name].make().name == name
        finally:
            lease.go_on.set()


def test_a_key_frame_asked_for_while_the_models_are_warmed_is_made(tmp_path: Path) -> None:
    """In a process that has imported nothing yet: another one would find everything there."""
    arguments = [sys.executable, "-m", "tests.warming", str(tmp_path)]
    told = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert told.returncode == 0, told.stderr
    assert told.stdout.split() == ["imported", "beside:", "none,", "warm,", "image"]
