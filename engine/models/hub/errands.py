"""Downloads and checks that the person asked for: one after the other, by one thread, and where each stands.

Any thread may ask, stop and look; what is seen outlives every page that looks. A download that was stopped or failed is
taken up again by asking for it again: what came is kept on the disk, so it is also there after a restart.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from engine.errors import DownloadStopped, GreenlightError
from engine.models.hub.fetching import Hub, Plan
from engine.models.hub.progress import Progress
from engine.models.sources import Source
from engine.seen import Errand

LOG = logging.getLogger("greenlight.models")
STUMBLED = "Greenlight stumbled over this, and wrote down why in its log. What came is kept: try once more."
_TOO_EARLY = 100
"""The part of a download, its hundredth, after which the rate says something about the time that is left."""
Check = Callable[[], Sequence[GreenlightError]]
"""Reads a model's files; what is wrong with them."""


@dataclass(slots=True)
class _Order:
    """One errand, and how it is run."""

    seen: Errand
    sources: Sequence[Source] = ()
    """What to download."""
    check: Check | None = None
    """What to read instead."""
    stop: threading.Event = field(default_factory=threading.Event)


class Errands:
    """The line of errands of one process."""

    def __init__(self, hub: Hub, ended: Callable[[], None]) -> None:
        """ended: called after each errand, in the errands' thread, before it is seen to have ended."""
        self._hub, self._ended = hub, ended
        self._lock = threading.Lock()
        self._orders: dict[str, _Order] = {}
        self._thread: threading.Thread | None = None

    def download(self, model: str, sources: Sequence[Source]) -> None:
        """Line up a download of all of a model's repositories; nothing when one is under way."""
        self._line_up(_Order(Errand(model, "download", "waiting"), sources))

    def check(self, model: str, check: Check) -> None:
        """Line up a reading of all of a model's files; nothing when an errand for it is under way."""
        self._line_up(_Order(Errand(model, "check", "waiting"), check=check))

    def stop(self, model: str) -> None:
        """End an errand: a waiting one at once, a download within a chunk, a check when it has read its model."""
        with self._lock:
            order = self._orders.get(model)
            if order is None or not order.seen.under_way:
                return
            order.stop.set()
            order.seen = replace(order.seen, status="stopped" if order.seen.status == "waiting" else "stopping")

    def dismiss(self, model: str) -> None:
        """Look no more at an errand that has ended."""
        with self._lock:
            if model in self._orders and not self._orders[model].seen.under_way:
                del self._orders[model]

    def under_way(self, model: str) -> bool:
        """Whether an errand for this model has not ended."""
        with self._lock:
            return model in self._orders and self._orders[model].seen.under_way

    def view(self) -> tuple[Errand, ...]:
        """Where each stands, in the order in which they were asked for."""
        with self._lock:
            return tuple(order.seen for order in self._orders.values())

    def close(self) -> None:
        """Stop what is under way, and wait until it has."""
        with self._lock:
            for order in self._orders.values():
                order.stop.set()
            thread = self._thread
        if thread is not None:
            thread.join()

    # ------------------------------------------------------------------------------------------------ inside

    def _line_up(self, order: _Order) -> None:
        with self._lock:
            known = self._orders.get(order.seen.model)
            if known is not None and known.seen.under_way:
                return
            self._orders.pop(order.seen.model, None)  # asked for anew, it goes to the end of the line
            self._orders[order.seen.model] = order
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="errands", daemon=True)
                self._thread.start()

    def _work(self) -> None:
        """Run what is lined up; the thread ends with the last of it."""
        while True:
            with self._lock:
                order = next((one for one in self._orders.values() if one.seen.status == "waiting"), None)
                if order is None or order.stop.is_set():
                    self._thread = None
                    return
                order.seen = replace(order.seen, status="asking" if order.check is None else "reading")
            outcome = self._run(order)
            self._ended()
            with self._lock:
                order.seen = outcome

    def _run(self, order: _Order) -> Errand:
        """Do one errand; returns how it is seen once it has ended. The boundary: nothing gets past it."""
        try:
            if order.check is None:
                self._download(order)
                return replace(order.seen, status="done")
            problems = order.check()
            if order.stop.is_set():
                return replace(order.seen, status="stopped")
            told = " ".join(map(str, problems))
            return replace(order.seen, status="failed" if problems else "done", problem=told)
        except DownloadStopped:
            return replace(order.seen, status="stopped")
        except GreenlightError as problem:
            LOG.warning("%s: %s", order.seen.model, problem)
            return replace(order.seen, status="failed", problem=str(problem))
        except Exception:
            LOG.exception("the errand for %s failed", order.seen.model)
            return replace(order.seen, status="failed", problem=STUMBLED)

    def _download(self, order: _Order) -> None:
        """All repositories of a model. Raises what Hub.plan and Hub.fetch do; DiskFullError before anything came."""
        plans = [self._hub.plan(*source) for source in order.sources]
        self._hub.make_sure_of_room(*plans)
        for number, plan in enumerate(plans):
            self._hub.fetch(plan, self._teller(order, plans, number), order.stop)

    def _teller(self, order: _Order, plans: Sequence[Plan], number: int) -> Callable[[Progress], None]:
        """Says of all of a model's repositories what a progress says of one."""
        before = sum(plan.size_bytes for plan in plans[:number])
        later = plans[number + 1 :]
        here = before + sum(plan.here_bytes for plan in later)
        in_all = sum(plan.size_bytes for plan in plans)

        def tell(progress: Progress) -> None:
            """Note where it stands now."""
            done, rate = here + progress.done_bytes, progress.bytes_per_second
            left = (in_all - done) / rate if rate > 0 and done * _TOO_EARLY > in_all else None
            with self._lock:
                order.seen = Errand(
                    order.seen.model, "download", "stopping" if order.stop.is_set() else "coming",
                    done, in_all, left, rate,
                )  # fmt: skip

        return tell
