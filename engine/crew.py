"""Who works here: the table of agents, and how each is made. Nothing heavy is imported before an agent is wanted.

Only the worker makes agents; the page reads the table's names and lanes.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from threading import Lock
from typing import TYPE_CHECKING

from engine.agent import Agent
from engine.configuration import LanguageModel
from engine.errors import WeightsMissingError
from engine.judging import Judged
from engine.models.memory.modes import Mode
from engine.runner import AgentRow
from engine.types import ModelProfile

if TYPE_CHECKING:
    from engine.models.chat import Chat
    from engine.models.lease import Lease
    from engine.panel import Judge

Choice = Callable[[], LanguageModel | None]
"""Says which language model is chosen now."""


DRAWING = (
    "text_to_image",
    "image_to_video",
    "extender",
    "connector",
    "image_editor",
    "video_editor",
    "detector",
    "inpainter",
    "world_stepper",
    "action_namer",
)
"""Agents that hold the device while they work."""
HANDS = (
    "frame_fitter",
    "video_fitter",
    "film_cutter",
    "mask_maker",
    "mask_tracker",
    "background_refiner",
    "film_returner",
    "world_filmer",
)
"""Agents that need no model."""


JUDGED = ("image_to_video", "extender", "connector", "video_editor")
"""Of those, who makes a video by words: where it is wanted, judges look at it."""


class Crew:
    """The agents of one process: those that compute share one lease of the device."""

    def __init__(
        self,
        language_model: Choice,
        rows: Sequence[ModelProfile] | None = None,
        lease: Callable[[], Lease] | None = None,
        mode: Mode | None = None,
    ) -> None:
        """rows: the models that its agents know; the table's where nothing is said. lease: makes the shared one. mode:
        how it holds them; `None`: as the estimate says."""
        self._language_model = language_model
        self._rows = rows
        self._make = cache(lease or partial(_lease, rows, mode))
        self._pocket_judges = cache(partial(_judges, self._make))
        self._bringing = Lock()
        """Held by whoever imports torch and diffusers: two threads that do so at once find modules half made. Nobody
        loads a model or waits for the device with it."""

    def lease(self) -> Lease:
        """The one lease of this process, whichever thread asks; whoever draws is imported with it."""
        with self._bringing:
            _drawers()
            return self._make()

    def lent(self) -> Lease | None:
        """The lease, if it was ever asked for: making one brings torch."""
        return self.lease() if self._make.cache_info().currsize else None

    @property
    def table(self) -> Mapping[str, AgentRow]:
        """Name of the agent -> how it is made, and the lane of its jobs."""
        return {
            "prompt_writer": AgentRow(self._prompt_writer, "words"),
            **{name: AgentRow(partial(_hand, name, self._rows), "words") for name in HANDS},
            **{name: AgentRow(partial(self._drawing, name), "device") for name in DRAWING},
        }

    def _prompt_writer(self) -> Agent:
        from engine.agents.prompt_writer import PromptWriter

        choice = self._language_model()
        return PromptWriter(None if choice is None else chat(choice))

    def _drawing(self, name: str) -> Agent:
        lease = self.lease()
        if name == "world_stepper":
            choice = self._language_model()
            return _drawers()[name](lease, None if choice is None else chat(choice))
        agent = _drawers()[name](lease)
        return Judged(agent, self._judges) if name in JUDGED else agent

    def _judges(self, pocket: bool) -> Sequence[Judge]:
        """Who can look at a video: the pocket world's judges at its own, a language model that sees at any other.

        Raises WeightsMissingError where nobody can.
        """
        if pocket:
            return self._pocket_judges()
        choice = self._language_model()
        if choice is None:
            what = "Nobody is here who could look at this model's videos"
            raise WeightsMissingError(what, "Set a language model up that sees pictures, or switch the critic off.")
        from engine.evaluate.opinions import LanguageOpinion

        return (LanguageOpinion(chat(choice)),)


def _drawers() -> Mapping[str, Callable[..., Agent]]:
    """How each of DRAWING is made. Brings torch and diffusers."""
    from engine.agents.action_namer import ActionNamer
    from engine.agents.connector import Connector
    from engine.agents.detector import Detector
    from engine.agents.extender import Extender
    from engine.agents.image_editor import ImageEditor
    from engine.agents.image_to_video import ImageToVideo
    from engine.agents.inpainter import Inpainter
    from engine.agents.text_to_image import TextToImage
    from engine.agents.video_editor import VideoEditor
    from engine.agents.world_stepper import WorldStepper

    return {
        "text_to_image": TextToImage,
        "image_to_video": ImageToVideo,
        "extender": Extender,
        "connector": Connector,
        "image_editor": ImageEditor,
        "video_editor": VideoEditor,
        "detector": Detector,
        "inpainter": Inpainter,
        "world_stepper": WorldStepper,
        "action_namer": ActionNamer,
    }


def _judges(lease: Callable[[], Lease]) -> Sequence[Judge]:
    """The pocket world's two judges, on the CPU: they are small, and the device has others to hold.

    Raises WeightsMissingError where no critic was trained.
    """
    import torch

    from engine.evaluate.opinions import CriticOpinion, pocket_judge
    from engine.models.lease import ROOT
    from engine.models.loader import load

    critic, _ = load(lease().critic(), ROOT, torch.device("cpu"))
    return CriticOpinion(critic), pocket_judge(ROOT / "assets" / "judge")


def _hand(name: str, rows: Sequence[ModelProfile] | None) -> Agent:
    from engine.agents.background_refiner import BackgroundRefiner
    from engine.agents.film_cutter import FilmCutter
    from engine.agents.film_returner import FilmReturner
    from engine.agents.frame_fitter import FrameFitter
    from engine.agents.mask_maker import MaskMaker
    from engine.agents.mask_tracker import MaskTracker
    from engine.agents.video_fitter import VideoFitter
    from engine.agents.world_filmer import WorldFilmer

    agents: Mapping[str, Callable[[], Agent]] = {
        "frame_fitter": partial(FrameFitter, rows),
        "video_fitter": partial(VideoFitter, rows),
        "film_cutter": FilmCutter,
        "film_returner": FilmReturner,
        "world_filmer": WorldFilmer,
        "mask_maker": MaskMaker,
        "mask_tracker": MaskTracker,
        "background_refiner": BackgroundRefiner,
    }
    return agents[name]()


def chat(choice: LanguageModel) -> Chat:
    """The chosen language model, with its key out of the environment."""
    from engine.models.chat import Chat, ChatServer

    key = os.environ.get(choice.key_variable, "")
    return Chat(ChatServer(choice.base_url, choice.model, key, choice.key_variable, choice.timeout_seconds))


def _lease(rows: Sequence[ModelProfile] | None, mode: Mode | None) -> Lease:
    from engine.models.lease import Lease, Terms

    return Lease(rows=rows, terms=Terms(mode))
