"""What a critic is asked is known: no question is a guess, yes and no are about as many, orders are what happens."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from engine.evaluate.videoverse.dimensions import CHECKS
from engine.pocket import facts, happenings, quiz


@pytest.mark.parametrize("held_out", [True, False])
def test_every_answer_is_what_the_simulator_knows(held_out: bool) -> None:
    for index in range(40):
        clip, rng = quiz.clip_of(index, held_out)
        true = {facts.question(fact) for fact in quiz.true_of(clip)}
        false = {facts.question(fact) for fact in quiz.false_of(clip, random.Random(index))}
        assert not true & false, "nothing is asked to which both answers are right"
        assert all(facts.holds(fact, clip) for fact in quiz.true_of(clip))
        assert {one.dimension for one in quiz.about(clip, 20, rng)} <= {*CHECKS}


def test_somebody_who_does_not_look_is_right_half_of_the_time() -> None:
    counts: Counter[tuple[str, bool]] = Counter()
    texts: Counter[tuple[str, bool]] = Counter()
    for index in range(250):
        clip, rng = quiz.clip_of(index, False)
        asked = quiz.about(clip, 16, rng)
        counts.update((one.dimension, one.yes) for one in asked)
        texts.update((one.question, one.yes) for one in asked)
    for dimension in CHECKS:
        yes, no = counts[dimension, True], counts[dimension, False]
        assert 0.35 < yes / (yes + no) < 0.65, dimension
    often = [text for text in {text for text, _ in texts} if texts[text, True] + texts[text, False] > 60]
    assert len(often) > 12
    for text in often:
        assert 0.35 < texts[text, True] / (texts[text, True] + texts[text, False]) < 0.65, text


def test_an_order_names_what_happens_in_its_order_and_nothing_else() -> None:
    orders = [(clip, quiz.order(clip, rng)) for clip, rng in (quiz.clip_of(index, True) for index in range(80))]
    for clip, asked in orders:
        happened = [happenings.event(fact) for fact in quiz.events(clip)]
        told = [asked.events[quiz.LETTERS.index(letter)] for letter in asked.order]
        assert told == [event for event in happened if event in asked.events]
    assert any(len(asked.order) < len(asked.events) for _, asked in orders), "some list what never happens"
    assert any(asked.order not in quiz.LETTERS for _, asked in orders), "an echo is not always right"


def test_what_nobody_could_tell_by_looking_is_not_asked() -> None:
    for clip, rng in (quiz.clip_of(index, True) for index in range(80)):
        asked = [fact for fact in (*quiz.true_of(clip), *quiz.false_of(clip, rng)) if fact[0] == "nearer"]
        assert all(happenings.nearest(clip, *fact[1:]) < 0.33 for fact in asked)
        met = [fact for fact in quiz.events(clip) if fact[0] == "meets"]
        listed = {event for _ in range(4) for event in quiz.order(clip, rng).events}
        for fact in met:
            lasted = (happenings.meeting(clip, *fact[1:]) or 0.0) - happenings.touching(clip, *fact[1:])
            assert lasted <= 0.25 or happenings.event(fact) not in listed
        turned = [happenings.event(("turned", thing.noun)) for thing in clip.things if thing.motion == "orbit"]
        assert not {*turned} & {*listed} - {happenings.event(fact) for fact in quiz.events(clip)}


def test_a_dimension_is_asked_about_as_often_as_is_wished() -> None:
    even: Counter[str] = Counter()
    wished: Counter[str] = Counter()
    for index in range(40):
        clip, rng = quiz.clip_of(index, False)
        even.update(one.dimension for one in quiz.about(clip, 12, rng))
        some = quiz.about(clip, 12, rng, {"3d_depth": 6.0, "Common Sense": 0.0})
        wished.update(one.dimension for one in some)
    assert wished["3d_depth"] > 2 * even["3d_depth"]
    assert even["Common Sense"]
    assert not wished["Common Sense"]


def test_clips_are_the_same_again_and_held_out_ones_are_others() -> None:
    assert quiz.clip_of(3, True)[0] == quiz.clip_of(3, True)[0]
    assert quiz.clip_of(3, True)[0] != quiz.clip_of(3, False)[0]


def test_a_description_tells_every_thing_and_which_is_in_front() -> None:
    clips = [quiz.clip_of(index, True)[0] for index in range(60)]
    told = [quiz.description(clip) for clip in clips]
    known = {*quiz.words(), "low-poly"}
    assert all(word.lower() in known for text in told for word in text.split())
    for clip, text in zip(clips, told, strict=True):
        assert all(f"{thing.size} {thing.motion} {thing.speed}" in text for thing in clip.things)
        assert text.count("meet") == sum(fact[0] == "meet" for fact in facts.true_of(clip))
