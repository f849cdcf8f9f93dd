"""Tests run in as many processes as there are cores: each keeps to one, and the longest check begins first.

What a developer has fetched from the hub is not seen by them. Property tests look at the same cases every time, so that a
run fails for what was changed; `HYPOTHESIS_PROFILE=default` looks at new ones.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ["HF_HUB_CACHE"] = str(Path(__file__).parent / "no-hub-cache")
LONGEST = "test_quality.py"
settings.register_profile("steady", derandomize=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave every test its place, but those of the type checker, for which nobody should wait at the end."""
    items.sort(key=lambda item: item.path.name != LONGEST)
