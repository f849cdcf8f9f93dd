"""An answer brings what changed, makes up for a lost one, and undoes nothing that was typed or clicked since."""

from __future__ import annotations

from typing import Any

from engine.errors import StorageError
from engine.seen import QueueView
from ui.answers import NONE, answer
from ui.place import Place, Screen, Seat
from ui.scene import Painting, Scene, Shown, html

STUDIO: Any = None


def scene(**place: Any) -> Scene:
    return Scene(STUDIO, Place(**place), QueueView((), False, "alive"), ())


def painted(one: Scene) -> Painting:
    """Markup that tells the tab, and a field that belongs to the project and is hidden without one."""
    project = one.place.project
    return {
        "where": html(one.place.tab),
        "still": html("always the same"),
        "field": Shown({"value": "as saved", "visible": bool(project)}, typed=project),
    }


def test_an_answer_brings_what_changed_and_a_new_page_all() -> None:
    first, news = answer([painted], scene(), Screen(), NONE)
    assert set(news) == {"where", "still", "field"}
    second, news = answer([painted], scene(tab="queue"), first, first.number)
    assert set(news) == {"where"}
    third, news = answer([painted], scene(tab="queue"), second, second.number)
    assert (news, third.number) == ({}, second.number)
    assert set(answer([painted], scene(tab="queue"), third, NONE)[1]) == {"where", "still", "field"}


def test_what_was_in_a_lost_answer_comes_with_the_next() -> None:
    first, _ = answer([painted], scene(project="a"), Screen(), NONE)
    lost, _ = answer([painted], scene(project="a", tab="queue"), first, first.number)
    after, news = answer([painted], scene(project="a", tab="queue"), lost, first.number)
    assert set(news) == {"where"}
    assert not answer([painted], scene(project="a", tab="queue"), after, after.number)[1]


def test_a_field_is_sent_again_only_for_another_owner_and_not_while_it_is_hidden() -> None:
    first, _ = answer([painted], scene(project="a"), Screen(), NONE)
    assert "field" not in answer([painted], scene(project="a", tab="queue"), first, NONE)[1]
    other, news = answer([painted], scene(project="b"), first, first.number)
    assert set(news) == {"field"}
    hidden, news = answer([painted], scene(), other, other.number)
    assert news["field"].props["visible"] is False
    assert not answer([painted], scene(), hidden, hidden.number)[1]
    assert answer([painted], scene(project="b"), hidden, hidden.number)[1]["field"].props["value"] == "as saved"


def test_what_is_not_painted_meanwhile_is_not_sent_again_but_a_field_is() -> None:
    first, _ = answer([painted], scene(project="a"), Screen(), NONE)
    away, news = answer([lambda one: {}], scene(project="a"), first, first.number)
    assert not news
    assert set(answer([painted], scene(project="a"), away, away.number)[1]) == {"field"}


def test_a_part_that_cannot_be_shown_leaves_the_others_and_a_notice() -> None:
    def torn(one: Scene) -> Painting:
        raise StorageError("The picture cannot be read", "Look at the disk.", value="x")

    def told(one: Scene) -> Painting:
        return {"notice": html(one.place.notice.text if one.place.notice else "")}

    news = answer([torn, told], scene(), Screen(), NONE)[1]
    assert "The picture cannot be read" in str(news["notice"].props["value"])


def test_a_click_that_took_longer_than_a_newer_one_does_not_lead_away_from_where_that_led() -> None:
    seat = Seat(Screen())
    seat.place = before = Place(project="a", stage="key_frame", take="t1")
    approve, look = next(seat.clicks), next(seat.clicks)
    seat.place = seat.moved(look, before, Place(project="a", stage="key_frame"))
    seat.place = seat.moved(approve, before, Place(project="a", stage="video", samples={"edit": "kept"}))
    assert seat.place == Place(project="a", stage="key_frame", samples={"edit": "kept"})


def test_clicks_about_different_things_count_both() -> None:
    seat = Seat(Screen())
    begin, turn = next(seat.clicks), next(seat.clicks)
    seat.place = seat.moved(turn, Place(), Place(tab="queue"))
    seat.place = seat.moved(begin, Place(), Place(project="a"))
    assert seat.place == Place(project="a", tab="queue")
