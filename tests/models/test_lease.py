"""One job at a time holds the device; the model that was used last stays loaded."""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from engine.errors import OutOfMemoryError, WeightsMissingError
from engine.models.lease import Lease
from engine.models.profiles import DETECTOR, FORWARD, INVERSE, POCKET
from engine.types import ModelProfile


class Shelf:
    """Counts what was loaded."""

    def __init__(self) -> None:
        self.loaded: list[str] = []

    def __call__(self, profile: ModelProfile, root: Path, device: torch.device) -> tuple[object, str]:
        if profile == FORWARD:
            raise WeightsMissingError("It is not here", "Train it.")
        self.loaded.append(profile.name)
        return object(), "revision"


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def lease(shelf: Shelf, tmp_path: Path) -> Lease:
    return Lease(torch.device("cpu"), shelf, tmp_path)


def test_the_same_model_is_loaded_once(lease: Lease, shelf: Shelf) -> None:
    with lease.borrow(POCKET) as first:
        pass
    with lease.borrow(POCKET) as second:
        assert second is first
    assert shelf.loaded == ["pocket"]


def test_another_model_takes_its_place(lease: Lease, shelf: Shelf) -> None:
    for profile in (POCKET, replace(POCKET, name="other"), POCKET):
        with lease.borrow(profile):
            pass
    assert shelf.loaded == ["pocket", "other", "pocket"]


def test_small_models_that_look_stay_beside_the_pocket_world(lease: Lease, shelf: Shelf) -> None:
    for profile in (POCKET, DETECTOR, INVERSE, POCKET, replace(POCKET, name="large", memory_gib=20.0), DETECTOR):
        with lease.borrow(profile):
            pass
    assert shelf.loaded == ["pocket", "pocket-detector", "pocket-inverse", "large", "pocket-detector"]


def test_a_small_model_that_is_not_here_turns_no_other_out(lease: Lease, shelf: Shelf) -> None:
    for profile in (POCKET, DETECTOR, FORWARD, POCKET, DETECTOR):
        with suppress(WeightsMissingError), lease.borrow(profile):
            pass
    assert shelf.loaded == ["pocket", "pocket-detector"]


def test_the_second_job_waits_for_the_first(lease: Lease) -> None:
    entered = threading.Event()

    def second() -> None:
        with lease.borrow(POCKET):
            entered.set()

    thread = threading.Thread(target=second)
    with lease.borrow(POCKET):
        thread.start()
        assert not entered.wait(0.05)
    assert entered.wait(5)
    thread.join()


def test_warming_loads_a_model_where_none_is_there(lease: Lease, shelf: Shelf) -> None:
    assert lease.warm(POCKET) == torch.device("cpu")
    with lease.borrow(POCKET):
        pass
    assert shelf.loaded == ["pocket"]


def test_warming_neither_waits_for_a_job_nor_takes_its_model_s_place(lease: Lease, shelf: Shelf) -> None:
    with lease.borrow(replace(POCKET, name="a video model")):
        lease.warm(POCKET)
    lease.warm(POCKET)
    assert shelf.loaded == ["a video model"]


def test_running_out_of_memory_is_named_and_the_model_is_let_go(lease: Lease, shelf: Shelf) -> None:
    with pytest.raises(OutOfMemoryError, match="too little free memory"), lease.borrow(POCKET):
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB")
    with lease.borrow(POCKET):
        pass
    assert shelf.loaded == ["pocket", "pocket"]
