"""Out of memory at a step and in the decoder of a real pipeline: the take is made all the same, and says how."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image

from engine.agent import Input
from engine.agents.image_to_video import ImageToVideo
from engine.agents.text_to_image import TextToImage
from engine.errors import DeviceLostError, ModelError
from engine.media.images import encode_png
from engine.models import lease as lease_room
from engine.models.lease import Lease
from engine.models.loader import load
from engine.types import ModelProfile, Settings
from tests.agents.twin import WORDS, Listener
from tests.models.fake_device import FakeDevice, out_of_memory, three_ways
from tests.models.twins.shelf import SIDE, Shelf

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


@pytest.fixture(autouse=True)
def estimated(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every model needs 20, 12 and 6 GiB in the first three modes."""
    monkeypatch.setattr(lease_room, "estimate", three_ways)


class Faulty:
    """Loads the twin; the first pipeline runs out of memory where it is told to, or fails in another way."""

    def __init__(self, where: str, error: RuntimeError | None = None) -> None:
        self.where = where
        self.error = error
        self.loads = 0

    def __call__(self, profile: ModelProfile, root: Path, device: torch.device) -> tuple[Any, str]:
        pipeline, revision = load(profile, root, device)
        self.loads += 1
        if self.loads == 1:
            module = pipeline.vae.decoder if self.where == "decoder" else pipeline.transformer
            module.register_forward_pre_hook(self._fault())
        return pipeline, revision

    def _fault(self) -> Any:
        calls: Iterator[int] = iter(range(1, 1000))

        def fault(module: Any, inputs: Any) -> None:
            if self.where == "decoder" or next(calls) == int(self.where):
                raise self.error or out_of_memory()

        return fault


@pytest.mark.parametrize(("where", "steps"), [("13", [0, 1, 2, 3, 4, 5, 6]), ("decoder", list(range(9)))])
def test_out_of_memory_at_step_seven_and_in_the_decoder(
    shelf_of_twins: Shelf, table_of_twins: None, where: str, steps: list[int]
) -> None:
    """Two forwards a step, for guidance: the thirteenth belongs to step 7."""
    settings: Settings = {"profile": "wan2.2-5b", "steps": 8}
    inputs: dict[str, Input] = {"image": encode_png(Image.new("RGB", (SIDE, SIDE), "red")), **WORDS}
    listener, faulty = Listener(), Faulty(where)
    draft = ImageToVideo(Lease(FakeDevice(24), faulty, shelf_of_twins.root)).run(inputs, 3, settings, listener)
    whole = ImageToVideo(Lease(FakeDevice(24), load, shelf_of_twins.root)).run(inputs, 3, settings, Listener())
    assert (draft.facts["memory"], whole.facts["memory"]) == ("model offload", "device")
    assert draft.data == whole.data, "held in another way, it is the same video"
    assert str(draft.facts["note"]).startswith("Out of memory with everything on the device")
    assert "note" not in whole.facts
    shown = [progress for progress, _ in listener.reports]
    told = next(index for index, progress in enumerate(shown) if progress.phase.startswith("Out of memory"))
    assert [progress.step for progress in shown[:told] if progress.steps] == steps
    assert [progress.step for progress in shown[told:] if progress.steps] == list(range(9))


def test_a_gpu_lost_in_the_middle_of_a_take_is_named_and_its_lease_asked_nothing_more(
    shelf_of_twins: Shelf, table_of_twins: None
) -> None:
    lost = torch.AcceleratorError("CUDA error: an illegal memory access was encountered\nCUDA kernel errors might be")
    lease = Lease(FakeDevice(24), Faulty("3", lost), shelf_of_twins.root)
    inputs: dict[str, Input] = {"image": encode_png(Image.new("RGB", (SIDE, SIDE), "red")), **WORDS}
    listener = Listener()
    for _ in range(2):
        with pytest.raises(DeviceLostError, match=r"stopped answering .*illegal memory access"):
            ImageToVideo(lease).run(inputs, 3, {"profile": "wan2.2-5b", "steps": 4}, listener)
    assert [progress.step for progress, _ in listener.reports if progress.steps] == [0, 1], "nothing was begun again"


def test_a_stage_may_say_how_its_model_is_held(shelf_of_twins: Shelf, table_of_twins: None) -> None:
    agent = TextToImage(Lease(FakeDevice(24), load, shelf_of_twins.root))
    settings: Settings = {"profile": "sdxl", "steps": 2, "memory": "group offload"}
    draft = agent.run({"scene": WORDS["scene"], "avoid": ""}, 3, settings, Listener())
    assert (draft.facts["memory"], draft.settings["memory"]) == ("group offload", "group offload")
    with pytest.raises(ModelError, match="however it is held"):
        TextToImage(Lease(FakeDevice(1, 1), load, shelf_of_twins.root)).run(
            {"scene": WORDS["scene"], "avoid": ""}, 3, {"profile": "sdxl"}, Listener()
        )
