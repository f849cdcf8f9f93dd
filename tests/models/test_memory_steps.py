"""When memory runs out the next way to hold the model is tried, and the person told; what fits stays for a while."""

from __future__ import annotations

import gc
import weakref
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from engine.errors import DeviceLostError, DriverTooOldError, NoDeviceError, OutOfMemoryError
from engine.models import lease as lease_room
from engine.models.lease import Lease, Terms, Work
from engine.models.memory import failures
from engine.models.memory.accelerator import why_none
from engine.models.memory.holding import Loaded
from engine.models.memory.modes import MODES
from engine.models.profiles import POCKET
from engine.models.script import Sampling
from tests.models.fake_device import FakeClock, FakeDevice, FakeLoad, out_of_memory, three_ways
from tests.models.twins.shelf import SIDE, row

ROW = replace(row("wan2.2-5b"), repository="nowhere")
SIZE = Sampling(4, 5.0, 9, SIDE, SIDE)


class Job:
    """Runs out of memory the first so many times."""

    def __init__(self, fails: int, error: RuntimeError | None = None) -> None:
        self.fails = fails
        self.error = error
        self.modes: list[str] = []

    def __call__(self, loaded: Loaded) -> str:
        self.modes.append(loaded.mode.name if loaded.mode else "")
        if len(self.modes) <= self.fails:
            raise self.error or out_of_memory()
        return "made"


@pytest.fixture(autouse=True)
def estimated(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every model needs 20, 12 and 6 GiB in the first three modes."""
    monkeypatch.setattr(lease_room, "estimate", three_ways)


def leased(device: FakeDevice, load: FakeLoad | None = None, terms: Terms | None = None) -> Lease:
    return Lease(device, load or FakeLoad(), Path("nowhere"), terms=terms)


@pytest.mark.parametrize(
    ("free", "mode"), [(24, "device"), (13, "model offload"), (7, "group offload"), (1, "group offload")]
)
def test_the_roomiest_way_that_fits_is_taken(free: float, mode: str) -> None:
    job = Job(0)
    assert leased(FakeDevice(free)).run(Work(ROW, SIZE), job) == "made"
    assert job.modes == [mode]


def test_too_large_for_the_device_however_it_is_held() -> None:
    shelf = FakeLoad()
    with pytest.raises(OutOfMemoryError, match=r"about 6\.0 GiB .*limit 4\.0 GiB.*smaller model"):
        leased(FakeDevice(4, 4), shelf).run(Work(ROW, SIZE), Job(0))
    assert shelf.loaded == []


def test_out_of_memory_at_load() -> None:
    device, shelf, job = FakeDevice(24), FakeLoad(fails=1), Job(0)
    told: list[str] = []
    assert leased(device, shelf).run(Work(ROW, SIZE, told.append), job) == "made"
    assert (job.modes, len(shelf.loaded)) == (["model offload"], 2)
    assert told == [
        "Out of memory with everything on the device, so it is made with one component at a time on the device."
    ]
    assert device.given_back


def test_every_way_is_tried_once_and_remembered_for_the_like() -> None:
    job = Job(2)
    told: list[str] = []
    lease = leased(FakeDevice(24))
    lease.run(Work(ROW, SIZE, told.append), job)
    assert job.modes == ["device", "model offload", "group offload"]
    assert len(told) == 2
    again, smaller = Job(0), Job(0)
    lease.run(Work(ROW, SIZE), again)
    lease.run(Work(ROW, replace(SIZE, frames=5)), smaller)
    assert (again.modes, smaller.modes) == (["group offload"], ["device"])


def test_no_way_is_left() -> None:
    device = FakeDevice(24)
    with pytest.raises(OutOfMemoryError) as caught:
        leased(device).run(Work(ROW, SIZE), Job(3))
    assert "everything on the device, then one component at a time on the device, then a few blocks" in str(
        caught.value
    )
    assert (caught.value.value, caught.value.limit) == ("CUDA out of memory", "24.0 of 24.0 GiB free")
    assert caught.value.__context__ is None, "nothing holds the frames in which it happened"


def test_the_model_is_gone_before_it_is_loaded_again() -> None:
    """The error's frames hold its tensors: nothing may hold the error."""
    alive: list[weakref.ref[Any]] = []

    def job(loaded: Loaded) -> int:
        gc.collect()
        left = sum(one() is not None for one in alive)
        alive.append(weakref.ref(loaded.pipeline))
        if len(alive) < 3:
            raise out_of_memory()
        return left

    assert leased(FakeDevice(24)).run(Work(ROW, SIZE), job) == 0
    assert len(alive) == 3


def test_a_way_that_was_asked_for_is_taken_and_left_only_for_a_thriftier_one() -> None:
    for terms, mode in ((Terms(mode=MODES[1]), None), (None, MODES[1])):
        job = Job(1)
        leased(FakeDevice(24), terms=terms).run(Work(ROW, SIZE, mode=mode), job)
        assert job.modes == ["model offload", "group offload"]


def test_what_is_no_lack_of_memory_passes_through() -> None:
    with pytest.raises(RuntimeError, match="shapes do not match"):
        leased(FakeDevice(24)).run(Work(ROW, SIZE), Job(1, RuntimeError("shapes do not match")))
    library = RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling cublasCreate")
    job = Job(1, library)
    leased(FakeDevice(24)).run(Work(ROW, SIZE), job)
    assert job.modes == ["device", "model offload"]


def test_a_lost_gpu_is_named_and_not_asked_again() -> None:
    lease = leased(FakeDevice(24))
    job = Job(9, torch.AcceleratorError("CUDA error: unspecified launch failure\nCUDA kernel errors might be"))
    with pytest.raises(DeviceLostError, match="unspecified launch failure"):
        lease.run(Work(ROW, SIZE), job)
    with pytest.raises(DeviceLostError), lease.borrow(ROW):
        pass
    assert job.modes == ["device"]
    assert not failures.lost(RuntimeError("an unknown error of somebody else"))


class Cuda:
    """What torch.cuda says when it is asked to begin."""

    def __init__(self, error: str) -> None:
        self._error = error

    def init(self) -> None:
        raise RuntimeError(self._error)


def test_a_driver_that_is_too_old_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    said = "The NVIDIA driver on your system is too old (found version 11040). Please update your GPU driver"
    old = why_none(Cuda(said), "13.0")
    assert isinstance(old, DriverTooOldError)
    assert (old.limit, "found version 11040" in old.value) == ("CUDA 13.0", True)
    none = why_none(Cuda("Found no NVIDIA driver on your system. Please check"), "13.0")
    assert type(none) is NoDeviceError
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    with pytest.raises(NoDeviceError, match="needs a GPU"):
        Lease(None, FakeLoad()).run(Work(ROW, SIZE), Job(0))


def test_what_fits_stays_and_what_was_used_longest_ago_leaves_first() -> None:
    shelf, device = FakeLoad(), FakeDevice(60, 80)
    lease = leased(device, shelf)
    one, two, three = (replace(ROW, name=name) for name in ("one", "two", "three"))
    for profile in (one, two, one):
        lease.run(Work(profile, SIZE), Job(0))
    assert shelf.loaded == ["one", "two"], "both stay"
    device.free = 15  # what the device would say with both there, and less than the third needs
    lease.run(Work(three, SIZE), Job(0))
    device.free = 60 * 2**30
    lease.run(Work(one, SIZE), Job(0))
    assert shelf.loaded == ["one", "two", "three", "one"]


def test_an_idle_model_leaves() -> None:
    clock, shelf = FakeClock(), FakeLoad()
    lease = leased(FakeDevice(24), shelf, Terms(idle_seconds=60, clock=clock))
    lease.run(Work(ROW, SIZE), Job(0))
    for now, loads in ((59.0, 1), (118.0, 1), (178.0, 2)):
        clock.now = now
        lease.rest()
        lease.run(Work(ROW, SIZE), Job(0))
        assert len(shelf.loaded) == loads
    with lease.borrow(ROW):
        clock.now = 999.0
        lease.rest()
    assert len(shelf.loaded) == 2, "not while a job runs"


def test_on_a_cpu_one_model_stays_whole_and_is_not_let_go() -> None:
    clock, shelf, job = FakeClock(), FakeLoad(), Job(0)
    lease = Lease(torch.device("cpu"), shelf, Path("nowhere"), terms=Terms(clock=clock))
    for now in (0.0, 1e9):
        clock.now = now
        lease.rest()
        lease.run(Work(POCKET, SIZE), job)
    assert (shelf.loaded, job.modes) == (["pocket"], ["", ""])
