"""The pipeline's promises, kept by any weights: shapes, seeds, known frames, cancelling."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image

from engine.pocket.given import Source
from engine.pocket.pipeline import PocketPipeline
from tests.tiny import tiny_pipeline


@pytest.fixture(scope="module")
def pipeline() -> PocketPipeline:
    return tiny_pipeline()


def noise(seed: int) -> torch.Generator:
    return torch.Generator("cpu").manual_seed(seed)


def picture(seed: int) -> Image.Image:
    return Image.fromarray(np.random.default_rng(seed).integers(0, 255, (32, 32, 3), np.uint8))


def make(pipeline: PocketPipeline, prompt: str | list[str] = "a red ball", **options: Any) -> NDArray[np.uint8]:
    settings: dict[str, Any] = {
        "height": 32,
        "width": 32,
        "num_inference_steps": 2,
        "num_frames": 3,
        "generator": noise(1),
        **options,
    }
    return pipeline(prompt, **settings).frames


def test_frames_have_the_size_that_was_asked_for(pipeline: PocketPipeline) -> None:
    assert make(pipeline, num_frames=1, width=48).shape == (1, 1, 32, 48, 3)
    assert make(pipeline, ["a red ball", "a car"]).shape == (2, 3, 32, 32, 3)


def test_the_seed_decides(pipeline: PocketPipeline) -> None:
    first = make(pipeline)
    assert np.array_equal(first, make(pipeline))
    assert not np.array_equal(first, make(pipeline, generator=noise(2)))


def test_known_frames_are_kept_and_others_are_not(pipeline: PocketPipeline) -> None:
    first, last = picture(1), picture(2)
    frames = make(pipeline, known={0: first, 2: last})[0]
    for index, image in ((0, first), (2, last)):
        expected = pipeline.decode((pipeline.encode([image]))[0][:, None])[0]
        assert np.abs(frames[index].astype(int) - expected).max() <= 1
    assert not np.array_equal(frames[1], make(pipeline)[0][1])


def test_each_prompt_of_a_batch_gets_its_own_noise_and_picture(pipeline: PocketPipeline) -> None:
    pair = make(pipeline, ["a car", "a car"], generator=[noise(1), noise(2)], known={0: [picture(1), picture(2)]})
    alone = make(pipeline, "a car", generator=noise(2), known={0: picture(2)})
    assert np.abs(pair[1].astype(int) - alone[0]).max() <= 1


def clip(seed: int, frames: int = 3) -> NDArray[np.uint8]:
    return np.random.default_rng(seed).integers(0, 255, (frames, 32, 32, 3), np.uint8)


def corner(frames: int = 3) -> NDArray[np.float32]:
    change = np.zeros((frames, 32, 32), np.float32)
    change[:, :12, :12] = 1
    return change


@pytest.mark.parametrize("shown", [True, False])
def test_where_a_source_may_not_change_it_comes_out_as_it_went_in(pipeline: PocketPipeline, shown: bool) -> None:
    frames = clip(1)
    made = make(pipeline, source=Source(frames, corner(), shown))[0]
    assert np.array_equal(made[:, 16:], frames[:, 16:])
    assert np.array_equal(made[:, :, 16:], frames[:, :, 16:])
    assert not np.array_equal(made[:, :12, :12], frames[:, :12, :12])


def test_a_hidden_source_is_not_seen_and_a_shown_one_is(pipeline: PocketPipeline) -> None:
    def inside(source: NDArray[np.uint8], shown: bool) -> NDArray[np.uint8]:
        made: NDArray[np.uint8] = make(pipeline, source=Source(source, None, shown))[0]
        return made

    assert np.array_equal(inside(clip(1), shown=False), inside(clip(2), shown=False))
    assert not np.array_equal(inside(clip(1), shown=True), inside(clip(2), shown=True))


def test_a_known_frame_lies_over_the_source(pipeline: PocketPipeline) -> None:
    first = picture(3)
    made = make(pipeline, source=Source(clip(1)), known={0: first})[0]
    expected = pipeline.decode(pipeline.encode([first])[0][:, None])[0]
    assert np.abs(made[0].astype(int) - expected).max() <= 1


def test_a_source_of_another_length_is_refused(pipeline: PocketPipeline) -> None:
    with pytest.raises(ValueError, match="a source of"):
        make(pipeline, source=Source(clip(1, frames=2)))


def test_what_the_callback_raises_stops_the_run(pipeline: PocketPipeline) -> None:
    steps: list[int] = []

    def stop(_: object, step: int, __: int, ___: object) -> dict[str, torch.Tensor]:
        steps.append(step)
        raise InterruptedError

    with pytest.raises(InterruptedError):
        make(pipeline, num_inference_steps=5, callback_on_step_end=stop)
    assert steps == [0]


def test_guidance_of_one_asks_the_model_once(pipeline: PocketPipeline) -> None:
    assert not np.array_equal(make(pipeline, guidance_scale=1.0), make(pipeline, guidance_scale=9.0))


@pytest.mark.parametrize("options", [{"height": 40}, {"known": {5: picture(1)}}])
def test_impossible_requests_are_refused(pipeline: PocketPipeline, options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"must|outside"):
        make(pipeline, **options)


def test_unknown_words_and_long_prompts_are_taken(pipeline: PocketPipeline) -> None:
    hidden = pipeline.encode_text(["zyzzyva 🎈 ball", "ball " * 500, ""])
    assert hidden.shape[:2] == (3, 80)
    assert torch.all(hidden[2] == 0)
    assert torch.isfinite(hidden).all()


def test_a_frame_alone_is_that_of_all(pipeline: PocketPipeline) -> None:
    last = make(pipeline, alone=2)
    assert last.shape == (1, 1, 32, 32, 3)
    assert np.abs(last[:, -1].astype(int) - make(pipeline)[:, -1]).max() <= 1
    kept = Source(np.zeros((3, 32, 32, 3), np.uint8))
    assert make(pipeline, source=kept, alone=2).shape == (1, 3, 32, 32, 3)


def test_one_source_a_prompt_is_as_one_after_the_other(pipeline: PocketPipeline) -> None:
    sources = [Source(clip(seed, frames=1)) for seed in (1, 2)]
    options: dict[str, Any] = {"height": 32, "width": 32, "num_frames": 1, "num_inference_steps": 2}

    def noise(place: int) -> torch.Generator:
        return torch.Generator().manual_seed(place)

    both = pipeline(["a", "b"], source=sources, generator=[noise(0), noise(1)], **options).frames
    for place, (word, source) in enumerate(zip("ab", sources, strict=True)):
        alone = pipeline(word, source=source, generator=noise(place), **options).frames[0]
        assert np.abs(both[place].astype(int) - alone).max() <= 1
