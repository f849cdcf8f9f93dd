"""The storm of bench.kill, in small: whatever is killed and whenever, nothing is lost, torn, doubled or left."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from bench.kill import FAKE, storm


@pytest.mark.long
@pytest.mark.timeout(600)
def test_twenty_kills_at_random_moments_lose_nothing(tmp_path: Path) -> None:
    outcome = storm(tmp_path, FAKE, kills=20, longest_wait_seconds=3.0, random=Random())
    assert outcome.problems == ()
    assert outcome.approved == 2 * outcome.projects > 0
    assert sum(outcome.kills.values()) == 20
