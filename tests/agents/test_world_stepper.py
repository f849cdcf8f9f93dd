"""The world stepper: an action leads to a state with its likelihood, and what cannot be is refused by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image

from engine.agent import Draft, Input, Reporter
from engine.agents import filming, world_stepper
from engine.agents.filming import Plan, Shot
from engine.agents.world_stepper import WorldStepper
from engine.errors import DecisionError, ImageError, ImpossibleActionError, UnknownActionError, WeightsMissingError
from engine.media.images import encode_png
from engine.media.states import State, decode_state, encode_state
from engine.models import loader, profiles
from engine.models.lease import Lease
from engine.models.profiles import DETECTOR, FORWARD, INVERSE
from engine.models.script import Script
from engine.pocket import familiar
from engine.pocket.world import Thing
from engine.pocket.worlds.actions import KINDS, Action
from engine.pocket.worlds.asking import motion, order
from engine.pocket.worlds.imagining import Episode, Outlook, Scene
from engine.pocket.worlds.inverse import Told
from engine.pocket.worlds.recollection import read, written
from engine.types import ModelProfile, Settings
from engine.worlds import Transition, packed
from tests.fakes import FakeReporter
from tests.tiny import tiny_folder
from tests.tiny_detector import detector_lease
from tests.tiny_worlds import tiny_worlds

PICTURE = encode_png(Image.new("RGB", (100, 60), (40, 90, 160)))


class Witness:
    """In the place of both world models: sure of whatever it is asked by as much as it was told to be."""

    def __init__(self, sure: float) -> None:
        self.sure = sure

    def beside(
        self, scene: Scene, picture: NDArray[np.uint8], said: str, action: Action, earlier: Sequence[Episode] = ()
    ) -> Outlook:
        """As Imagination.beside."""
        after = Scene(picture, f"after {said}", np.zeros((48, 32), np.float32))
        return Outlook(after, self.sure, Told(Action("wait"), 0.9), 0 if earlier else None)


class Eye:
    """In the place of the detector: sees a ring at the left and a boat at the right, of the picture's own colour."""

    def look(self, images: NDArray[np.uint8], phrases: Sequence[str]) -> NDArray[np.float32]:
        """As PocketDetector.look."""
        count, height, width, _ = images.shape
        seen = np.zeros((count, len(phrases), height, width), np.float32)
        for noun, left in (("ring", 0.1), ("boat", 0.6)):
            part = slice(round(left * width), round((left + 0.3) * width))
            seen[:, list(phrases).index(f"the {noun}"), height // 3 : height // 3 * 2, part] = 0.95
        return seen


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the pocket world's twin lies, and no world model."""
    folder = tmp_path_factory.mktemp("studio")
    tiny_folder(folder)
    return folder


@pytest.fixture(autouse=True)
def table(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The model table names the twin."""
    monkeypatch.setattr(profiles, "PROFILES", (replace(profiles.POCKET, repository="twin", sizes=((32, 32),)),))


def stepped(
    root: Path,
    said: str,
    settings: Settings | None = None,
    inputs: Mapping[str, Input] | None = None,
    sure: float = 0.5,
) -> Draft:
    def load(profile: ModelProfile, root: Path, device: torch.device) -> tuple[object, str]:
        fakes = {FORWARD.name: Witness(sure), DETECTOR.name: Eye()}
        return (fakes[profile.name], "none") if profile.name in fakes else loader.load(profile, root, device)

    given: Mapping[str, Input] = {"image": PICTURE, "action": said, **(inputs or {})}
    lease = Lease(torch.device("cpu"), load=load, root=root)
    return WorldStepper(lease).run(given, 5, {"steps": 1, **(settings or {})}, FakeReporter())


@pytest.mark.parametrize("said", ["the boat drives left", "the ring turns green"])
def test_a_motion_or_an_edit_leads_to_a_state_with_its_likelihood(root: Path, said: str) -> None:
    draft = stepped(root, said)
    state = decode_state(draft.data)
    assert state.picture.size == (192, 192)
    assert (state.words, state.sound is None) == (f"after {said}", False)
    assert (draft.facts["likelihood"], draft.facts["told"]) == (0.5, "nothing happens")
    assert (draft.kind, draft.model, draft.settings["action"]) == ("image", "pocket", said)
    assert "note" not in draft.facts
    assert len(str(draft.facts["next"]).split("; ")) == 4


def test_a_goal_begins_with_its_first_action_and_the_rest_is_left(root: Path) -> None:
    draft = stepped(root, "the ring turns green and the boat drives left")
    assert (draft.settings["action"], draft.settings["plan"]) == ("the ring turns green", "the boat drives left")
    assert "plan" not in stepped(root, "ignored", {"action": "the ring turns green"}).settings


def test_it_goes_on_from_the_state_that_is_named_and_says_what_came_to_mind(root: Path) -> None:
    onward = encode_state(State(Image.new("RGB", (192, 192), (7, 7, 7)), "a ball"))
    earlier = packed([Transition(PICTURE, "the ball moves up", onward)])
    draft = stepped(root, "ignored", {"action": "the ring grows"}, {"onward": onward, "earlier": earlier}, 0.1)
    assert draft.data != stepped(root, "ignored", {"action": "the ring grows"}, {"earlier": earlier}, 0.1).data
    assert draft.facts["recalled"] == "the ball moves up"
    assert "rather as if nothing happens" in str(draft.facts["note"])


def going_on(ring: str) -> tuple[dict[str, Input], Transition]:
    """A state in which the ring is known to be of this colour, and the transition that led there."""
    known = written((Thing("ring", ring, "large", "still", "slow", 0.25, 0.5, 0.5),))
    onward = encode_state(State(Image.new("RGB", (192, 192), (40, 90, 160)), "", None, known))
    led = Transition(PICTURE, "the ring turns yellow", onward)
    return {"onward": onward, "earlier": packed([led])}, led


def test_what_is_remembered_enters_the_step_and_is_told(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    shoot = filming.shoot

    def listen(lease: Lease, plan: Plan, script: Script, seed: int, reporter: Reporter) -> Shot:
        asked.append(script.prompt)
        shot = shoot(lease, plan, script, seed, reporter)
        return replace(shot, frames=np.full_like(shot.frames, (40, 90, 160)))

    monkeypatch.setattr(world_stepper, "shoot", listen)
    inputs, led = going_on("yellow")
    said: Settings = {"action": "the boat moves up", "remembers": True}
    draft = stepped(root, "ignored", said, inputs)
    assert asked[-1].endswith("the yellow ring stays still")
    assert (draft.facts["recalled"], draft.facts["recalled_changes"]) == (
        "the ring turns yellow", "the boat is gone, the ring is yellow, not blue",
    )  # fmt: skip
    assert draft.facts["recalled_states"] == sha256(led.after).hexdigest()
    assert "the ring is yellow, as it was, though it was seen as blue" in str(draft.facts["corrected"])
    known = read(decode_state(draft.data).known)
    assert [(one.noun, one.colour) for one in known] == [("ring", "yellow"), ("boat", "blue")]
    forgetful = stepped(root, "ignored", {**said, "remembers": False}, inputs)
    assert asked[-1].endswith("the blue ring stays still")
    assert not {"corrected", "recalled_states"} & set(forgetful.facts)
    assert decode_state(forgetful.data).known == ""


def test_what_a_person_painted_in_between_is_where_memory_begins_anew(root: Path) -> None:
    inputs, led = going_on("yellow")
    apart = packed([Transition(PICTURE, "it rains", PICTURE), led, Transition(PICTURE, "the boat grows", PICTURE)])
    draft = stepped(root, "the boat moves up", {"remembers": True}, {**inputs, "earlier": apart})
    assert draft.facts["recalled"] == "the boat grows"


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ("it starts to rain", UnknownActionError),
        ("flibber the gib", UnknownActionError),
        ("", UnknownActionError),
        ("the tree drives to the left", ImpossibleActionError),
        ("the house falls", ImpossibleActionError),
        ("the balloon drops", ImpossibleActionError),
    ],
)
def test_what_the_world_has_no_word_for_or_never_does_is_refused(root: Path, said: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        stepped(root, said)


@pytest.mark.parametrize(
    ("inputs", "error"),
    [({"image": b"none"}, ImageError), ({"image": "words"}, DecisionError), ({"earlier": b"{"}, DecisionError)],
)
def test_what_cannot_be_used_is_refused(root: Path, inputs: dict[str, Input], error: type[Exception]) -> None:
    with pytest.raises(error):
        stepped(root, "the car drives left", inputs=inputs)


def test_without_a_forward_model_nothing_is_heard_and_without_an_inverse_one_it_says_so(tmp_path: Path) -> None:
    tiny_folder(tmp_path)
    detector_lease(tmp_path)
    inputs: Mapping[str, Input] = {"image": PICTURE, "action": "the ball turns green"}
    stepper = WorldStepper(Lease(torch.device("cpu"), root=tmp_path))
    with pytest.raises(WeightsMissingError, match="inverse model has not been trained yet"):
        stepper.run(inputs, 0, {"steps": 1}, FakeReporter())
    tiny_worlds(tmp_path)
    whole = stepper.run(inputs, 0, {"steps": 1}, FakeReporter())
    assert decode_state(whole.data).sound is not None
    (tmp_path / FORWARD.repository).rename(tmp_path / "away")
    alone = WorldStepper(Lease(torch.device("cpu"), root=tmp_path)).run(inputs, 0, {"steps": 1}, FakeReporter())
    assert (decode_state(alone.data).sound is None, alone.facts["heard"]) == (True, "")
    assert alone.facts["likelihood"] == whole.facts["likelihood"]
    assert (tmp_path / INVERSE.repository).is_dir()


def test_what_else_is_there_is_told_to_stay_where_it_is(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, int]] = []
    shoot = filming.shoot

    def listen(lease: Lease, plan: Plan, script: Script, seed: int, reporter: Reporter) -> Shot:
        asked.append((script.prompt, plan.sampling.frames))
        return shoot(lease, plan, script, seed, reporter)

    monkeypatch.setattr(world_stepper, "shoot", listen)
    stepped(root, "the boat moves to the right")
    assert asked == [("the blue boat moves to the right quickly and the blue ring stays still", 9)]
    there = (
        Thing("boat", "blue", "small", "still", "slow", 0.5, 0.5, 0.5),
        Thing("ring", "", "small", "still", "slow", 0, 0, 0),
    )
    assert motion(Action("drop", "boat"), there) == "the blue boat falls to the ground and the ring stays still"
    assert motion(Action("wait"), there) == "everything stays still"
    assert motion(Action("grow", "boat"), there) is None


@pytest.mark.parametrize(
    ("ours", "said"), [(True, "No car is seen in the picture, which shows a"), (False, "does not look")]
)
def test_a_thing_that_is_not_there_or_a_picture_from_elsewhere_is_told(
    root: Path, monkeypatch: pytest.MonkeyPatch, ours: bool, said: str
) -> None:
    monkeypatch.setattr(familiar, "familiar", lambda pipeline, pictures: ours)
    assert said in str(stepped(root, "the car grows").facts["note"])
    assert "note" not in stepped(root, "a red car appears at the top").facts


def test_every_action_is_asked_for_as_a_motion_or_as_an_order() -> None:
    for kind in KINDS:
        action = Action(kind, "ball", "red", "car", "top", "night")
        asked = motion(action) or order(action)
        assert asked
        assert kind in ("wait", "scene") or "ball" in asked
    assert motion(Action("left", "car")) == "the car moves to the left slowly"
    assert order(Action("recolour", "ball", colour="green")) == "make the ball green"
