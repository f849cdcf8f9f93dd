"""Tests run in as many processes as there are cores, each on one core, a file or the browser at a time.

The longest begin first: whatever drives the browser, and the type checker. What a developer has fetched from the hub is
not seen. Property tests look at the same cases every time, so that a run fails for what was changed;
`HYPOTHESIS_PROFILE=default` looks at new ones.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ["HF_HUB_CACHE"] = str(Path(__file__).parent / "no-hub-cache")
settings.register_profile("steady", derandomize=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))
BROWSER = "browser"
LONGEST = "test_quality.py"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Two browsers at once would be in each other's way: one process drives it, and the others take the rest."""
    items.sort(key=lambda item: (item.get_closest_marker(BROWSER) is None, item.path.name != LONGEST))
    for item in items:
        group = BROWSER if item.get_closest_marker(BROWSER) else str(item.path)
        item.add_marker(pytest.mark.xdist_group(group))
