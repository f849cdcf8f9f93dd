"""A style changes how a clip looks at a glance, and neither what is in it nor how it moves."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from engine.pocket.render import Renderer, layout
from engine.pocket.styles import apply
from engine.pocket.vocabulary import COLOURS, NOUNS, STYLES
from engine.pocket.world import Clip, Thing, sample_clip

DRAWN = STYLES[1:]


def _ids(*styles: str) -> torch.Tensor:
    return torch.tensor([STYLES.index(style) for style in styles])


@pytest.fixture(scope="module")
def frames(renderer: Renderer) -> torch.Tensor:
    """Some flat clips, (7, 2, 3, 96, 96)."""
    return renderer.render(layout([sample_clip(index, False) for index in range(7)], 2))


def test_flat_frames_come_back_untouched(frames: torch.Tensor) -> None:
    assert torch.equal(apply(frames, _ids(*["flat"] * 7)), frames)


def test_a_clip_looks_the_same_alone_and_among_others(frames: torch.Tensor) -> None:
    together = apply(frames, _ids(*STYLES))
    assert together.dtype == torch.uint8
    for row, style in enumerate(STYLES):
        alone = apply(frames[row : row + 1], _ids(style))
        assert (alone[0].int() - together[row].int()).abs().max() <= 1


@pytest.mark.parametrize("style", DRAWN)
def test_a_still_picture_stands_still(frames: torch.Tensor, style: str) -> None:
    still = apply(frames[:1, :1].expand(1, 3, -1, -1, -1), _ids(style))
    assert torch.equal(still[0, 0], still[0, 2])


@pytest.mark.parametrize("style", DRAWN)
def test_no_style_flickers(renderer: Renderer, style: str) -> None:
    """What no thing and no camera touches stays as it is, but for the glow and the blocks around the things."""
    clip = replace(sample_clip(3, False, things=1), camera="still", style=style)
    plan = layout([clip], 9)
    drawn, masks = renderer.render(plan)[0].int(), renderer.masks(plan)[0].any((0, 1))
    far = torch.nn.functional.max_pool2d(masks.float()[None, None], 61, 1, 30)[0, 0] == 0
    assert far.float().mean() > 0.1
    assert (drawn - drawn[:1])[..., far].abs().max() <= 2


@pytest.mark.parametrize("size", [32, 80, 128])
def test_frames_of_any_size_can_be_styled(size: int) -> None:
    frames = torch.randint(0, 256, (len(STYLES), 1, 3, size, size), dtype=torch.uint8)
    assert apply(frames, torch.arange(len(STYLES))).shape == frames.shape


def test_styles_differ_from_each_other_at_a_glance(renderer: Renderer) -> None:
    clips = [replace(sample_clip(index, False), style=style) for index in range(8) for style in STYLES]
    looks = renderer.render(layout(clips, 1)).float().view(8, len(STYLES), -1)
    apart = torch.cdist(looks, looks) / looks.shape[-1] ** 0.5
    apart += 1e3 * torch.eye(len(STYLES))
    assert apart.min() > 6


@pytest.fixture(scope="module")
def large() -> Renderer:
    """As large as the clips are that the models are shown: a style's strokes are as wide in any size."""
    return Renderer("cpu", 192)


@pytest.mark.parametrize("style", [style for style in DRAWN if style != "film 1920s"])
def test_things_keep_their_colour(large: Renderer, style: str) -> None:
    """The colourful half of a thing's pixels is nearest to its own colour, as hues go: each noun, each colour."""
    colours = list(COLOURS)
    pairs = [(noun, colours[(index + 3 * turn) % len(colours)]) for turn in (0, 1) for index, noun in enumerate(NOUNS)]
    things = [Thing(noun, colour, "large", "still", "slow", 0.5, 0.5, 0.5) for noun, colour in pairs]
    plan = layout([Clip((thing,), "city", "still", style, 0) for thing in things], 1)
    drawn, masks = large.render(plan)[:, 0], large.masks(plan)[:, 0, 0]
    named = [_nearest(frame.permute(1, 2, 0)[mask].float()) for frame, mask in zip(drawn, masks, strict=True)]
    right = sum(name == colour for name, (_, colour) in zip(named, pairs, strict=True))
    assert right >= 0.9 * len(pairs), [(p, n) for p, n in zip(pairs, named, strict=True) if p[1] != n]


def _nearest(pixels: torch.Tensor) -> str:
    """The colour whose hue most of the colourful pixels have."""
    palette = torch.tensor(list(COLOURS.values())).float()
    chroma = pixels.amax(1) - pixels.amin(1)
    colourful = pixels[chroma >= chroma.quantile(0.5)]
    colourful = colourful / colourful.amax(1, keepdim=True).clamp_min(1)
    palette = palette / palette.amax(1, keepdim=True)
    votes = (colourful[:, None] - palette).square().sum(-1).argmin(1)
    return list(COLOURS)[int(votes.bincount(minlength=len(COLOURS)).argmax())]
