"""What is needed next, made while what was made before is in use."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Asked = TypeVar("Asked")
Made = TypeVar("Made")


def made_ahead(make: Callable[[Asked], Made], asked: Iterable[Asked], most: int = 6) -> Iterator[Made]:
    """What `make` makes of each that is asked, one after the other, up to so many of them ahead of who takes them.

    In one thread: fast tokenizers are not for several. What it raises is raised where its result would have come.
    """
    waiting: deque[Future[Made]] = deque()
    pool = ThreadPoolExecutor(1)
    try:
        for each in asked:
            waiting.append(pool.submit(make, each))
            if len(waiting) > most:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
