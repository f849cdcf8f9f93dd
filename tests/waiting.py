"""The one way in which a test waits for another thread or process."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def until(look: Callable[[], T], what: str, seconds: float = 20.0) -> T:
    """Look until the answer is truthy, and return it; AssertionError when that takes longer than `seconds`."""
    pulse = threading.Event()
    deadline = time.monotonic() + seconds
    while not (answer := look()):
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds:g} s for {what}")
        pulse.wait(0.01)
    return answer
