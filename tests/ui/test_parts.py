"""Every drawn part stays whole whatever words are in it, and says what the page needs."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from engine.agent import Progress
from engine.seen import Job, ProjectSummary, QueueView, World
from tests.ui.test_markup import HOSTILE, read
from tests.ui.views import AT, TASK, job, project, stage, take
from ui.parts import pictures, takes
from ui.parts.covers import covers
from ui.parts.masthead import badge, notice
from ui.parts.queue_list import queue_list
from ui.parts.road import road
from ui.parts.samples import PLAIN, chips, read_samples
from ui.parts.workbench import tools
from ui.place import Notice

PROMPT, FRAME, VIDEO = TASK.stages
FIRST, SECOND = take(FRAME, 1), take(FRAME, 2)


def drawn(words: str) -> list[str]:
    """Every part of the page with the same words wherever words come from outside."""
    frame = stage("key_frame", "waiting", replace(FIRST, name=words), SECOND, asked=1)
    view = project(frame, title=words, prompt=words)
    asked = replace(job(frame.pending[0].take, 0, Progress(words, 0, 0)), title=words)
    summary = ProjectSummary("p1", words, TASK.name, "waiting", "key_frame", AT, AT, None, False)
    world = World(words, (words,), (words,), (words,), (words,), words, words)
    texts = {"scene": words, "avoid": words}
    return [
        road(view, "key_frame", (asked,)),
        tools(view),
        takes.strip(view.id, frame, frame.takes[0], SECOND.id, (asked,)),
        takes.files(view, frame.takes[0], ("edit",)),
        takes.made_from(view, frame, frame.takes[0], texts),
        pictures.large(view.id, FIRST, words),
        pictures.compared(view.id, frame.takes[0], SECOND, {}),
        pictures.words({"scene": words, "motion": words, "avoid": words}),
        pictures.progress(frame, asked, "alive"),
        covers((summary,), lambda project, digest: ".png"),
        queue_list(QueueView((asked,), True, "alive")),
        notice(Notice(words, bad=True, do="restore", label=words, project=words)),
        badge(world),
    ]


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(HOSTILE)
def test_no_word_becomes_a_tag_or_an_attribute(words: str) -> None:
    for plain, hostile in zip(drawn("word"), drawn(f"word{words}"), strict=True):
        first, second = read(plain), read(hostile)
        assert first.tags == second.tags
        assert [list(each) for each in first.attributes] == [list(each) for each in second.attributes]


def test_the_road_shows_every_stage_and_which_is_open() -> None:
    markup = read(road(project(stage("key_frame", "waiting", FIRST)), "key_frame", ()))
    buttons = [each for each in markup.attributes if each.get("data-do") == "stage"]
    assert [each["data-stage"] for each in buttons] == ["prompt", "key_frame", "video"]
    assert [each.get("aria-current") for each in buttons] == [None, "step", None]
    assert "waiting for you" in markup.words


def test_a_take_made_from_something_older_says_so() -> None:
    older = take(FRAME, 1, fits=False)
    assert "made from something older" in takes.strip("p1", stage("key_frame", "waiting", older), older, "", ())


def test_what_made_it_links_to_where_it_can_be_changed() -> None:
    clip = stage("video", "waiting", take(VIDEO, 1))
    view = project(stage("prompt", "approved", take(PROMPT, 1)), clip)
    markup = read(takes.made_from(view, clip, clip.takes[0], {"motion": "it rolls"}))
    links = {each["aria-label"]: each["data-stage"] for each in markup.attributes if each.get("data-do")}
    assert links["motion: it rolls. Change it at Prompt"] == "prompt"
    assert links["seed: 17. Change it at Video"] == "video"


def test_a_clip_downloads_with_its_recipe_beside_it() -> None:
    clip = stage("video", "waiting", take(VIDEO, 1))
    links = [
        each["href"] for each in read(takes.files(project(clip), clip.takes[0], ("edit",))).attributes if "href" in each
    ]
    assert [link for link in links if link and link.startswith("download")] == [
        "download/p1/video-1.mp4",
        "download/p1/video-1.recipe.json",
    ]


@pytest.mark.parametrize(
    ("worker", "line"),
    [("starting", "loaded"), ("restarting", "coming back"), ("stopped", "no worker"), ("alive", "about to start")],
)
def test_a_stage_that_waits_for_its_worker_says_so(worker: str, line: str) -> None:
    assert line in pictures.progress(stage("video", "queued", asked=1), None, worker)


def test_prompts_are_compared_as_words_in_two_columns() -> None:
    first, second = take(PROMPT, 1), take(PROMPT, 2)
    texts = {first.id: {"scene": "a ball"}, second.id: {"scene": "a star"}}
    markup = read(pictures.compared("p1", first, second, texts))
    assert "a ball" in markup.words
    assert "a star" in markup.words
    assert "gl-compare" not in markup.tags


def test_samples_with_thumbnails_are_read_from_their_folder(tmp_path: Path) -> None:
    rows = [{"prompt": f"sample {number}", "file": f"{number}.webp"} for number in range(8)]
    (tmp_path / "samples.json").write_text(json.dumps(rows))
    samples = read_samples(tmp_path)
    assert [sample.file for sample in samples] == [f"{number}.webp" for number in range(6)]
    assert 'src="samples/3.webp"' in chips(samples, "text-to-video")


def test_there_are_six_samples_in_words_when_there_are_no_pictures() -> None:
    assert len(PLAIN) == 6
    assert chips(PLAIN, "text-to-video").count("data-prompt") == 6
    assert len(read_samples(Path("nowhere"))) == 6


def test_the_queue_says_where_a_job_runs_and_who_is_away() -> None:
    running = Job("t1", "p1", "The red ball", "video", "running", 0, None, "NVIDIA H200 (worker 2)")
    shown = str(queue_list(QueueView((running,), False, "alive", away=1)))
    assert "video: starting, on NVIDIA H200 (worker 2)" in shown
    assert "One more worker is on the way; the others go on." in shown
    assert "A GPU answers no more, so its worker waits; the others go on." in str(
        queue_list(QueueView((running,), False, "alive", lost=1))
    )
    assert "The GPU answers no more." in str(queue_list(QueueView((), False, "lost")))
