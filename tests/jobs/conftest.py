"""A small house in a folder of its own, and worker processes that do not outlive their test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.jobs.house import SmallHouse
from tests.jobs.processes import Processes


@pytest.fixture
def house(tmp_path: Path) -> Iterator[SmallHouse]:
    opened = SmallHouse(tmp_path)
    yield opened
    opened.hold(False)
    opened.close()


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[Processes]:
    started = Processes(tmp_path)
    yield started
    started.end()
