"""A worker's two threads at their first moment: one warms the models, the other makes a key frame with them.

`python -m tests.warming HOME` says what the second imported while the first brought torch, and what both came to.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

from engine.agent import Draft
from engine.configuration import Configuration
from engine.house import House, Workshop, build
from tests.fakes import FakeReporter, InlineQueue

WATCHED_SECONDS = 0.5


class Watch(MetaPathFinder):
    """Lets the second thread begin when the first comes to torch, and notes what is imported beside it."""

    def __init__(self, house: House, pool: ThreadPoolExecutor) -> None:
        self._house = house
        self._pool = pool
        self._warming = threading.get_ident()
        self._met = threading.Event()
        self.beside: list[str] = []
        self.made: Future[Draft] | None = None

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Finds nothing: only looks."""
        if threading.get_ident() != self._warming:
            if not self._met.is_set():
                self.beside.append(name)
                self._met.set()
        elif name == "torch":
            self.made = self._pool.submit(key_frame, self._house)
            self._met.wait(WATCHED_SECONDS)
            self._met.set()
        return None


def key_frame(house: House) -> Draft:
    """A real one, of one step."""
    inputs = {"scene": "a red ball on the meadow", "avoid": ""}
    return house.crew.table["text_to_image"].make().run(inputs, 0, {"profile": "pocket", "steps": 1}, FakeReporter())


def main(home: Path) -> None:
    """Both at once."""
    house = build(Configuration(home), InlineQueue())
    with ThreadPoolExecutor(1) as pool:
        watch = Watch(house, pool)
        sys.meta_path.insert(0, watch)
        warm = Workshop(house).warm()
        made = watch.made.result(60).kind if watch.made else "nothing"
    print(f"imported beside: {', '.join(watch.beside) or 'none'}, {'warm' if warm else 'cold'}, {made}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
