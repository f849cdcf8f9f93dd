"""Pictures and clips changed as an instruction says: the rest stays, the strength counts, the length is kept."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.agent import Draft, Input
from engine.agents.image_editor import ImageEditor
from engine.agents.video_editor import VideoEditor
from engine.errors import MaskError, PromptError, SettingError, TakeCancelled, VideoError
from engine.media.images import encode_png, open_image
from engine.media.videos import read_video
from engine.models.lease import Lease
from engine.types import Settings
from tests.agents.twin import Echo, Listener, clip, pictured, spot, still

PICTURE = encode_png(pictured(3))
GREEN = "make the ball green"


def edited(lease: Lease, settings: Settings | None = None, seed: int = 5, **inputs: Input) -> Draft:
    given: dict[str, Input] = {"image": PICTURE, **(inputs or {"instruction": GREEN})}
    return ImageEditor(lease).run(given, seed, {"steps": 2, **(settings or {})}, Listener())


def filmed(lease: Lease, settings: Settings | None = None, seed: int = 5, **inputs: Input) -> Draft:
    given: dict[str, Input] = {"video": clip(9), "instruction": GREEN, **inputs}
    return VideoEditor(lease).run(given, seed, {"steps": 2, **(settings or {})}, Listener())


def test_a_picture_is_edited_at_the_models_size(lease: Lease) -> None:
    draft = edited(lease)
    assert open_image(draft.data).size == (32, 32)
    assert draft.data != PICTURE
    assert (draft.kind, draft.model, draft.settings["strength"], draft.settings["world"]) == ("image", "pocket", 1, "")
    assert draft.settings["guidance_scale"] == 1.0, "more leads away from the source on the other side"


def test_at_strength_zero_nothing_changes_and_no_model_is_asked(tmp_path: Path, lease: Lease) -> None:
    echo = Echo()
    assert edited(echo.lease(tmp_path), {"strength": 0}).data == PICTURE
    frames, _ = read_video(filmed(echo.lease(tmp_path), {"strength": 0.0}).data)
    assert np.abs(frames.astype(int) - read_video(clip(9))[0]).mean() < 2
    assert echo.told == []


def test_strength_is_guidance_away_from_the_source(tmp_path: Path, lease: Lease) -> None:
    echo = Echo()
    draft = edited(echo.lease(tmp_path), {"strength": 0.25, "guidance_scale": 4.0})
    told = echo.told[0]
    assert (told["guidance_scale"], told["prompt"], told["source"].shown) == (1.0, GREEN, True)
    assert (draft.settings["strength"], draft.settings["guidance_scale"]) == (0.25, 4.0)
    weak, strong = (np.asarray(open_image(edited(lease, {"strength": share}).data)).astype(int) for share in (0.1, 1.0))
    assert np.abs(weak - strong).max() > 0


@pytest.mark.parametrize(
    ("inputs", "world", "words"),
    [
        ({"instruction": GREEN}, "", GREEN),
        ({"scene": "a ball"}, "voxel", "draw it in voxel style"),
        ({"instruction": GREEN}, "neon", f"{GREEN}. draw it in neon style"),
        ({"scene": "a green ball in the snow"}, "", "a green ball in the snow"),
    ],
)
def test_what_is_asked_for(tmp_path: Path, lease: Lease, inputs: dict[str, str], world: str, words: str) -> None:
    echo = Echo()
    given: dict[str, Input] = {"image": PICTURE, "avoid": "car", **inputs}
    ImageEditor(echo.lease(tmp_path)).run(given, 1, {"world": world}, Listener())
    assert (echo.told[0]["prompt"], echo.told[0]["avoid"]) == (words, "car")


def test_outside_the_mask_every_pixel_stays(lease: Lease) -> None:
    made = np.asarray(open_image(edited(lease, instruction=GREEN, mask=spot()).data))
    source = np.asarray(open_image(PICTURE))
    assert (made[:3] == source[:3]).all()
    assert (made[:, 29:] == source[:, 29:]).all()


def test_a_video_keeps_its_length_whatever_the_model_makes(lease: Lease) -> None:
    for length in (1, 7, 9, 12):
        draft = filmed(lease, video=clip(length))
        frames, fps = read_video(draft.data)
        assert (frames.shape, fps) == ((length, 32, 32, 3), 8)
        assert (draft.facts["frames"], draft.settings["frames"]) == (length, length)


def test_the_model_sees_every_frame_of_the_source_and_the_approved_first(tmp_path: Path, lease: Lease) -> None:
    echo = Echo()
    filmed(echo.lease(tmp_path), video=clip(7), image=still("white"), mask=spot(frames=7))
    told = echo.told[0]
    frames, _ = read_video(clip(7))
    assert (told["source"].frames[:7] == frames).all()
    assert (told["source"].frames[7:] == frames[-1]).all()
    assert told["source"].change.shape == (9, 32, 32)
    assert told["source"].shown
    assert np.asarray(told["known"][0]).min() == 255


def test_outside_the_mask_the_clip_stays(lease: Lease) -> None:
    made = read_video(filmed(lease, mask=spot()).data)[0].astype(int)
    source = read_video(clip(9))[0]
    assert np.abs(made[:, :3] - source[:, :3]).mean() < 2
    assert np.abs(made[:, 10:22, 10:22] - source[:, 10:22, 10:22]).mean() > 4


def test_the_same_seed_gives_the_same_bytes(lease: Lease) -> None:
    assert edited(lease, seed=3).data == edited(lease, seed=3).data != edited(lease, seed=4).data
    assert filmed(lease, seed=3).data == filmed(lease, seed=3).data != filmed(lease, seed=4).data


def test_both_stop_at_a_step(lease: Lease) -> None:
    for agent, given in ((ImageEditor(lease), {"image": PICTURE}), (VideoEditor(lease), {"video": clip(9)})):
        listener = Listener(cancel_at=1)
        inputs: dict[str, Input] = {**given, "instruction": GREEN}
        with pytest.raises(TakeCancelled):
            agent.run(inputs, 1, {"steps": 6}, listener)
        assert listener.reports[-1][0].step == 1
        assert listener.reports[-1][1], "with a preview"


def test_what_cannot_be_done_is_refused(lease: Lease) -> None:
    with pytest.raises(PromptError, match="Nothing says what should be different"):
        edited(lease, avoid="car")
    with pytest.raises(SettingError):
        edited(lease, {"strength": 1.5})
    with pytest.raises(SettingError):
        edited(lease, {"world": "mars"})
    with pytest.raises(MaskError, match="Nothing is marked"):
        edited(lease, instruction=GREEN, mask=spot(0, 0))
    with pytest.raises(VideoError, match=r"longer than the model can edit.*26 frames.*25 frames"):
        filmed(lease, video=clip(26))
