"""The line of downloads and checks: seen from any thread, stopped, taken up again, and named when it goes wrong."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from engine.disk import Disk
from engine.errors import GreenlightError, WeightsAlteredError
from engine.models.hub.errands import Errands
from engine.models.hub.fetching import Hub
from engine.models.sources import Source
from engine.seen import Errand
from tests.models.fake_hub import FakeHub
from tests.models.hub_models import NAME, UNET, machine, pipeline, weights
from tests.waiting import until

SOURCES = [Source(NAME)]


class SmallDisk(Disk):
    """A disk with room for a megabyte less than downloads leave free."""

    def free_bytes(self, folder: Path) -> int:
        return 63 * 1000**2


@pytest.fixture
def line(near: Hub) -> Iterator[Errands]:
    errands = Errands(near, lambda: None)
    yield errands
    errands.close()


def seen(line: Errands, model: str = "tiny") -> Errand:
    return next(errand for errand in line.view() if errand.model == model)


def ended(line: Errands, model: str = "tiny") -> Errand:
    until(lambda: not line.under_way(model), "the errand's end")
    return seen(line, model)


def hold(far: FakeHub, line: Errands) -> Errand:
    """Ask for a download that comes half way."""
    far.holds[UNET] = 3000
    line.download("tiny", SOURCES)
    until(lambda: seen(line).done_bytes >= 3000, "the first bytes")
    return seen(line)


def test_a_download_is_seen_on_its_way_and_at_its_end(far: FakeHub, near: Hub) -> None:
    told = threading.Event()
    line = Errands(near, told.set)
    half = hold(far, line)
    assert (half.what, half.status) == ("download", "coming")
    assert 3000 <= half.done_bytes < half.in_all_bytes
    line.download("tiny", SOURCES)
    line.dismiss("tiny")
    assert len(line.view()) == 1, "asked for twice, it comes once, and is not put away on its way"
    far.released.set()
    assert ended(line).status == "done"
    assert told.is_set()
    assert near.kept.stock(NAME).whole
    line.dismiss("tiny")
    assert line.view() == ()
    line.close()


def test_what_was_stopped_goes_on_where_it_was(far: FakeHub, line: Errands) -> None:
    hold(far, line)
    line.stop("tiny")
    assert seen(line).status == "stopping"
    far.released.set()
    assert ended(line).status == "stopped"
    line.download("tiny", SOURCES)
    assert ended(line).status == "done"
    assert far.sent[UNET] == 5000, "no byte came twice"


def test_a_second_one_waits_and_can_be_stopped_before_it_begins(far: FakeHub, line: Errands) -> None:
    far.add("greenlight/other", pipeline(**{UNET: weights(100, seed=7)}))
    hold(far, line)
    line.download("other", [Source("greenlight/other")])
    line.download("third", [Source("greenlight/other")])
    assert [errand.status for errand in line.view()] == ["coming", "waiting", "waiting"]
    line.stop("other")
    assert seen(line, "other").status == "stopped"
    far.released.set()
    assert ended(line, "third").status == "done"
    assert seen(line, "other").status == "stopped"


def test_two_repositories_are_one_download(far: FakeHub, line: Errands) -> None:
    far.add("greenlight/refiner", pipeline(**{UNET: weights(700, seed=9)}))
    line.download("pair", [Source(NAME), Source("greenlight/refiner")])
    assert ended(line, "pair").status == "done"
    pair = seen(line, "pair")
    assert pair.done_bytes == pair.in_all_bytes > 5700


FAULTS = {
    "gated": "wants its terms accepted first",
    "gone": "no such repository",
    "renamed": "Use the new one: greenlight/new-name",
    "pickles": "as pickles alone",
    "cut": "The download broke off",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_goes_wrong_is_said_in_words(far: FakeHub, line: Errands, fault: str) -> None:
    repository = far.repositories[NAME]
    match fault:
        case "gated":
            repository.gated = True
        case "gone":
            del far.repositories[NAME]
        case "renamed":
            far.add("greenlight/new-name", pipeline())
            repository.moved_to = "greenlight/new-name"
        case "pickles":
            del next(iter(repository.commits.values()))[UNET]
        case _:
            far.cuts[UNET] = [3000, 0, 0]
    line.download("tiny", SOURCES)
    told = ended(line)
    assert told.status == "failed"
    assert FAULTS[fault] in told.problem


def test_a_token_that_is_refused_is_named_and_never_shown(far: FakeHub, tmp_path: Path) -> None:
    line = Errands(machine(tmp_path, far, token="hf_wrong"), lambda: None)
    line.download("tiny", SOURCES)
    told = ended(line)
    assert "does not take the token" in told.problem
    assert "hf_wrong" not in told.problem
    line.close()


def test_nothing_is_asked_while_the_machine_is_to_stay_offline(far: FakeHub, near: Hub) -> None:
    line = Errands(replace(near, wire=replace(near.wire, offline=True)), lambda: None)
    line.download("tiny", SOURCES)
    assert "HF_HUB_OFFLINE" in ended(line).problem
    assert far.requests == []
    line.close()


def test_a_disk_that_is_too_full_is_said_before_anything_comes(far: FakeHub, tmp_path: Path) -> None:
    line = Errands(machine(tmp_path, far, disk=SmallDisk()), lambda: None)
    line.download("tiny", SOURCES)
    assert "The disk is too full" in ended(line).problem
    assert far.sent.keys() <= {"model_index.json"}, "only what says how much there is"
    line.close()


def test_a_check_says_what_is_wrong_and_the_next_download_mends_it(far: FakeHub, near: Hub, line: Errands) -> None:
    line.download("tiny", SOURCES)
    assert ended(line).status == "done"
    line.check("tiny", lambda: near.kept.check(NAME))
    assert ended(line).status == "done"
    (near.kept.locate(NAME) / UNET).write_bytes(weights(5000, seed=3))
    line.check("tiny", lambda: near.kept.check(NAME))
    assert f"{UNET} is not the one that the hub has" in ended(line).problem
    line.download("tiny", SOURCES)
    assert ended(line).status == "done"
    assert near.kept.check(NAME) == ()


def test_what_nobody_foresaw_ends_the_errand_and_not_the_line(line: Errands, caplog: pytest.LogCaptureFixture) -> None:
    def broken() -> Sequence[GreenlightError]:
        raise ZeroDivisionError

    line.check("odd", broken)
    assert "stumbled" in ended(line, "odd").problem
    assert "ZeroDivisionError" in caplog.text
    wrong = WeightsAlteredError("Not the one", "Fetch it again.")
    line.check("odd", lambda: [wrong])
    assert ended(line, "odd").problem == str(wrong)


def test_closing_ends_what_is_on_its_way(far: FakeHub, near: Hub) -> None:
    line = Errands(near, lambda: None)
    hold(far, line)
    line.download("later", SOURCES)
    far.released.set()
    line.close()
    assert not any(errand.status == "coming" for errand in line.view())
