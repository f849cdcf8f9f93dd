"""Tests run in a process a core, and one more for the browser, which mostly waits; a file or the browser at a time.

The longest begin first: whatever drives the browser, and the type checker. What a developer has fetched from the hub is
not seen. Property tests look at the same cases every time, however long it takes, so that a run fails for what was
changed; `HYPOTHESIS_PROFILE=default` looks at new ones.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ["HF_HUB_CACHE"] = str(Path(__file__).parent / "no-hub-cache")
settings.register_profile("steady", derandomize=True, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))
BROWSER = "browser"
LONGEST = "test_quality.py"


class OneBrowser(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types
    """Hands out whole files, and all that drives the browser as one: two at once would be in each other's way.

    Not by xdist's groups: it writes them into names that pytest 9 does not let it change.
    """

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        return BROWSER if path.startswith(f"tests/{BROWSER}/") else path


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """How many processes `-n auto` means."""
    return len(os.sched_getaffinity(0)) + 1 if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1) + 1


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> OneBrowser:
    """How tests are handed out to the processes."""
    return OneBrowser(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest begin first."""
    items.sort(key=lambda item: (item.get_closest_marker(BROWSER) is None, item.path.name != LONGEST))
