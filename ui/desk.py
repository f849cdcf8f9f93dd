"""The desk: how a click becomes a call on the Studio, and how what is then true comes back to the page.

Pages lay out components here, say what each shows (`paint`) and what each click does (`on`, `act`). An event only
records a request and answers with what it changed on the page; nothing is generated inside one. Plain requests
(`queue=False`) carry it all, so a lost event stream loses nothing; a lost answer is made up for by the next.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import gradio as gr

from engine.errors import GreenlightError, UnknownProjectError
from engine.measured import Looked, Measurement
from engine.seen import ProjectSummary, ProjectView, QueueView, ShelfView
from engine.studio import Studio
from ui import present
from ui.answers import NONE, answer
from ui.place import Notice, Place, Screen, Seat
from ui.reception import Reception
from ui.scene import Act, Action, Painter, Scene, Visit

LOG = logging.getLogger("greenlight.page")
TICK_SECONDS = 0.6
CLICKS = """
const tell = (node, extra) => trigger('click', {...node.dataset, ...extra});
element.addEventListener('click', event => {
  const node = event.target.closest('button[data-do]');
  if (node && !node.disabled) tell(node, {});
});
element.addEventListener('change', event => {
  const node = event.target.closest('input[data-do]');
  if (node) tell(node, {value: node.value});
});
"""
NO_QUEUE = QueueView((), False, "stopped")
"""What is shown of a queue that cannot be read."""
PLAIN = (gr.Textbox, gr.Number, gr.Slider, gr.Radio, gr.Checkbox, gr.Dropdown)
"""Fields whose value comes from the browser as it is."""
NOTHING = "-"
"""What the browser remembers for no project: Gradio does not write an empty value down."""
STUMBLED = "Greenlight stumbled over this, and wrote down why in its log. Nothing was lost. Try once more, or reload."


def fixed(value: str, **props: Any) -> gr.HTML:
    """A piece of markup that never changes, in the page's own look."""
    return gr.HTML(value, apply_default_css=False, padding=False, **props)


class Desk:
    """The components of one page, what they show, and what they do."""

    def __init__(self, studio: Studio) -> None:
        self._reception = Reception(studio)
        self.studio = self._reception.nobody
        """What there is to lay out: on a public host the house without anybody's projects."""
        self.public = studio.configuration.public
        self.visitor = gr.BrowserState("", storage_key="greenlight-visitor", secret="greenlight")
        self.tabs: tuple[str, ...] = ()
        """Ids of the tabs that are laid out."""
        self.seat = gr.State()
        self.remembered = gr.BrowserState("", storage_key="greenlight-project", secret="greenlight")
        self.seen = gr.Number(0, precision=0, visible=False)
        """Number of the answer that the page got last."""
        self.timer = gr.Timer(TICK_SECONDS)
        self._components: dict[str, Any] = {}
        self._painters: list[Painter] = []
        self._wishes: list[tuple[Any, Action, tuple[Any, ...], str]] = []
        self._acts: dict[str, Act] = {}
        self._first = Screen()
        """What a page shows before it arrived; a click that comes earlier still is no person's, and ignored."""

    # ------------------------------------------------------------------------------------- laying out

    def add(self, name: str, component: Any) -> Any:
        """Give a component the name that painters know it by."""
        self._components[name] = component
        return component

    def component(self, name: str) -> Any:
        """The component of that name."""
        return self._components[name]

    def html(self, name: str) -> Any:
        """Add a piece of markup whose buttons (`markup.doer`) call acts."""
        return self.add(name, fixed("", js_on_load=CLICKS, elem_id=name))

    def paint(self, painter: Painter) -> None:
        """Let a function say what its components show."""
        self._painters.append(painter)

    def on(self, trigger: Any, action: Action, *inputs: Any, shown: str = "") -> None:
        """Call `action(visit, *values of inputs)` on an event; it returns where the person is then.

        `shown` names a component that shows it already: told so by a late answer, it could undo a newer click.
        """
        self._wishes.append((trigger, action, inputs, shown))

    def act(self, name: str, act: Act) -> None:
        """Name what a button inside markup does: `act(visit, its data)`."""
        self._acts[name] = act

    def wire(self, demo: gr.Blocks) -> None:
        """Connect everything, once all components are there."""
        pieces = list(self._components.values())
        asked, told = [self.seat, self.seen], [self.seen, self.remembered, *pieces]
        quick = {"queue": False, "show_progress": "hidden", "show_progress_on": [], "api_visibility": "private"}
        quick["preprocess"] = False  # the Studio checks what is typed or chosen; only files have to be looked for
        for trigger, action, inputs, shown in self._wishes:
            more = {"preprocess": not all(isinstance(one, PLAIN) for one in inputs)}
            trigger(self._answer(action, shown), [*asked, *inputs], told, **{**quick, **more})
        for piece in pieces:
            if isinstance(piece, gr.HTML):
                piece.click(self._dispatch(), asked, told, trigger_mode="multiple", **quick)
        demo.load(self._arrive(), [self.seat, self.remembered, self.visitor], [self.visitor, *told], **quick)
        first = self._send(self.scene(self.studio, Place()), Screen(), NONE)[0]
        self._first = replace(first, pulse=None)
        self.seat.value = Seat(self._first)
        self.timer.tick(self._tick, asked, told, **quick)
        if self.studio.configuration.granted:
            self.timer.tick(self._work, [self.seat], None, trigger_mode="once", **quick)

    # --------------------------------------------------------------------------------------- answering

    def _answer(self, action: Action, shown: str) -> Callable[..., Any]:
        def click(seat: Seat, seen: int, *values: Any) -> Any:
            page = self._after(seat, seen, lambda visit: action(visit, *values))
            return {piece: update for piece, update in page.items() if piece is not self._components.get(shown)}

        return click

    def _dispatch(self) -> Callable[..., Any]:
        def dispatch(seat: Seat, seen: int, event: gr.EventData) -> Any:
            data = {key: str(value) for key, value in event._data.items()}
            act = self._acts.get(data.get("do", ""), lambda visit, data: visit.place)
            return self._after(seat, seen, lambda visit: act(visit, data))

        return dispatch

    def _arrive(self) -> Callable[..., Any]:
        def arrive(seat: Seat, remembered: str, visitor: str, request: gr.Request) -> dict[Any, Any]:
            known = "" if remembered in (None, NOTHING) else remembered
            place = Place.from_query(dict(request.query_params), known)
            place = place if place.tab in self.tabs else replace(place, tab=self.tabs[0])
            asked = bool(request.query_params.get("project"))
            with seat.turn:
                seat.screen = self._first
                secret, seat.studio = self._reception.welcome(visitor or "")
                page = self._page(seat, NONE, place, forgive=not asked)
            return {self.visitor: secret, **page} if self.public else page

        return arrive

    def _after(self, seat: Seat, seen: int, action: Callable[[Visit], Place]) -> Any:
        click, before, screen, studio = next(seat.clicks), seat.place, seat.screen, seat.studio
        if screen.pulse is None or studio is None:
            return gr.skip()
        try:
            after = action(Visit(studio, before, screen))
        except GreenlightError as error:
            after = replace(before, notice=Notice(str(error), bad=True))
        except Exception:
            LOG.exception("a click failed")
            after = replace(before, notice=Notice(STUMBLED, bad=True))
        with seat.turn:  # another click may have led elsewhere meanwhile
            return self._page(seat, seen, seat.moved(click, before, after))

    def _page(self, seat: Seat, seen: int, place: Place, forgive: bool = False) -> dict[Any, Any]:
        scene = self.scene(seat.studio or self.studio, place, forgive)
        seat.place = scene.place
        seat.screen, updates = self._send(scene, seat.screen, seen)
        return {self.seen: seat.screen.number, self.remembered: scene.place.project or NOTHING, **updates}

    def _tick(self, seat: Seat, seen: int) -> Any:
        with seat.turn:
            scene = self.scene(seat.studio or self.studio, seat.place)
            if seat.screen.pulse in (None, scene.pulse):  # None: the page has not arrived yet
                return gr.skip()
            seat.screen, updates = self._send(scene, seat.screen, seen)
            return {self.seen: seat.screen.number, **updates} if updates else gr.skip()

    def _work(self, seat: Seat) -> None:
        """Where the host grants its GPU to calls: make this person's next take inside this one."""
        try:
            if seat.studio is not None:
                seat.studio.work()
        except GreenlightError as error:
            LOG.error("a take could not be made: %s", error)

    def scene(self, studio: Studio, place: Place, forgive: bool = False) -> Scene:
        """Look up what is true now at a place; a project that is not there leads to the start page."""
        view: ProjectView | None = None
        queue, projects = NO_QUEUE, tuple[ProjectSummary, ...]()
        shelf: ShelfView | None = None
        measured: tuple[Measurement, ...] = ()
        looked: tuple[Looked, ...] = ()
        try:
            queue = studio.queue()
            projects = studio.projects() if place.tab in ("projects", "evaluate") or place.picking else ()
            shelf = studio.shelf.view() if place.tab == "models" and not self.public else None
            measured = studio.measuring.view() if place.tab == "evaluate" and not self.public else ()
            if measured and place.measurement and place.opened[0]:
                looked = studio.measuring.looked(place.measurement, *place.opened)
            view = studio.view(place.project) if place.project else None
        except GreenlightError as error:
            silent = forgive and isinstance(error, UnknownProjectError)
            place = Place(tab=place.tab, notice=None if silent else Notice(str(error), bad=True))
        scene = Scene(studio, place, queue, projects, shelf=shelf, measurements=measured, looked=looked)
        if view is None:
            return scene
        stage = present.stage_named(view, place.stage)
        return replace(scene, view=view, stage=stage, take=present.take_shown(stage, place.take))

    def _send(self, scene: Scene, screen: Screen, seen: int) -> tuple[Screen, dict[Any, Any]]:
        sent, news = answer(self._painters, scene, screen, seen)
        return sent, {self._components[name]: gr.update(**shown.props) for name, shown in news.items()}
