"""What a project does next without the person: pure functions from where it stands to events.

The one place that knows automatic approval: a take at a time, at most `Stage.tries` of them, then the person is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from engine import decisions, panel
from engine.approval import Verdict
from engine.decisions import Wish
from engine.events import Event
from engine.seen import ProjectView, StageView
from engine.types import Take


def to_judge(view: ProjectView) -> Take | None:
    """The take that the approver must look at before the project can go on; `None` when there is none."""
    shown = view.open_stage
    return _candidate(shown) if shown.status == "waiting" and _automatic(view, shown) else None


def next_events(
    view: ProjectView, judged: tuple[Take, Verdict] | None, approver: str, new_id: Callable[[], str]
) -> Sequence[Event]:
    """What happens now, given the verdict on `to_judge`; empty when the project waits for somebody."""
    shown = view.open_stage
    stage, automatic = shown.stage, _automatic(view, shown)
    if (shown.status == "ready" and not stage.optional) or (
        shown.status == "stale" and automatic and shown.inputs is not None
    ):
        wish = Wish(takes=1, who="automatic") if automatic else Wish()
        return decisions.ask(view, stage.name, wish, new_id)
    if shown.status != "waiting" or not automatic:
        return ()
    take = _candidate(shown)
    if take is None:
        again = Wish(takes=1, who="automatic")
        return decisions.ask(view, stage.name, again, new_id) if shown.tries < stage.tries else ()
    if judged is None or judged[0].id != take.id:
        return ()
    if judged[1].undecided:
        return decisions.automatic(view, [name for name in view.automatic if name != stage.name])
    if judged[1].approved:
        return decisions.approve(view, stage.name, take.id, who=judged[1].who or approver)
    return decisions.turn_down(view, take, judged[1].reason, judged[1].who or approver)


def model_ahead(view: ProjectView) -> str | None:
    """The model that the stage after the open one will ask for; `None` where none comes, or it needs none."""
    later = view.stages[view.stages.index(view.open_stage) + 1 :]
    wanted = (decisions.settings_of(view, shown).get("profile") for shown in later if shown.status != "approved")
    name = next(wanted, None)
    return name if isinstance(name, str) else None


def _automatic(view: ProjectView, shown: StageView) -> bool:
    return shown.stage.name in view.automatic or not shown.stage.waits


def _candidate(shown: StageView) -> Take | None:
    """Of the takes of today's inputs that were not turned down the one that the critic likes best, else the oldest."""
    left = [take for take in shown.takes if take.inputs == shown.inputs and take.id not in shown.turned_down]
    return max(left, key=panel.score, default=None)
