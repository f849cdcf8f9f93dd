"""The models of this machine: what is here, what could be, what is on its way, and which new projects begin with.

Only a download that was asked for opens a connection. Threads may share it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial

from engine.errors import GreenlightError, SettingError
from engine.house import ROOT, House
from engine.jobs.pace import PaceHistory
from engine.models import presets, profiles
from engine.models.device import gpu_gib
from engine.models.hub.errands import Errands
from engine.models.hub.fetching import Hub
from engine.models.manifest import MANIFEST, verify
from engine.models.presets import PRESETS
from engine.models.sources import sources_of
from engine.models.stock import Line, folder_of, line
from engine.seen import ModelView, PresetView, ShelfView, Speed
from engine.types import ModelProfile, Request, Task

_LOOK_SECONDS = 10.0
"""How long what was seen on the disk is believed."""


class Shelf:
    """The shelf of one home."""

    def __init__(self, house: House, hub: Hub | None = None, gpu: Callable[[], float | None] = gpu_gib) -> None:
        """hub: where downloads come from; the environment's where nothing is said. gpu: its memory in GiB, if any."""
        hub = hub or Hub.from_environment()
        self._house = house
        self._hub = replace(hub, kept=replace(hub.kept, home=house.configuration.home))
        self._ask_gpu = gpu
        self._choosable = house.profiles
        self._lines: dict[str, Line] | None = None
        self._looked = 0.0
        self._lock = threading.Lock()
        self._errands = Errands(self._hub, self._changed)
        self._paces = PaceHistory(house.configuration.home / "queue" / "pace.json")

    def close(self) -> None:
        """Stop what is on its way; it goes on where it was when it is asked for again."""
        self._errands.close()

    @property
    def choosable(self) -> tuple[ModelProfile, ...]:
        """The models that a stage may use: their weights are here, and the machine can hold them."""
        return self._choosable

    # -------------------------------------------------------------------------------------------- what is seen

    def view(self) -> ShelfView:
        """Everything. Raises StorageError for a record of a download that is damaged."""
        kept = self._hub.kept
        lines, speeds = self._known(), self._speeds()
        known = [row for row in self._rows if not (lines[row.name].folder and lines[row.name].here == "not here")]
        return ShelfView(
            models=tuple(self._model(row, lines, speeds.get(row.name, ())) for row in known),
            presets=self.presets(),
            errands=self._errands.view(),
            free_bytes=kept.disk.free_bytes(kept.root),
            folder=str(kept.root),
            gpu_gib=self._gpu,
        )

    @property
    def critic(self) -> bool:
        """Whether a critic was trained into assets, that can look at videos."""
        return (ROOT / profiles.CRITIC.repository).is_dir()

    @property
    def _rows(self) -> tuple[ModelProfile, ...]:
        return (*self._house.rows, *profiles.DETECTORS)

    @cached_property
    def _gpu(self) -> float | None:
        return self._ask_gpu()

    def _known(self) -> Mapping[str, Line]:
        """How much of each row is here: looked up again once something has come or gone, and now and then, since other
        programs fetch and remove models too."""
        with self._lock:
            known, now = self._lines, time.monotonic()
            if known is None or now - self._looked > _LOOK_SECONDS:
                self._lines = {row.name: line(row, self._hub.kept, ROOT) for row in self._rows}
                self._looked = now
                if known is not None and known != self._lines:
                    self._choose()
            return self._lines or {}

    def _model(self, row: ModelProfile, lines: Mapping[str, Line], speeds: tuple[Speed, ...]) -> ModelView:
        found = lines[row.name]
        ours = {source.repository for source in sources_of(row)}
        others = (
            one for one in self._rows if one is not row and ours & {their.repository for their in sources_of(one)}
        )
        shares = tuple(one.title for one in others) if found.held else ()
        return ModelView(row, found.here, found.size_bytes, self._why_not(row), speeds, shares)

    def _why_not(self, row: ModelProfile) -> str:
        """Why the machine cannot hold a row; empty where it can."""
        if profiles.held_by((row,), lambda: self._gpu):
            return ""
        if self._gpu is None:
            return "It needs a GPU, and this machine shows none from NVIDIA."
        return f"It needs more memory than this machine's GPU has: {self._gpu:.0f} GB."

    def _speeds(self) -> Mapping[str, tuple[Speed, ...]]:
        """Row -> what its jobs took here, as the worker remembers it."""
        found: dict[str, dict[str, Speed]] = {}
        for agent, settings, pace in self._paces.all():
            model = str(settings.get("profile", profiles.POCKET.name))
            found.setdefault(model, {})[agent] = Speed(agent, pace.step_seconds, pace.after_seconds)
        return {model: tuple(jobs.values()) for model, jobs in found.items()}

    # ----------------------------------------------------------------------------------------------- presets

    def presets(self) -> tuple[PresetView, ...]:
        """All of them, the smallest first, and which one is chosen, or proposed while none is."""
        chosen, proposed = self._house.preferences.preset(), presets.for_machine(self._gpu).name
        return tuple(
            PresetView(
                one.name, one.title, one.models,
                "chosen" if one.name == chosen else "proposed" if not chosen and one.name == proposed else "",
            )
            for one in PRESETS
        )  # fmt: skip

    def proposal(self) -> PresetView | None:
        """The preset of this machine, while the person has chosen none and it is more than what ships."""
        found = next((one for one in self.presets() if one.choice == "proposed"), None)
        return None if found is None or found.name == PRESETS[0].name else found

    def choose_preset(self, name: str) -> None:
        """From now on begin new projects with a preset's models, as far as they are here. Raises SettingError."""
        if presets.named(name) is None:
            known = ", ".join(one.name for one in PRESETS)
            raise SettingError("No preset has this name", f"Choose one of: {known}.", value=name[:40])
        self._house.preferences.set_preset(name)

    def begun_with(self, request: Request, task: Task) -> Request:
        """A new request with the chosen preset's models: see engine.models.presets.begun_with."""
        preset, house = presets.named(self._house.preferences.preset()), self._house
        if preset is None:
            return request
        furnished = presets.begun_with(preset, request, task, self._choosable)
        if house.preferences.language_model(house.configuration.language_model) is None or furnished is request:
            return furnished
        writers = {stage.name for stage in task.stages if stage.agent == "prompt_writer"}  # the server writes
        settings = {name: own for name, own in furnished.settings.items() if name not in writers}
        return replace(furnished, settings={**settings, **{n: s for n, s in request.settings.items() if n in writers}})

    # ----------------------------------------------------------------------------------------- coming and going

    def download(self, model: str) -> None:
        """Bring a model, or the rest of it, from its hub; `view` says how far it is. Raises SettingError."""
        self._errands.download(model, sources_of(self._fetched(model)))

    def check(self, model: str) -> None:
        """Read all of a model's files again; `view` says what came out. Raises SettingError for an unknown name."""
        row = profiles.profile(model, self._rows)
        self._errands.check(model, partial(self._problems, row))

    def stop(self, model: str) -> None:
        """End what is under way for a model; what came is kept."""
        self._errands.stop(model)

    def dismiss(self, model: str) -> None:
        """Look no more at how it ended."""
        self._errands.dismiss(model)

    def remove(self, model: str) -> int:
        """Remove a model's files from the disk; returns the bytes freed.

        Raises SettingError for a model that is being downloaded, ships, or lies in a folder of one's own;
        WeightsMissingError, StorageError.
        """
        row = self._fetched(model)
        if self._errands.under_way(model):
            raise SettingError("The model is being downloaded or read", "Stop that first.", value=row.title)
        kept = self._hub.kept
        every = [(source.repository, source.revision) for source in sources_of(row)]
        there = [one for one in every if kept.stock(*one).commit] or every[:1]
        try:
            return sum(kept.remove(*one) for one in there)
        finally:
            self._errands.dismiss(model)
            self._changed()

    def _fetched(self, model: str) -> ModelProfile:
        """The row of a model that comes from a hub. Raises SettingError."""
        row = profiles.profile(model, self._rows)
        if folder_of(row, ROOT) is not None:
            raise SettingError("This model comes from no hub", "It stays as it is.", value=row.title)
        return row

    def _problems(self, row: ModelProfile) -> Sequence[GreenlightError]:
        """What is wrong with a model's files. Raises WeightsMissingError, StorageError, WeightsAlteredError."""
        folder = folder_of(row, ROOT)
        if folder is not None:
            if (folder / MANIFEST).is_file():
                verify(folder)
            return ()
        every = [(source.repository, source.revision) for source in sources_of(row)]
        return [problem for one in every for problem in self._hub.kept.check(*one)]

    def _changed(self) -> None:
        """Look again what is here and can be chosen, after something came or went."""
        with self._lock:
            self._lines = None
            self._choose()

    def _choose(self) -> None:
        rows = profiles.held_by(profiles.here(ROOT, self._house.rows), lambda: self._gpu)
        self._choosable = profiles.choosable(rows)
