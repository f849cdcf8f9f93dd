"""The world stepper: an action leads to a state with its likelihood, and what cannot be is refused by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from engine.agent import Draft, Input
from engine.agents.world_stepper import WorldStepper
from engine.errors import DecisionError, ImageError, ImpossibleActionError, UnknownActionError, WeightsMissingError
from engine.media.images import encode_png
from engine.media.states import State, decode_state, encode_state
from engine.models.lease import Lease
from engine.pocket.worlds.actions import Action
from engine.pocket.worlds.imagining import Episode, Outlook, Scene
from engine.pocket.worlds.inverse import Told
from engine.types import ModelProfile, Settings
from engine.worlds import Transition, packed
from tests.fakes import FakeReporter
from tests.tiny_worlds import tiny_worlds

PICTURE = encode_png(Image.new("RGB", (100, 60), (40, 90, 160)))


class Brightener:
    """Foresees that all becomes brighter by the seed; sure of it by as much."""

    def foresee(self, scene: Scene, said: str, action: Action, seed: int, earlier: Sequence[Episode] = ()) -> Outlook:
        """As Imagination.foresee."""
        after = Scene(
            (scene.picture + np.uint8(seed)).astype(np.uint8), f"after {said}", np.zeros((48, 32), np.float32)
        )
        return Outlook(after, seed / 100, Told(Action("wait"), 0.9), 0 if earlier else None)


def lease() -> Lease:
    def load(profile: ModelProfile, root: Path, device: torch.device) -> tuple[Brightener, str]:
        return Brightener(), "none"

    return Lease(torch.device("cpu"), load=load)


def stepped(
    said: str, seed: int = 50, settings: Settings | None = None, inputs: Mapping[str, Input] | None = None
) -> Draft:
    given: Mapping[str, Input] = {"image": PICTURE, "action": said, **(inputs or {})}
    return WorldStepper(lease()).run(given, seed, settings or {}, FakeReporter())


def test_an_action_leads_to_a_state_with_its_likelihood() -> None:
    draft = stepped("the car drives left")
    state = decode_state(draft.data)
    assert state.picture.size == (192, 192)
    assert state.words == "after the car drives left"
    assert (draft.facts["likelihood"], draft.facts["told"]) == (0.5, "nothing happens")
    assert (draft.kind, draft.model, draft.settings["action"]) == ("image", "pocket-forward", "the car drives left")
    assert "note" not in draft.facts


def test_it_goes_on_from_the_state_that_is_named_and_says_what_came_to_mind() -> None:
    onward = encode_state(State(Image.new("RGB", (192, 192), (7, 7, 7)), "a ball"))
    earlier = packed([Transition(PICTURE, "the ball moves up", onward)])
    draft = stepped("ignored", 5, {"action": "the ball drops"}, {"onward": onward, "earlier": earlier})
    assert decode_state(draft.data).picture.getpixel((0, 0)) == (12, 12, 12)
    assert draft.facts["recalled"] == "the ball moves up"
    assert "rather as if nothing happens" in str(draft.facts["note"])


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
def test_what_the_world_has_no_word_for_or_never_does_is_refused(said: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        stepped(said)


@pytest.mark.parametrize(
    ("inputs", "error"),
    [({"image": b"none"}, ImageError), ({"image": "words"}, DecisionError), ({"earlier": b"{"}, DecisionError)],
)
def test_what_cannot_be_used_is_refused(inputs: dict[str, Input], error: type[Exception]) -> None:
    with pytest.raises(error):
        stepped("the car drives left", inputs=inputs)


def test_it_loads_its_weights_or_says_that_there_are_none(tmp_path: Path) -> None:
    inputs: Mapping[str, Input] = {"image": PICTURE, "action": "the car drives left"}
    with pytest.raises(WeightsMissingError, match="has not been trained yet"):
        WorldStepper(Lease(torch.device("cpu"), root=tmp_path)).run(inputs, 0, {}, FakeReporter())
    tiny_worlds(tmp_path)
    draft = WorldStepper(Lease(torch.device("cpu"), root=tmp_path)).run(inputs, 0, {}, FakeReporter())
    assert decode_state(draft.data).sound is not None
    assert draft.revision
