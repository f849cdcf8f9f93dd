"""What a click costs: the page as Gradio serves it, clicked without a browser, sends what changed and no more."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from gradio.state_holder import SessionState

from tests.fakes import Desk
from ui.shell import build

MOST_PIECES = 26
"""A stage's card, its takes, the road: what an approval changes."""


class Page:
    """A page in no browser: keeps what it was sent, and fires events as the browser does."""

    def __init__(self, demo: Any, runner: asyncio.Runner) -> None:
        self._demo = demo
        self._runner = runner
        self.state = SessionState(demo)
        self._values: dict[int, Any] = {}
        self._names = {id: block.elem_id or type(block).__name__.lower() for id, block in demo.blocks.items()}
        self.fire("load")

    def fire(self, event: str, name: str = "", **typed: Any) -> set[str]:
        """Fire an event of a component (by element id, or a tab's id); returns the names of what changed."""
        function = next(one for one in self._demo.fns.values() if (name, event) in self._targets(one))
        given = [None if one.stateful else self._value(one, typed) for one in function.inputs]
        done = self._demo.process_api(function, given, state=self.state, request=SimpleNamespace(query_params={}))
        told = zip(function.outputs, self._runner.run(done)["data"], strict=True)
        changed = {piece: update for piece, update in told if update not in ({"__type__": "update"}, None)}
        for piece, update in changed.items():
            if not isinstance(update, dict) or "value" in update:
                self._values[piece._id] = update["value"] if isinstance(update, dict) else update
        return {self._names[piece._id] for piece in changed}

    def _value(self, piece: Any, typed: dict[str, Any]) -> Any:
        return typed.get(self._names[piece._id], self._values.get(piece._id, getattr(piece, "value", None)))

    def _targets(self, function: Any) -> Iterator[tuple[str, str]]:
        for id, event in function.targets:
            block = self._demo.blocks.get(id)
            yield (str(getattr(block, "id", None) or getattr(block, "elem_id", None) or ""), event)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture
def runner() -> Iterator[asyncio.Runner]:
    """Runs the page's events, one after the other."""
    with asyncio.Runner() as begun:
        yield begun


@pytest.fixture
def demo(desk: Desk, runner: asyncio.Runner) -> Any:
    """The page as it is served; laid out while a loop runs, since Gradio would begin its own and leave them open."""

    async def laid_out() -> Any:
        return build(desk.studio)

    made = runner.run(laid_out())
    made.create_limiter()
    return made


@pytest.fixture
def page(demo: Any, desk: Desk, runner: asyncio.Runner) -> Page:
    """An open project that waits at its prompt, after the first tick that says so."""
    opened = Page(demo, runner)
    opened.fire("click", "text-to-video-start", **{"text-to-video-prompt": "a red ball"})
    desk.work()
    opened.fire("tick")
    return opened


def test_an_approval_sends_the_card_the_road_and_no_form(page: Page, demo: Any) -> None:
    changed = page.fire("click", "primary")
    assert {"where", "road", "stage-head", "primary", "takes"} <= changed
    assert len(changed) <= MOST_PIECES
    assert not {
        name for name in changed if name.startswith(("text-to-video", "image-to-video", "llm", "start", "tasks"))
    }
    untouched = next(block for block in demo.blocks.values() if block.elem_id == "text-to-video-prompt")
    assert page.state.blocks_config.blocks[untouched._id] is untouched  # Gradio built nothing anew for it


def test_a_tab_sends_its_own_page_and_a_quiet_tick_nothing(page: Page) -> None:
    assert page.fire("select", "projects") == {"number", "browserstate", "where", "covers"}
    assert page.fire("select", "create") == {"number", "browserstate", "where"}
    assert page.fire("select", "projects") == {"number", "browserstate", "where"}  # as it was
    assert page.fire("tick") == set()


def test_no_event_waits_in_a_queue_or_tells_every_component_that_it_is_under_way(demo: Any) -> None:
    for told in demo.get_config_file()["dependencies"]:
        assert (told["queue"], told["show_progress_on"]) == (False, []), told["api_name"]
