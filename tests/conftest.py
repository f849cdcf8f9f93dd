"""Tests run in as many processes as there are cores: each keeps to one, and the longest check begins first."""

from __future__ import annotations

import os

import pytest

os.environ.setdefault("OMP_NUM_THREADS", "1")
LONGEST = "test_quality.py"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave every test its place, but those of the type checker, for which nobody should wait at the end."""
    items.sort(key=lambda item: item.path.name != LONGEST)
