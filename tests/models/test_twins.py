"""Every row of the table at a thousandth of its size: the same loader, lease, driver and agents as in full."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from engine.agent import Agent, Draft, Input
from engine.agents.connector import Connector
from engine.agents.extender import Extender
from engine.agents.filming import directed, planned
from engine.agents.image_to_video import ImageToVideo
from engine.agents.video_editor import VideoEditor
from engine.errors import TakeCancelled, WishError
from engine.media.videos import read_video
from engine.models import loader, profiles
from engine.models.driving.table import DRIVERS, driver_of
from engine.models.rows.table import ROWS
from engine.models.script import Script
from engine.models.sources import sources_of
from engine.types import ModelProfile, Settings
from tests.agents.twin import WORDS, Listener
from tests.models.twins.acting import AGENTS, GIVEN, frames_of, plain, spot, still, take, walk
from tests.models.twins.shelf import BUILDERS, FRAMES, SIDE, Shelf, row

pytestmark = [
    pytest.mark.usefixtures("table_of_twins"),
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]
"""diffusers' schedulers hand tensors to numpy in a way that torch has not caught up with."""


@pytest.fixture(scope="module", params=ROWS, ids=lambda one: str(one.name))
def model(request: pytest.FixtureRequest) -> ModelProfile:
    """Each row in turn, all of its tests together: its twin is loaded once."""
    row: ModelProfile = request.param
    return row


def test_every_row_has_a_twin_and_keeps_its_drivers_rules(model: ModelProfile) -> None:
    assert {source.repository for source in sources_of(model)} <= BUILDERS.keys()
    rules = driver_of(model).rules
    for width, height in model.sizes:
        assert (width % rules.multiple, height % rules.multiple) == (0, 0)
        assert width * height <= rules.most_pixels
    assert all(rules.frame_step and (count - 1) % rules.frame_step == 0 for count in model.frame_counts)
    assert bool(model.frame_counts) == (model.fps is not None) == (not rules.stills)
    assert (model.licence, model.disk_gib > 0, model.gpu) == (model.licence or None, True, True)
    assert model.memory_by_mode["device"] == model.memory_gib == max(model.memory_by_mode.values())


def test_every_driver_has_a_row() -> None:
    assert {one.driver for one in ROWS} | {"pocket"} == set(DRIVERS)
    assert len({one.name for one in profiles.PROFILES}) == len(ROWS)


def test_a_twin_goes_the_whole_way(shelf_of_twins: Shelf, model: ModelProfile) -> None:
    draft, listener = take(shelf_of_twins, model)
    assert (draft.facts["width"], draft.facts["height"]) == (SIDE, SIDE)
    assert (draft.model, draft.settings["steps"]) == (model.name, 4)
    assert str(draft.revision).startswith("folder-")
    if model.frame_counts:
        assert read_video(draft.data)[0].shape == (FRAMES[model.driver], SIDE, SIDE, 3)
        assert draft.facts["fps"] == model.fps
    steps = [progress.step for progress, _ in listener.reports if progress.steps]
    assert steps[:5] == [0, 1, 2, 3, 4]
    assert max(steps) == 4
    assert all(preview is None for _, preview in listener.reports), "no factors ship for these latents"
    assert take(shelf_of_twins, model)[0].data == draft.data
    assert take(shelf_of_twins, model, seed=4)[0].data != draft.data


def test_a_twin_is_cancelled_within_a_step(shelf_of_twins: Shelf, model: ModelProfile) -> None:
    listener = Listener(cancel_at=2)
    agent: Agent = AGENTS[model.jobs[0]](shelf_of_twins.lease)
    with pytest.raises(TakeCancelled):
        agent.run(GIVEN[model.jobs[0]], 3, {"profile": model.name}, listener)
    assert max(progress.step for progress, _ in listener.reports) == 2
    with shelf_of_twins.lease.borrow(shelf_of_twins.twin(model)) as loaded:
        assert loaded.profile.name == model.name, "the device is free again"


def test_a_last_frame_is_honoured_or_refused(shelf_of_twins: Shelf, model: ModelProfile) -> None:
    if not model.frame_counts:
        with pytest.raises(WishError, match=r"cannot begin with one|there is none"):
            frames_of(shelf_of_twins, model, Script("a ball", "", {0: plain("red")}))
        return
    last = FRAMES[model.driver] - 1
    if "last_image" not in model.honours:
        with pytest.raises(WishError, match="how the video ends"):
            frames_of(shelf_of_twins, model, Script("a ball", "", {0: plain("red"), last: plain("white")}))
        return
    white, black = (
        frames_of(shelf_of_twins, model, Script("a ball", "", {0: plain("red"), last: plain(colour)}))
        for colour in ("white", "black")
    )
    assert np.abs(white[-1].astype(int) - black[-1]).max() > 0


def test_weights_that_ignore_a_last_frame_are_found_out_whatever_their_row_says(shelf_of_twins: Shelf) -> None:
    boaster = replace(row("wan2.2-5b"), honours=row("wan2.2-a14b").honours)
    with pytest.raises(WishError, match="do not look at a last frame"):
        frames_of(shelf_of_twins, boaster, Script("a ball", "", {0: plain("red"), 8: plain("white")}))


@pytest.mark.parametrize(
    ("name", "inputs", "settings", "said"),
    [
        ("wan2.2-5b", {"last_image": still()}, {}, "how the video ends"),
        ("sdxl", {}, {"frames": 1}, "from words alone"),
        ("sd-inpainting", {}, {}, "changes a picture, and there is none"),
    ],
)
def test_what_a_model_cannot_do_is_refused_before_it_is_loaded(
    shelf_of_twins: Shelf, name: str, inputs: dict[str, Input], settings: Settings, said: str
) -> None:
    listener = Listener()
    with pytest.raises(WishError, match=said):
        ImageToVideo(shelf_of_twins.lease).run(
            {**GIVEN["image_to_video"], **inputs}, 3, {**settings, "profile": name}, listener
        )
    assert listener.reports == []


def test_words_that_are_not_read_are_named(shelf_of_twins: Shelf) -> None:
    assert "reads no words" in str(take(shelf_of_twins, row("svd-xt"))[0].facts["note"])
    assert "note" not in take(shelf_of_twins, row("cogvideox-5b"))[0].facts


def test_a_mask_keeps_what_is_outside_of_it(shelf_of_twins: Shelf) -> None:
    from engine.media.images import open_image

    made = np.asarray(open_image(take(shelf_of_twins, row("sd-inpainting"))[0].data))
    assert (made[:12] == (255, 0, 0)).all()
    assert (made[20:44, 20:44] != (255, 0, 0)).any()


def test_a_clip_is_edited_where_its_mask_opens_it(shelf_of_twins: Shelf) -> None:
    inputs: dict[str, Input] = {"video": walk(7), "image": still("blue"), "instruction": "a blue ball", "mask": spot()}
    agent, settings = VideoEditor(shelf_of_twins.lease), {"profile": "wan2.1-vace-1.3b"}
    draft = agent.run(inputs, 3, settings, Listener())
    before, made = (read_video(data)[0].astype(int) for data in (walk(7), draft.data))
    assert made.shape == before.shape
    assert np.abs(made - before)[:, :10].max() < 40, "but for the codec, the rest is the source"
    assert np.abs(made - before)[:, 20:44, 20:44].mean() > 20
    with pytest.raises(WishError, match="there is no mask"):
        agent.run({name: value for name, value in inputs.items() if name != "mask"}, 3, settings, Listener())


def test_a_heading_is_said_in_plain_words(shelf_of_twins: Shelf) -> None:
    settings = {"heading": "left", "speed": "slow"}
    plan = planned(shelf_of_twins.lease, {"profile": "wan2.2-5b", **settings})
    said = ("a dragon on a hill. it breathes fire. It moves to the left slowly.", "")
    assert directed(plan, "a dragon on a hill", "it breathes fire.") == said
    plain = planned(shelf_of_twins.lease, {"profile": "wan2.2-5b"})
    assert directed(plain, "a dragon on the left", "it flies", placed=False)[0] == "a dragon on the left. it flies"


def extended(shelf: Shelf, name: str, count: int, settings: Settings) -> Draft:
    inputs: dict[str, Input] = {"clip": walk(count), **WORDS}
    return Extender(shelf.lease).run(inputs, 3, {"profile": name, **settings}, Listener())


def test_a_clip_is_gone_on_from_by_as_many_frames_as_the_model_takes(shelf_of_twins: Shelf) -> None:
    assert extended(shelf_of_twins, "wan2.2-5b", 6, {}).facts["frames"] == 8
    assert extended(shelf_of_twins, "ltx-0.9.7", 12, {}).facts["frames"] == 8
    assert extended(shelf_of_twins, "ltx-0.9.7", 12, {"direction": "backwards"}).facts["frames"] == 8
    assert extended(shelf_of_twins, "ltx-0.9.7", 6, {}).settings["context"] == 1, "too short for nine"
    with pytest.raises(WishError, match="so many frames at once"):
        extended(shelf_of_twins, "ltx-0.9.7", 12, {"context": 5})
    with pytest.raises(WishError, match="the picture that it begins with"):
        extended(shelf_of_twins, "wan2.2-a14b", 6, {"direction": "backwards"})


def test_a_model_that_knows_where_to_arrive_connects_clips(shelf_of_twins: Shelf) -> None:
    inputs: dict[str, Input] = {"clip": walk(3), "second_clip": walk(4), "transition": "then a box", "avoid": ""}
    draft = Connector(shelf_of_twins.lease).run(inputs, 3, {"profile": "wan2.2-a14b"}, Listener())
    assert (draft.facts["frames"], draft.settings["context"]) == (7, 1)


def test_on_a_gpu_each_part_has_the_format_that_its_driver_says(shelf_of_twins: Shelf) -> None:
    twin = shelf_of_twins.twin(row("wan2.2-5b"))
    formats = loader.formats(driver_of(twin), torch.device("cuda"))
    assert formats == {"default": torch.bfloat16, "vae": torch.float32}
    kind = loader.pipeline_class("WanImageToVideoPipeline")
    pipeline = kind.from_pretrained(shelf_of_twins.root / twin.repository, dtype=formats, local_files_only=True)
    assert (pipeline.vae.dtype, pipeline.transformer.dtype) == (torch.float32, torch.bfloat16)
