"""What the tests of the measures share."""

from __future__ import annotations

import pytest

from engine.pocket.render import Renderer


@pytest.fixture(scope="session")
def renderer() -> Renderer:
    """Small frames: the drawing of all things and scenes is most of what a measure costs here."""
    return Renderer("cpu", 64)
