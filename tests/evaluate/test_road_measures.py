"""Measures that walk a recipe: each tells agents that know the truth from agents that do not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import count

import numpy as np
import pytest

from engine import prompts
from engine.agent import Agent, Input
from engine.agents.mask_maker import MaskMaker
from engine.agents.prompt_writer import PromptWriter
from engine.agents.reporting import mask
from engine.evaluate import ending, extending, filming, steering, telling, worldgpt
from engine.evaluate.cases import Frames
from engine.evaluate.judge import FRAMES, Seen
from engine.evaluate.roads import Road, walk
from engine.media import masks
from engine.pocket.moment import seen_at
from engine.pocket.render import Renderer
from engine.prompts import Prompt
from engine.types import Settings
from tests.evaluate.oracles import Oracle, bench, seen

PICTURE = Oracle(lambda inputs, _: inputs["image"], "image")  # type: ignore[arg-type,return-value]
"""Hands on the picture that it is given."""


# ------------------------------------------------------------------------------------------------ roads


def test_a_road_is_the_recipes_own_and_what_is_given_is_not_made(renderer: Renderer) -> None:
    heard: list[tuple[Mapping[str, Input], Settings]] = []

    def listen(inputs: Mapping[str, Input], settings: Settings) -> Frames:
        heard.append((inputs, settings))
        return np.zeros((17, 32, 32, 3), np.uint8)

    table = bench(
        renderer,
        text_to_image=Oracle(lambda _, settings: str(settings).encode(), "image"),
        image_to_video=Oracle(listen),
    )
    prompt = Prompt("typed", {"scene": "a place", "motion": "it moves", "avoid": "rain"}).encode()
    made = walk(table, Road("text-to-video", "typed", given={"prompt": prompt}), seed=1)
    assert list(made) == ["prompt", "key_frame", "video"]
    assert b"takes" not in made["key_frame"]
    inputs, settings = heard[0]
    assert inputs == {"image": made["key_frame"], "scene": "a place", "motion": "it moves", "avoid": "rain"}
    assert settings["profile"] == "pocket"
    assert list(walk(table, Road("text-to-video", "x", given={"prompt": prompt}), 1, "key_frame"))[-1] == "key_frame"


def test_a_road_begins_with_what_the_person_brings(renderer: Renderer) -> None:
    table = bench(renderer, frame_fitter=PICTURE, prompt_writer=PromptWriter(None))
    made = walk(table, Road("image-to-video", "a red ball rolls", {"image": b"picture"}), 0, until="key_frame")
    assert made["key_frame"] == b"picture"
    assert "rolls" in prompts.decode(made["prompt"]).fields["motion"]


# -------------------------------------------------------------------------------------- text to video


@pytest.mark.parametrize("things", [1, 2])
def test_text_to_video_is_scored_by_what_the_judge_sees(renderer: Renderer, things: int) -> None:
    clip = telling.asked(3, things)
    truth = bench(renderer).truth(clip)
    agents = {"text_to_image": Oracle(lambda _, __: truth[0], "image"), "image_to_video": Oracle(lambda _, __: truth)}
    right = telling.measure(bench(renderer, [seen(clip)], **agents), 3, 0, things).row
    assert all(value == 1 for name, value in right.items() if name != "first frame")
    assert right["first frame"] > 33
    lost = replace(seen(clip), things=())
    wrong = telling.measure(bench(renderer, [lost], **agents), 3, 0, things).row
    assert (wrong["nouns and colours"], wrong["scene"]) == (0, 1)
    assert telling.on_truth(bench(renderer, [seen(clip)]), 3, things)["motions"] == 1


def test_a_film_that_goes_on_is_told_from_one_that_fades(renderer: Renderer) -> None:
    clip = extending.staying_clip(1)
    endless = bench(renderer).truth(clip, 80)
    starts = count(FRAMES, 12)

    def go_on(*_: object) -> Frames:
        return endless[(start := next(starts)) : start + 12]

    def fade(inputs: Mapping[str, Input], settings: Settings) -> Frames:
        return np.full((12, 64, 64, 3), 40 * next(starts) % 255, np.uint8)

    agents = {
        "text_to_image": Oracle(lambda _, __: endless[0], "image"),
        "image_to_video": Oracle(lambda _, __: endless[:FRAMES]),
        "film_cutter": Oracle(lambda _, __: b"film"),
    }
    right = filming.measure(bench(renderer, [seen(clip)], extender=Oracle(go_on), **agents), 1, 0)
    assert right.row["noun, colour, scene"] == 1
    assert right.row["drift"] < 1
    assert len(right.strips["film"]) == FRAMES + 3 * 12
    wrong = filming.measure(bench(renderer, [seen(clip, scene="")], extender=Oracle(fade), **agents), 1, 0).row
    assert wrong["noun, colour, scene"] == 0
    assert wrong["drift"] > 2


# ---------------------------------------------------------------------------------------- steering


@pytest.mark.parametrize("number", range(4))
def test_headings_and_speeds_stand_in_the_settings_alone(renderer: Renderer, number: int) -> None:
    clip = steering.steered_clip(number)
    thing = clip.things[0]
    assert thing.motion == ("left", "right", "up", "down")[number]
    asked: list[tuple[Mapping[str, Input], Settings]] = []

    def film(inputs: Mapping[str, Input], settings: Settings) -> Frames:
        asked.append((inputs, settings))
        return np.zeros((17, 32, 32, 3), np.uint8)

    other = replace(seen(clip).things[0], motion="spin", speed="quick" if thing.speed == "slow" else "slow")
    table = bench(renderer, [seen(clip), replace(seen(clip), things=(other,))], image_to_video=Oracle(film))
    assert steering.measure(table, number, 0).row == {"direction": 1, "speed": 1}
    assert steering.measure(table, number, 0).row == {"direction": 0, "speed": 0}
    inputs, settings = asked[0]
    assert (settings["heading"], settings["speed"]) == (thing.motion, thing.speed)
    assert thing.motion not in str(inputs["motion"]).split()


# ------------------------------------------------------------------------------------- end key frames


def told(case: ending.Asked) -> Seen:
    """What a judge without a fault sees in the asked end."""
    return seen(case.after)


@pytest.mark.parametrize("number", range(4))
def test_an_end_that_is_the_truth_is_reached_and_keeps_the_rest(renderer: Renderer, number: int) -> None:
    case = ending.asked(number)
    end = ending.wanted(bench(renderer), case)

    def fill_in(inputs: Mapping[str, Input], settings: Settings) -> Frames:
        return end

    agents: dict[str, Agent] = {
        "frame_fitter": PICTURE,
        "mask_maker": MaskMaker(),
        "inpainter": Oracle(fill_in, "image"),
    }
    measured = ending.measure(bench(renderer, [told(case)], **agents), number, 0)
    assert measured.row["reached"] == 1
    assert measured.row["outside"] > 35
    assert set(measured.row) == {"reached", "outside"}
    assert ending.on_truth(bench(renderer, [told(case)]), number) == {"reached": 1}


def test_an_end_that_is_still_the_beginning_or_another_place_is_told(renderer: Renderer) -> None:
    case = ending.asked(0)
    start = bench(renderer).truth(case.before)[0]
    agents: dict[str, Agent] = {"frame_fitter": PICTURE, "mask_maker": MaskMaker()}
    same = Oracle(lambda _, __: start, "image")
    row = ending.measure(bench(renderer, [told(case)], inpainter=same, **agents), 0, 0).row
    assert row["reached"] == 0
    other = Oracle(lambda _, __: 255 - start, "image")
    row = ending.measure(bench(renderer, [told(case)], inpainter=other, **agents), 0, 0).row
    assert row["outside"] < 20


def test_where_the_detector_finds_nothing_nothing_is_reached(renderer: Renderer) -> None:
    case = ending.asked(1)
    end = ending.wanted(bench(renderer), case)

    def find_nothing(inputs: Mapping[str, Input], settings: Settings) -> bytes:
        return b'{"width": 64, "height": 64, "things": [], "chosen": [], "missing": ["it"]}'

    def fill_in(inputs: Mapping[str, Input], settings: Settings) -> Frames:
        masks.change(mask(inputs["mask"]), end[None])
        return end

    agents: dict[str, Agent] = {
        "frame_fitter": PICTURE,
        "mask_maker": MaskMaker(),
        "inpainter": Oracle(fill_in, "image"),
    }
    table = bench(renderer, [told(case)], detector=Oracle(find_nothing, "boxes"), **agents)
    row = ending.measure(table, 1, 0).row
    assert (row["reached"], row["reached, found"]) == (1, 0)
    assert "outside, found" not in row


# -------------------------------------------------------------------------------------------- worldgpt


def test_worldgpt_is_compared_with_itself_without_its_parts(renderer: Renderer) -> None:
    clip = worldgpt.asked(2)
    truth = bench(renderer).truth(clip)

    def find(inputs: Mapping[str, Input], settings: Settings) -> bytes:
        return b'{"width": 64, "height": 64, "things": [], "chosen": []}'

    def film(inputs: Mapping[str, Input], settings: Settings) -> Frames:
        return truth if "last_image" in inputs else np.repeat(truth[:1], FRAMES, axis=0)

    agents: dict[str, Agent] = {
        "frame_fitter": PICTURE,
        "prompt_writer": PromptWriter(None),
        "detector": Oracle(find, "boxes"),
        "mask_maker": MaskMaker(),
        "inpainter": Oracle(lambda _, __: truth[-1], "image"),
        "image_to_video": Oracle(film),
    }
    end, still = seen(seen_at(clip, FRAMES - 1)), replace(seen(clip).things[0], motion="still")
    moving = [end, seen(clip)]
    plain = [seen(seen_at(clip, 0)), replace(seen(clip), things=(still,))]
    case = worldgpt.measure(bench(renderer, [*moving, *moving, *plain], **agents), 2, 0)
    assert case.row["motion: all on"] == case.row["end: all on"] == case.row["end: no enhancer"] == 1
    assert case.row["motion: no end frame"] == case.row["end: no end frame"] == 0
    assert case.row["motion: gain"] == case.row["end: gain"] == 1
    assert "motion: no mask" not in case.row
    assert list(case.strips) == ["truth", "all on", "no enhancer", "no end frame"]
    with_editor = bench(
        renderer, [*moving, *moving, *moving, *plain], image_editor=Oracle(lambda _, __: truth[-1], "image"), **agents
    )
    assert worldgpt.measure(with_editor, 2, 0).row["end: no mask"] == 1
    true = worldgpt.on_truth(bench(renderer, [end, seen(clip)]), 2)
    assert true["motion: all on"] == true["end: no end frame"] == 1
