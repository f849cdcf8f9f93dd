"""Stand-ins for what is slow or lives elsewhere: agents, the queue, the machine, the disk, the clock.

They keep the contracts of the real ones. Agents make small files that depend on seed and inputs alone, and can be told
to fail, to wait, or to stop at a step.
"""

from __future__ import annotations

import errno
import io
import itertools
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path

import numpy as np
from PIL import Image

from engine.agent import Draft, Input, Lane, Progress, Reporter
from engine.agents.prompt_forms import wanted
from engine.approval import Automatic
from engine.boxes import Boxes, Thing
from engine.configuration import Configuration
from engine.crew import Crew
from engine.disk import Disk
from engine.errors import TakeCancelled
from engine.house import House, Inspection
from engine.media.videos import encode_video
from engine.prompts import Prompt
from engine.runner import AgentRow, Runner
from engine.seen import Job, QueueView
from engine.store.preferences import Preferences
from engine.store.projects import ProjectStore
from engine.studio import Studio
from engine.tasks import table
from engine.types import Kind, Settings

STEPS = 4
"""Denoising steps that a fake agent reports."""
AGENTS: Mapping[str, tuple[str, str, Kind, Lane]] = {
    "prompt_writer": ("prompt", "", "prompt", "words"),
    "text_to_image": ("scene avoid", "", "image", "device"),
    "frame_fitter": ("image", "", "image", "words"),
    "image_to_video": ("image scene motion avoid", "last_image", "video", "device"),
    "video_fitter": ("video", "", "video", "words"),
    "extender": ("clip scene motion avoid", "anchor", "video", "device"),
    "connector": ("clip second_clip transition avoid", "", "video", "device"),
    "detector": ("image words", "", "boxes", "device"),
    "mask_maker": ("boxes", "motion end", "mask", "words"),
    "mask_tracker": ("video mask", "corrections", "mask", "words"),
    "inpainter": ("image mask scene avoid", "boxes motion", "image", "device"),
    "image_editor": ("image", "instruction mask avoid scene", "image", "device"),
    "video_editor": ("video", "image instruction mask avoid scene motion", "video", "device"),
    "background_refiner": ("video", "boxes mask image", "video", "words"),
    "film_returner": ("video clip upload", "mask", "video", "words"),
    "world_stepper": ("image action", "onward earlier", "image", "device"),
    "world_filmer": ("image state", "earlier", "video", "words"),
    "action_namer": ("", "image last_image video", "state", "device"),
    "film_cutter": (
        "clip_1",
        " ".join((*(f"clip_{number}" for number in range(2, 61)), "upload", "second_upload")),
        "video",
        "words",
    ),
}
"""Agent -> what it needs, what it takes, what it yields, and its lane."""


@dataclass
class Orders:
    """What the fake agents are told; may be changed at any time. Thread-safe enough: one writer, flags only."""

    fail: dict[str, Exception] = field(default_factory=dict[str, Exception])
    """Agent -> what it raises, every time."""
    hold: dict[str, threading.Event] = field(default_factory=dict[str, threading.Event])
    """Agent -> it waits for this after its first step."""
    begun: threading.Event = field(default_factory=threading.Event)
    """Set when an agent has done its first step."""
    blank: list[int] = field(default_factory=list[int])
    """Seeds for which the picture is blank."""
    nothing: bool = False
    """Whether the detector finds nothing."""
    real_videos: bool = False
    """Whether videos are real MP4 files (slower), or only named after what they were made from."""
    runs: list[tuple[str, int]] = field(default_factory=list[tuple[str, int]])
    """Agent and seed of every run so far."""


def png(seed: int, size: tuple[int, int] = (16, 16)) -> bytes:
    """A small picture of stripes whose colours follow from the seed."""
    picture = Image.new("RGB", (4, 4))
    colours = sha256(str(seed).encode()).digest() + sha256(f"{seed}b".encode()).digest()[:16]
    picture.putdata([tuple(colours[3 * i : 3 * i + 3]) for i in range(16)])
    buffer = io.BytesIO()
    picture.resize(size, Image.Resampling.NEAREST).save(buffer, "PNG")
    return buffer.getvalue()


class FakeAgent:
    """One agent: `draw` gives the file from what it was given."""

    def __init__(self, name: str, orders: Orders) -> None:
        needs, takes, self.yields, self.lane = AGENTS[name]
        self.name = name
        self.needs = frozenset(needs.split())
        self.takes = frozenset(takes.split())
        self._orders = orders

    def run(self, inputs: Mapping[str, Input], seed: int, settings: Settings, reporter: Reporter) -> Draft:
        """Report STEPS steps, then give a file that follows from inputs and seed."""
        if not self.needs <= set(inputs) <= self.needs | self.takes:
            raise KeyError(f"{self.name} got {sorted(inputs)}")
        self._orders.runs.append((self.name, seed))
        for step in range(STEPS):
            reporter.report(Progress("denoising", step, STEPS), png(seed + step))
            self._orders.begun.set()
            if self.name in self._orders.hold:
                self._orders.hold[self.name].wait(20)
        if self.name in self._orders.fail:
            raise self._orders.fail[self.name]
        return self._draft(inputs, seed, settings)

    def _draft(self, inputs: Mapping[str, Input], seed: int, settings: Settings) -> Draft:
        if self.yields == "prompt":
            text = str(inputs["prompt"])
            known = {"scene": f"{text}, on a meadow #{seed}", "motion": "it rolls to the right", "avoid": "blur"}
            fields = {name: known.get(name, f"{name}: {text}") for name in wanted(settings).fields}
            prompt = Prompt(text, fields, ("A note.",))
            return Draft("prompt", prompt.encode(), ".json", {"writer": "offline"}, model="offline")
        if self.yields == "boxes":
            return Draft("boxes", found(str(inputs["words"]), self._orders.nothing).encode(), ".json", settings)
        given = sha256(repr(sorted(inputs.items())).encode()).digest()
        if self.yields == "mask":
            frames = 17 if self.name == "mask_tracker" else 1
            return Draft(
                "mask", mask_png(frames), ".png", settings, facts={"width": 16, "height": 16, "frames": frames}
            )
        if self.yields == "image":
            number = int.from_bytes(given[:4], "big") + seed
            data = png(number) if seed not in self._orders.blank else blank_png()
            if "action" in inputs:
                settings = {**settings, "action": settings.get("action") or str(inputs["action"])}
            return Draft("image", data, ".png", settings, "pocket", "r1", {"width": 16, "height": 16})
        if self.yields == "state":
            told = [{"text": "the ball drops", "confidence": 0.9}, {"text": "nothing happens", "confidence": 0.08}]
            moments = [{"begins": 0.0, "ends": 1.0, "told": told}]
            return Draft("state", json.dumps({"moments": moments}).encode(), ".json", settings, "pocket-inverse", "r1")
        facts = {"width": 16, "height": 16, "frames": 17, "fps": 8, "seconds": 17 / 8}
        name = given.hex() + str(seed)
        data = moving_video(name) if self._orders.real_videos else f"a video of {name}".encode()
        return Draft("video", data, ".mp4", settings, "pocket", "r1", facts)


def found(word: str, nothing: bool = False) -> Boxes:
    """A thing in the middle of a picture of 16 x 16, or nothing."""
    things = () if nothing else (Thing(word, 0.9, (4, 4, 12, 12)), Thing("ball", 0.4, (0, 0, 4, 4)))
    return Boxes(16, 16, things, () if nothing else (0,), (word,) if nothing else ())


def mask_png(frames: int = 1, size: tuple[int, int] = (16, 16)) -> bytes:
    """A mask of the upper half, for each frame."""
    mask = Image.new("L", (size[0], size[1] * frames))
    for frame in range(frames):
        mask.paste(255, (0, frame * size[1], size[0], frame * size[1] + size[1] // 2))
    buffer = io.BytesIO()
    mask.save(buffer, "PNG")
    return buffer.getvalue()


def moving_video(name: str) -> bytes:
    """Nine small frames with a stripe that walks."""
    frames = np.full((9, 32, 32, 3), sha256(name.encode()).digest()[0], np.uint8)
    for number, frame in enumerate(frames):
        frame[:, number * 3 : number * 3 + 3] = 255
    return encode_video(frames, 8)


def blank_png() -> bytes:
    """A picture that shows nothing."""
    buffer = io.BytesIO()
    Image.new("RGB", (16, 16)).save(buffer, "PNG")
    return buffer.getvalue()


def fake_agents(orders: Orders) -> Mapping[str, AgentRow]:
    """The studio's table, with fakes in it."""
    return {name: AgentRow(partial(FakeAgent, name, orders), lane) for name, (*_, lane) in AGENTS.items()}


class FakeReporter:
    """Keeps what was reported; cancels at a step if told to."""

    def __init__(self, cancelled: Callable[[], bool] = lambda: False, cancel_at: int | None = None) -> None:
        self.progress: list[Progress] = []
        self._cancelled = cancelled
        self._cancel_at = cancel_at

    def report(self, progress: Progress, preview: bytes | None = None) -> None:
        """See engine.agent.Reporter."""
        self.progress.append(progress)
        at = self._cancel_at is not None and progress.phase == "denoising" and progress.step >= self._cancel_at
        if at or self._cancelled():
            raise TakeCancelled("The take was stopped", "Make another one when you like.")


class InlineQueue:
    """A queue in memory, whose jobs run when a test says so, in the test's own thread or another."""

    def __init__(self) -> None:
        self.lined_up: dict[str, tuple[str, Lane]] = {}
        self.cancelled: set[str] = set()
        self.done: set[str] = set()
        self.running: str | None = None
        self.paused = False

    def put(self, project: str, take: str, lane: Lane) -> None:
        """See engine.seen.Queue."""
        if take not in self.done:
            self.lined_up.setdefault(take, (project, lane))

    def cancel(self, take: str) -> None:
        """See engine.seen.Queue."""
        self.cancelled.add(take)
        if take != self.running and self.lined_up.pop(take, None) is not None:
            self.done.add(take)

    def view(self) -> QueueView:
        """See engine.seen.Queue."""
        waiting = [take for take in self.lined_up if take != self.running]
        order = ([self.running] if self.running else []) + waiting
        jobs = tuple(self._job(take, place if self.running else place + 1) for place, take in enumerate(order))
        return QueueView(jobs, self.paused, "alive")

    def pause(self) -> None:
        """See engine.seen.Queue."""
        self.paused = True

    def resume(self) -> None:
        """See engine.seen.Queue."""
        self.paused = False

    def run_one(self, runner: Runner) -> bool:
        """Make the next take; `False` when there is none."""
        if self.paused or not self.lined_up:
            return False
        take, (project, _) = next(iter(self.lined_up.items()))
        self.running = take
        try:
            runner.make(project, take, FakeReporter(lambda: take in self.cancelled))
        finally:
            self.running = None
        self.lined_up.pop(take, None)
        self.done.add(take)
        return True

    def run_all(self, runner: Runner) -> None:
        """Make takes until the queue is empty."""
        while self.run_one(runner):
            pass

    def _job(self, take: str, place: int) -> Job:
        project, _ = self.lined_up[take]
        return Job(take, project, "a title", "a stage", "queued" if place else "running", place)


class FakeMachine:
    """A machine whose worker is the test."""

    def __init__(self, queue: InlineQueue) -> None:
        self.queue = queue
        self.closed = False

    def preview(self, take: str) -> bytes | None:
        """See engine.machine.Machine."""
        return png(0) if take == self.queue.running else None

    def device(self) -> str:
        """See engine.machine.Machine."""
        return "2 cores"

    def work(self, guest: str) -> None:
        """See engine.machine.Machine."""

    def close(self) -> None:
        """See engine.machine.Machine."""
        self.closed = True


class FakeInspection:
    """Sees blank pictures, and takes every video for a moving one unless told otherwise."""

    def __init__(self) -> None:
        self.standing_still = False

    def blank(self, image: bytes) -> bool:
        """See engine.approval.Inspection."""
        return image == blank_png()

    def empty(self, mask: bytes) -> bool:
        """See engine.approval.Inspection."""
        return Inspection().empty(mask)

    def frozen(self, video: bytes) -> bool:
        """See engine.approval.Inspection."""
        return self.standing_still


class FullDisk(Disk):
    """A disk that is full at the n-th thing asked of it (0, 1, …), and from then on; half of a write still fits."""

    def __init__(self, fails_at: int) -> None:
        self.calls = 0
        self.fails_at = fails_at

    def _count(self) -> None:
        self.calls += 1
        if self.calls > self.fails_at:
            raise OSError(errno.ENOSPC, "No space left on device")

    def write(self, descriptor: int, data: bytes) -> int:
        """See engine.disk.Disk."""
        try:
            self._count()
        except OSError:
            super().write(descriptor, data[: len(data) // 2])
            raise
        return super().write(descriptor, data)

    def sync(self, descriptor: int) -> None:
        """See engine.disk.Disk."""
        self._count()
        super().sync(descriptor)

    def replace(self, source: Path, target: Path) -> None:
        """See engine.disk.Disk."""
        self._count()
        super().replace(source, target)

    def make_folder(self, folder: Path) -> None:
        """See engine.disk.Disk."""
        self._count()
        super().make_folder(folder)


def fake_clock() -> Callable[[], str]:
    """A clock that moves on a second each time it is read."""
    ticks: Iterator[int] = itertools.count()
    start = datetime(2026, 1, 1, tzinfo=UTC)
    return lambda: (start + timedelta(seconds=next(ticks))).isoformat(timespec="milliseconds")


class Desk:
    """A whole studio on fakes in one home: `studio` is what a page has, `work` is what the worker does."""

    def __init__(self, home: Path, disk: Disk | None = None, *, real_videos: bool = False) -> None:
        self.orders = Orders(real_videos=real_videos)
        self.inspection = FakeInspection()
        self.queue = InlineQueue()
        self.projects = ProjectStore(home, disk, fake_clock())
        approver = Automatic(self.inspection)
        self.runner = Runner(self.projects, table.task, fake_agents(self.orders), approver, self.queue)
        configuration = Configuration(home)
        crew = Crew(lambda: None)
        house = House(configuration, self.projects, Preferences(home, disk), crew, self.runner, table.RECIPES)
        self.machine = FakeMachine(self.queue)
        self.studio = Studio(house, self.machine)

    def work(self) -> None:
        """Do everything that is queued."""
        self.queue.run_all(self.runner)
