"""An agent whose videos are judged before they are handed over, where the stage's `critic` setting says so.

What the judges think is written among the take's facts: it lasts with the take, and whoever shows it, proposes the best
one or approves needs no model (engine.panel).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from engine import panel
from engine.agent import Agent, Draft, Input, Progress, Reporter
from engine.panel import QUESTIONS, Judge
from engine.types import Kind, Settings

SWITCH = "critic"
"""The setting."""
POCKET = "pocket"
"""The model whose world the judges know."""


class Judged:
    """The agent itself, in all but what it adds."""

    def __init__(self, agent: Agent, judges: Callable[[bool], Sequence[Judge]]) -> None:
        """judges: brings them, for the pocket world or for any other; raises WeightsMissingError where nobody can
        look."""
        self._agent = agent
        self._judges = judges

    @property
    def name(self) -> str:
        """See Agent."""
        return self._agent.name

    @property
    def needs(self) -> frozenset[str]:
        """See Agent."""
        return self._agent.needs

    @property
    def takes(self) -> frozenset[str]:
        """See Agent."""
        return self._agent.takes

    @property
    def yields(self) -> Kind:
        """See Agent."""
        return self._agent.yields

    def run(self, inputs: Mapping[str, Input], seed: int, settings: Settings, reporter: Reporter) -> Draft:
        """The agent's draft. With the setting `critic` also each judge's opinion among its facts.

        Raises what the agent raises; WeightsMissingError before anything is drawn, where there is no critic.
        """
        if not settings.get(SWITCH):
            return self._agent.run(inputs, seed, _own(settings), reporter)
        judges = self._judges(settings.get("profile", POCKET) == POCKET)
        draft = self._agent.run(inputs, seed, _own(settings), reporter)
        reporter.report(Progress("judging"))
        asked = str(settings.get(QUESTIONS) or "")
        given = {**inputs, QUESTIONS: asked} if asked else inputs
        found = [(one.name, said) for one in judges if (said := one.opinion(draft.data, given)) is not None]
        return Draft(
            kind=draft.kind,
            data=draft.data,
            suffix=draft.suffix,
            settings={**draft.settings, SWITCH: True, **({QUESTIONS: asked} if asked else {})},
            model=draft.model,
            revision=draft.revision,
            facts={**draft.facts, **panel.facts(found)},
        )


def _own(settings: Settings) -> Settings:
    """The settings without those that are the judges'."""
    return {name: value for name, value in settings.items() if name not in (SWITCH, QUESTIONS)}
