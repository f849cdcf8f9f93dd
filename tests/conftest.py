"""The order of the tests: the browser's come last, since its driver keeps an event loop running in this thread."""

from __future__ import annotations

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave every test its place, but the browser's."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)
