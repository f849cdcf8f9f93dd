"""Agents are made by one thread at a time: two that import torch and diffusers at once find modules half made."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

from engine.crew import Crew


def test_while_one_thread_brings_the_models_another_waits_to_make_an_agent() -> None:
    crew = Crew(lambda: None, lease=cast(Any, object))
    made = threading.Event()

    def make() -> object:
        agent = crew.table["text_to_image"].make()
        made.set()
        return agent

    with ThreadPoolExecutor(1) as pool:
        with crew.bringing:
            asked = pool.submit(make)
            assert not made.wait(0.2)
        assert asked.result(60) is not None


def test_two_threads_share_one_lease() -> None:
    again = threading.Event()
    leases: list[object] = []

    def lease() -> object:
        leases.append(object())
        if len(leases) == 1:
            again.wait(0.2)  # long enough for the other to come in, were it let
        else:
            again.set()
        return leases[-1]

    crew = Crew(lambda: None, lease=cast(Any, lease))
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.submit(crew.lease), pool.submit(crew.lease)
        assert first.result(60) is second.result(60)
    assert len(leases) == 1
