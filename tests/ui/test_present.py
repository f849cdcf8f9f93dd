"""What a person reads and may do next, for every way in which a project can stand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.agent import Progress
from engine.seen import StageView
from engine.types import Status, Take
from tests.ui.views import TASK, failed, job, project, stage, take
from ui import present

PROMPT, FRAME, VIDEO = TASK.stages
WORDS = take(PROMPT, 1, seed=None)
FIRST, SECOND, OLDER = take(FRAME, 1), take(FRAME, 2), take(FRAME, 3, fits=False)


def said(shown: StageView, *others: StageView) -> tuple[str, str]:
    """Intent and label of the primary button when this stage is on screen."""
    chosen = present.choices(project(*others, shown), shown, present.take_shown(shown))
    return chosen.intent, chosen.label


def test_a_mask_that_waits_says_what_to_look_for() -> None:
    view = project(stage("key_frame", "waiting", FIRST))
    mask = replace(view.stages[1], stage=replace(FRAME, agent="mask_maker"))
    assert "may change" in present.told(view, mask)
    assert present.told(view, replace(mask, status="approved")) == ""


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (stage("key_frame", "waiting", FIRST), ("approve", "Approve")),
        (stage("key_frame", "ready"), ("make", "Make it")),
        (stage("key_frame", "queued", asked=1), ("", "Working on it")),
        (stage("key_frame", "cancelled"), ("make", "Make it")),
        (stage("key_frame", "stale", OLDER, chosen=OLDER), ("make", "Make it again")),
        (stage("key_frame", "locked"), ("next", "Go to prompt")),
        (failed("key_frame"), ("make", "Try again")),
        (failed("prompt", "offline-writer"), ("mend", "Use the offline writer")),
    ],
)
def test_the_primary_button_is_the_next_sensible_thing(shown: StageView, expected: tuple[str, str]) -> None:
    assert said(shown) == expected


def test_an_approved_stage_leads_on_and_the_last_one_downloads() -> None:
    frame = stage("key_frame", "approved", FIRST, chosen=FIRST)
    clip = take(VIDEO, 1)
    done = stage("video", "approved", clip, chosen=clip)
    words = stage("prompt", "approved", WORDS, chosen=WORDS)
    assert said(frame, words, stage("video", "ready")) == ("next", "Go to video")
    assert said(done, words, frame) == ("download", "Download")
    assert said(words, frame, done) == ("next", "Go to video")


def test_another_take_than_the_chosen_one_can_be_used() -> None:
    shown = stage("key_frame", "approved", FIRST, SECOND, chosen=FIRST)
    assert present.choices(project(shown), shown, SECOND).label == "Use this take"
    assert not present.choices(project(shown), shown, SECOND).withdraw
    assert present.choices(project(shown), shown, FIRST).withdraw


def test_a_candidate_that_is_there_can_be_approved_while_others_are_made() -> None:
    shown = stage("key_frame", "running", FIRST, asked=1)
    assert present.take_shown(shown) is None
    chosen = present.choices(project(shown), shown, present.take_shown(shown, FIRST.id))
    assert (chosen.intent, chosen.stop) == ("approve", True)


def test_a_stale_take_is_kept_or_made_again() -> None:
    shown = replace(stage("key_frame", "stale", OLDER, chosen=OLDER), stale_because=("prompt",))
    view = project(shown)
    assert present.choices(view, shown, OLDER).keep
    assert present.told(view, shown) == "The prompt changed after this was made. Keep it, or make it again."


def test_pictures_can_be_painted_and_replaced_words_and_clips_cannot() -> None:
    frame, words = stage("key_frame", "waiting", FIRST), stage("prompt", "waiting", WORDS)
    assert present.choices(project(frame), frame, FIRST).edit
    assert present.choices(project(frame), frame, FIRST).upload
    assert not present.choices(project(words), words, WORDS).edit


def test_where_nobody_could_look_the_mask_may_be_painted() -> None:
    boxes = replace(TASK.stages[1], name="boxes", yields="boxes")
    assert present.paints_instead(replace(stage("key_frame", "failed"), stage=boxes))
    assert present.paints_instead(replace(stage("key_frame", "cancelled"), stage=boxes))
    assert not present.paints_instead(replace(stage("key_frame", "waiting"), stage=boxes))
    assert not present.paints_instead(failed("key_frame"))
    assert not present.paints_instead(replace(failed("key_frame"), stage=boxes, inputs=None))


def test_the_third_automatic_try_says_that_it_waits() -> None:
    shown = replace(stage("key_frame", "waiting", FIRST), tries=3)
    assert present.told(project(shown), shown) == "Try 3 of 3: now it waits for you."


@pytest.mark.parametrize("status", list(present.MARKS))
def test_every_status_is_a_word_a_shape_and_a_tone(status: Status) -> None:
    mark = present.MARKS[status]
    assert mark.word
    assert mark.icon
    assert mark.tone


def test_no_two_statuses_look_alike() -> None:
    assert len({mark.icon for mark in present.MARKS.values()}) == len(present.MARKS)


@pytest.mark.parametrize(
    ("progress", "expected"),
    [
        (None, "starting"),
        (Progress("waiting for the model"), "waiting for the model"),
        (Progress("denoising", 5, 8, 9.2), "step 5 of 8, 9 s left"),
        (Progress("denoising", 5, 8), "step 5 of 8"),
        (Progress("decoding", 8, 8, 0.2), "decoding, 1 s left"),
    ],
)
def test_how_far_a_job_is(progress: Progress | None, expected: str) -> None:
    assert present.left(job("x", progress=progress)) == expected


def test_places_in_the_queue() -> None:
    assert present.left(job("x", 1)) == "next in the queue"
    assert present.left(job("x", 3)) == "place 3 in the queue"


def test_the_job_that_is_furthest_speaks_for_the_stage() -> None:
    shown = stage("video", "running", asked=2)
    asked = [request.take for request in shown.pending]
    jobs = (job(asked[1], 1), job(asked[0], 0, Progress("denoising", 1, 4)))
    assert present.mark(shown, jobs).word == "step 1 of 4"
    assert present.mark(shown).word == "being made"


@pytest.mark.parametrize(
    ("seconds", "expected"), [(0.42, "0.4 s"), (9.96, "10.0 s"), (42, "42 s"), (119, "2 min"), (3900, "1 h 5 min")]
)
def test_durations(seconds: float, expected: str) -> None:
    assert present.duration(seconds) == expected


def test_the_take_on_screen_is_the_one_asked_for_else_the_chosen_else_the_newest_that_fits() -> None:
    shown = stage("key_frame", "waiting", FIRST, SECOND, OLDER)
    assert present.take_shown(shown, FIRST.id) == FIRST
    assert present.take_shown(shown) == SECOND
    assert present.take_shown(replace(shown, chosen=FIRST)) == FIRST
    assert present.take_shown(stage("key_frame", "waiting", OLDER)) == OLDER
    assert present.take_shown(stage("key_frame", "ready")) is None


def test_of_takes_that_the_critic_saw_the_best_is_shown_first_until_one_is_chosen() -> None:
    def seen(number: int, score: float) -> Take:
        plain = take(VIDEO, number)
        return replace(plain, artifact=replace(plain.artifact, facts={"critic": score}))

    good, poor = seen(1, 0.9), seen(2, 0.4)
    shown = stage("video", "waiting", good, poor)
    assert present.proposed(shown) == present.take_shown(shown) == good
    assert present.proposed(replace(shown, turned_down={good.id: "no"})) == poor
    assert present.take_shown(replace(shown, chosen=poor)) == poor
    assert present.proposed(stage("video", "waiting", take(VIDEO, 1))) is None
