"""The Evaluate tab's markup: how far a measurement is, its figures, what a difference shows, and what can be done."""

from __future__ import annotations

from dataclasses import replace

from engine.seen import Difference, Measured, Measurement
from ui.parts.measurements import measurements

ONE = Measurement("abc", "<b>mine</b>", "running", 1, 3, 95.0, "", (), (), ())


def test_what_is_under_way_says_how_far_it_is_and_can_be_paused() -> None:
    shown = measurements((ONE,))
    assert "1 of 3 videos, 2 min left" in shown
    assert 'data-do="measure-stop"' in shown
    assert "<b>mine" not in shown, "a title is no markup"
    assert "Nothing was measured yet." in measurements(())


def test_what_is_done_has_numbers_intervals_and_files_and_says_what_a_difference_shows() -> None:
    figure = Measured("motion smoothness", "first", 0.98765, 0.9, 1.0, 3)
    difference = Difference("motion smoothness", 0.01, -0.02, 0.04, "no difference shown")
    done = replace(ONE, status="done", seconds_left=None, figures=(figure,), differences=(difference,))
    shown = measurements((replace(done, unread=("c: torn",)),))
    for said in ("0.9877", "0.9 to 1", "no difference shown", "report/abc/report.json", "c: torn", "measure-remove"):
        assert said in shown
    assert "measure-go-on" not in shown


def test_what_failed_says_why_and_can_go_on() -> None:
    shown = measurements((replace(ONE, status="failed", problem="The weights were altered"),))
    assert "The weights were altered" in shown
    assert 'data-do="measure-go-on"' in shown
