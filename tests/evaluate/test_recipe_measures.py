"""Every measure of a recipe tells an agent that knows the truth from one that does not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.agent import Input
from engine.errors import MaskError
from engine.evaluate import between, connecting, editing, extending, styling
from engine.evaluate.cases import Frames, summary
from engine.evaluate.judge import FRAMES
from engine.evaluate.workbench import mean_step, seam_step
from engine.media.images import open_image
from engine.media.videos import read_video
from engine.pocket.changes import apply
from engine.pocket.render import Renderer
from engine.types import Settings
from tests.evaluate.oracles import Oracle, bench, seen


def picture(value: Input) -> Frames:
    assert isinstance(value, bytes)
    return np.asarray(open_image(value).convert("RGB"))


def film(value: Input) -> Frames:
    assert isinstance(value, bytes)
    return read_video(value)[0]


def test_between_two_frames_the_truth_scores_high_and_a_cut_low(renderer: Renderer) -> None:
    truth = bench(renderer).truth(between.straight_clip(3))
    row = between.measure(bench(renderer, image_to_video=Oracle(lambda _, __: truth)), 3, seed=0).row
    assert min(row.values()) > 33

    def cut(inputs: Mapping[str, Input], settings: Settings) -> Frames:
        return np.stack([picture(inputs["image"])] * (FRAMES - 1) + [picture(inputs["last_image"])])

    row = between.measure(bench(renderer, image_to_video=Oracle(cut)), 3, seed=0).row
    assert row["last frame"] > 33
    assert row["middle"] < 28


def test_an_extension_that_goes_on_as_it_was_scores_high(renderer: Renderer) -> None:
    clip = extending.staying_clip(1)
    endless = bench(renderer).truth(clip, 200)
    places = iter(range(FRAMES, 200, 12))

    def go_on(inputs: Mapping[str, Input], settings: Settings) -> Frames:
        start = next(places)
        return endless[start : start + 12]

    row = extending.measure(bench(renderer, [seen(clip)], extender=Oracle(go_on)), 1, seed=0).row
    assert row["noun, colour, scene"] == 1
    assert row["drift"] < 1
    assert row["seams"] < 1.5


def test_an_extension_that_fades_jumps_and_loses_its_thing_scores_low(renderer: Renderer) -> None:
    clip = extending.staying_clip(1)

    def fade(inputs: Mapping[str, Input], settings: Settings) -> Frames:
        return (film(inputs["clip"])[-12:] * 0.7).astype(np.uint8)

    witness = [seen(clip, scene="space" if clip.scene != "space" else "sea")]
    row = extending.measure(bench(renderer, witness, extender=Oracle(fade)), 1, seed=0).row
    assert row["noun, colour, scene"] == 0
    assert row["drift"] > 5
    assert row["seams"] > 1.5


def test_extending_backwards_sees_the_earliest_frames_first(renderer: Renderer) -> None:
    clip = extending.staying_clip(1)
    starts: list[Frames] = []

    def lead_up(inputs: Mapping[str, Input], settings: Settings) -> Frames:
        assert settings["direction"] == "backwards"
        starts.append(film(inputs["clip"])[0])
        return np.full((12, 64, 64, 3), 10 * len(starts), np.uint8)

    extending.extended(bench(renderer, extender=Oracle(lead_up)), clip, 0, "backwards")
    assert [round(float(start.mean()), -1) for start in starts[1:]] == [10 * n for n in range(1, len(starts))]


def test_connecting_a_jolt_is_told_from_a_smooth_way(renderer: Renderer) -> None:
    def smooth(inputs: Mapping[str, Input], settings: Settings) -> Frames:
        a, b = film(inputs["clip"])[-1].astype(float), film(inputs["second_clip"])[0].astype(float)
        count = 30 if settings["method"] == "cross-fade" else 2
        shares = np.linspace(0, 1, count + 2)[1:-1, None, None, None]
        mixed: Frames = (a + (b - a) * shares).astype(np.uint8)
        return mixed

    row = connecting.measure(bench(renderer, connector=Oracle(smooth)), 0, seed=0).row
    assert row["cross-fade seam"] < row["seam"] / 4
    assert row["seam"] == pytest.approx(row["largest step"], rel=0.2)


def test_steps_are_mean_absolute_differences() -> None:
    frames = np.array([0, 3, 9], np.uint8)[:, None, None, None] * np.ones((1, 2, 2, 3), np.uint8)
    assert mean_step(frames) == 4.5
    assert mean_step(frames[:1]) == 0
    assert seam_step(frames, frames[::-1]) == 0
    assert seam_step(frames[:1], frames[2:]) == 9


@given(st.lists(st.floats(-100, 100), min_size=1, max_size=30))
def test_the_interval_holds_the_mean_and_lies_within_the_values(values: list[float]) -> None:
    figure = summary([{"figure": value} for value in values])["figure"]
    slack = 1e-6
    assert min(values) - slack <= figure.low <= figure.mean + slack
    assert figure.mean - slack <= figure.high <= max(values) + slack
    assert figure.cases == len(values)


def test_a_figure_that_some_rows_lack_is_taken_over_the_others() -> None:
    figures = summary([{"a": 1.0, "b": 0.0}, {"a": 3.0}])
    assert (figures["a"].mean, figures["a"].cases) == (2.0, 2)
    assert (figures["b"].mean, figures["b"].cases) == (0.0, 1)


def test_an_edit_that_is_the_truth_is_done_and_keeps_the_rest(renderer: Renderer) -> None:
    for number in range(len(editing.KINDS)):
        clip, edit = editing.asked(number)
        assert edit.kind == editing.KINDS[number]
        wanted = apply(edit, clip)
        table = bench(renderer, [seen(wanted)], **chain(bench(renderer).truth(wanted)))
        row = editing.measure(table, number, seed=0).row
        assert (row["done"], row["motion kept"], row[f"done: {edit.kind}"]) == (1, 1, 1)
        assert row.get("outside", 99) > 33


def test_an_edit_that_changes_nothing_or_too_much_is_told(renderer: Renderer) -> None:
    clip, edit = editing.asked(0)
    source = bench(renderer).truth(clip)
    row = editing.measure(bench(renderer, [seen(clip)], **chain(source)), 0, seed=0).row
    assert row["done"] == 0
    assert row["motion kept"] == 1
    other = np.roll(bench(renderer).truth(apply(edit, clip)), 5, axis=2)
    still = [replace(thing, motion="still") for thing in seen(apply(edit, clip)).things]
    witness = [replace(seen(apply(edit, clip)), things=tuple(still))]
    row = editing.measure(bench(renderer, witness, **chain(other)), 0, seed=0).row
    assert row["motion kept"] == 0
    assert row["outside"] < 30


def test_an_edit_of_what_is_not_found_is_not_done(renderer: Renderer) -> None:
    def stop(*_: object) -> bytes:
        raise MaskError("Nothing is marked", "Paint what may change.")

    agents = {**chain(bench(renderer).truth(editing.asked(0)[0])), "mask_tracker": Oracle(stop)}
    assert editing.measure(bench(renderer, [], **agents), 0, seed=0).row == {"done": 0, "done: recolour": 0}


def chain(result: Frames) -> dict[str, Oracle]:
    """The editing road's agents, of which only the last decides."""
    return {
        "detector": Oracle(lambda _, __: b"boxes", "boxes"),
        "mask_maker": Oracle(lambda _, __: b"mask", "mask"),
        "mask_tracker": Oracle(lambda _, __: b"masks", "mask"),
        "image_editor": Oracle(lambda _, __: result[0], "image"),
        "video_editor": Oracle(lambda _, __: result),
    }


def test_another_style_is_seen_and_its_things_are_counted(renderer: Renderer) -> None:
    clip, world = styling.asked(1)
    styled = replace(clip, style=world)
    agents = {key: agent for key, agent in chain(bench(renderer).truth(styled)).items() if key.endswith("_editor")}
    assert styling.measure(bench(renderer, [seen(styled)], **agents), 1, 0).row == {"style": 1, "things and motion": 1}
    fewer = replace(seen(styled, style="flat"), things=seen(styled).things[:1])
    assert styling.measure(bench(renderer, [fewer], **agents), 1, 0).row == {"style": 0, "things and motion": 0}
