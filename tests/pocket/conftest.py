from __future__ import annotations

import pytest

from engine.pocket.render import Renderer


@pytest.fixture(scope="session")
def renderer() -> Renderer:
    return Renderer("cpu", size=96)
