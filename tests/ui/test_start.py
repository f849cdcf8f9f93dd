"""What a start page asks for becomes one typed request, for every recipe."""

from __future__ import annotations

import pytest

from engine.errors import SettingError
from engine.tasks import table
from engine.types import Request
from ui.parts.sources import Ask, source, spans
from ui.parts.start import Asked, request
from ui.place import Brought, Place
from ui.shell import FORMS

VIDEO = Ask("video", "The video to go on from")


def asked(shape: Request, given: Asked) -> Request:
    return request(table.task(shape), shape, given)


def test_settings_go_to_the_stages_that_know_them() -> None:
    shape = Request("worldgpt", "x", {"image": ""}, {"enhancer": False})
    made = asked(shape, Asked("x", automatic=True, frames=9, seed="17", fit="letterbox"))
    assert made.settings == {"key_frame": {"fit": "letterbox"}, "video": {"frames": 9}}
    assert (made.seed, made.options) == (17, {"enhancer": False})
    assert made.automatic == tuple(stage.name for stage in table.task(shape).stages)


def test_an_empty_seed_is_a_new_one_and_words_are_none() -> None:
    shape = Request("text-to-video", "x")
    assert len({asked(shape, Asked("x")).seed for _ in range(9)}) > 1
    with pytest.raises(SettingError, match="digits"):
        asked(shape, Asked("x", seed="seven"))


def test_the_wanted_parts_of_two_videos_are_options_of_the_road() -> None:
    cut = {
        "connect.video": Brought("a", "a", start=0.5),
        "connect.second_video": Brought("b", "b", start=1.0, end=2.0),
    }
    asks = (VIDEO, Ask("second_video", "The second video"))
    assert spans(Place(brought=cut), "connect", asks) == {
        "start_seconds": 0.5,
        "second_start_seconds": 1.0,
        "second_end_seconds": 2.0,
    }


def test_a_place_for_a_file_never_tells_where_it_lies() -> None:
    empty = source("extend.video", VIDEO, None, None)
    assert "Choose a file" in empty
    assert "One of your own" in empty
    full = source("extend.video", VIDEO, Brought("<a>.mp4", "media/p/1", path="/secret/a.mp4"), ())
    assert "/secret" not in full
    assert "&lt;a&gt;.mp4" in full
    assert "There are none yet" in full


def test_every_recipe_has_a_page_that_asks_for_what_it_needs() -> None:
    forms = {form().recipe: form() for form in FORMS}
    assert forms.keys() == table.RECIPES.keys()
    for name, recipe in table.RECIPES.items():
        asks = {ask.upload: ask.needed for ask in forms[name].asks}
        assert {upload for upload, needed in asks.items() if needed} == set(recipe.asks) - {"prompt"}
        assert {upload for upload, needed in asks.items() if not needed} == set(recipe.takes)
