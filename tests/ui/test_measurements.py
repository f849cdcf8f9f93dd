"""The Evaluate tab's markup: how far a measurement is, radar and bars, what a difference shows, what can be done."""

from __future__ import annotations

from dataclasses import replace

from engine.measured import Answered, Difference, Looked, Measured, Measurement
from ui.parts import chart
from ui.parts.interviews import behind
from ui.parts.measurements import NUMBERS, measurement, open_one, others

ONE = Measurement("abc", "<b>mine</b>", "running", 1, 3, 95.0, "", (), (), ())
AXES = ("Mechanics", "Camera Control", "2d_layout")
SHARES = tuple(Measured(name, "official", 0.5, 0.25, 0.75, 8, "dimension") for name in AXES)


def test_what_is_under_way_says_how_far_it_is_and_can_be_paused() -> None:
    shown = measurement(ONE)
    assert "1 of 3 videos, 2 min left" in shown
    assert 'data-do="measure-stop"' in shown
    assert "<b>mine" not in shown, "a title is no markup"
    assert "Nothing was measured yet." in measurement(None)


def test_what_is_done_has_numbers_intervals_and_files_and_says_what_a_difference_shows() -> None:
    figure = Measured("motion smoothness", "first", 0.98765, 0.9, 1.0, 3)
    difference = Difference("motion smoothness", 0.01, -0.02, 0.04, "no difference shown")
    done = replace(ONE, status="done", seconds_left=None, figures=(figure,), differences=(difference,))
    shown = measurement(replace(done, unread=("c: torn",)))
    for said in ("0.9877", "0.9 to 1", "no difference shown", "report/abc/report.json", "c: torn", "measure-remove"):
        assert said in shown
    assert "measure-go-on" not in shown


def test_what_failed_says_why_and_can_go_on() -> None:
    shown = measurement(replace(ONE, status="failed", problem="The weights were altered"))
    assert "The weights were altered" in shown
    assert 'data-do="measure-go-on"' in shown


def test_the_newest_is_large_unless_another_one_is_asked_for() -> None:
    older = replace(ONE, name="old", title="older")
    assert open_one((ONE, older), "") is ONE
    assert open_one((ONE, older), "old") is older
    assert 'data-measurement="abc"' in others((ONE, older), older)
    assert others((ONE,), ONE) == ""


def test_shares_are_a_radar_and_bars_that_open_and_the_table_opens_beside_them() -> None:
    shown = measurement(replace(ONE, figures=SHARES), "Mechanics")
    assert 'class="radar"' in shown
    assert "2D layout 50%" in shown
    assert 'aria-pressed="true" data-figure="Mechanics"' in shown
    assert 'data-system="official"' in shown
    assert "<table" not in shown
    assert "<table" in measurement(replace(ONE, figures=SHARES), NUMBERS)


def test_a_radar_puts_a_share_at_its_part_of_the_way_out() -> None:
    """By hand: of three axes the first points up, so 0.5 of a radius of 112 lies 56 above the middle, 220, 165."""
    series = [("official", {one.figure: one for one in SHARES})]
    assert 'points="220.0,109.0 ' in chart.radar(series)
    assert chart.radar([("official", {one.figure: one for one in SHARES[:2]})]) == "", "two axes are no shape"
    assert chart.radar([]) == ""
    outside = replace(SHARES[0], mean=1.5)
    assert 'points="220.0,53.0 ' in chart.radar([("x", {one.figure: one for one in (outside, *SHARES[1:])})])


def test_behind_a_bar_are_videos_questions_and_how_sure_the_answer_is() -> None:
    asked = (Answered("Does it <i>hop?", "yes", 0.83), Answered("In this order", "wrong"))
    found = [Looked("pocket-000", "a ball", 0.5, "videos/pocket-000.mp4", asked), Looked("b", "", 0.25)]
    one = replace(ONE, figures=(*SHARES, replace(SHARES[0], system="strict")))
    shown = behind(one, ("official", "Mechanics"), found)
    for said in ("2 videos", "measured/abc/videos/pocket-000.mp4", "probability of yes 83%", "cannot be read", "0.25"):
        assert said in shown
    assert "<i>hop" not in shown
    assert 'data-system="strict"' in shown
    assert "Nothing is written down yet." in behind(one, ("official", "Mechanics"), [])
