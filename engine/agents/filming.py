"""What every agent that draws does: read its settings, borrow the model, denoise, and wrap up what came out.

One denoising run a take, told step by step; whatever the reporter raises ends it. Knows no agent.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

import numpy as np
from PIL import Image

from engine.agent import Draft, Reporter
from engine.agents.choices import held_by, one_of, over, sooner, whole
from engine.agents.facts import noted, video_facts
from engine.agents.reporting import StepReport
from engine.media.images import encode_png, fit
from engine.media.videos import Frames, encode_video
from engine.media.writing import Writing
from engine.models import wishes
from engine.models.denoising import denoise
from engine.models.lease import Lease, Work
from engine.models.lora.finding import Lora, find
from engine.models.lora.naming import parse
from engine.models.memory.holding import Loaded
from engine.models.memory.modes import Mode
from engine.models.profiles import POCKET
from engine.models.script import Sampling, Script, sampling
from engine.models.speed.gear import Wanted
from engine.models.speed.ways import EXACT, STOCK, Way
from engine.pocket.grammar import unplaced
from engine.pocket.steering import HEADINGS, Control, steer
from engine.pocket.steering import NONE as NO_CONTROL
from engine.pocket.vocabulary import SPEEDS
from engine.types import ModelProfile, Settings, Value

STILL_FPS: Final = 1
_WAYS: Final = {"left": "to the left", "right": "to the right", "up": "upwards", "down": "downwards"}
_PACES: Final = {"slow": "slowly", "quick": "quickly"}
"""Headings and speeds as anybody words them."""
NONE: Final[Settings] = MappingProxyType({})


@dataclass(frozen=True)
class Plan:
    """How one run will be made: the model, and its settings, complete and checked."""

    row: ModelProfile
    sampling: Sampling
    settings: Settings
    """As the stage has them."""
    loras: tuple[Lora, ...] = ()
    """What the model wears: what its row says, then what the stage does."""
    whole: bool = False
    """Whether the frames become a video as they are, so that they may be encoded as they come."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        return self.sampling.width, self.sampling.height

    @property
    def fps(self) -> int:
        """Frames a second of the run; of a still picture, one."""
        return STILL_FPS if self.sampling.frames == 1 else self.row.fps or STILL_FPS


@dataclass(frozen=True)
class Shot:
    """What a run gave."""

    plan: Plan
    frames: Frames
    revision: str
    """Which weights made it."""
    notes: tuple[str, ...] = ()
    """Sentences on how it was made: memory that ran out, words that the model did not read."""
    mode: Mode | None = None
    """How the model was held, where that was chosen."""
    way: Way = STOCK
    """What made it sooner."""
    sooner: str = ""
    """That in words, where it rounds or leaves something out."""
    written: bytes | None = None
    """All frames as an MP4, where they were encoded as they came."""
    account: str = ""
    """What compiling would cost and save, as far as it is known."""
    gpus: int = 1
    """Over how many it was spread."""

    def image(self, chosen: Settings = NONE, note: str = "", measured: Settings = NONE) -> Draft:
        """The first frame as a PNG draft: `chosen` are the agent's own settings, `measured` its own facts, `note` a
        sentence for the person."""
        width, height = self.plan.size
        facts = {"width": width, "height": height, **self._held, **measured, **noted(self._all(note))}
        data = encode_png(Image.fromarray(self.frames[0]))
        return self._draft(Draft("image", data, ".png", chosen, facts=facts))

    def video(self, frames: Frames, chosen: Settings = NONE, note: str = "") -> Draft:
        """These frames (a part of the run's, perhaps mended) as an MP4 draft."""
        chosen = {"frames": self.plan.sampling.frames, **chosen}
        facts = {**video_facts(frames, self.plan.fps), **self._held, **noted(self._all(note))}
        data = self.written if frames is self.frames and self.written else encode_video(frames, self.plan.fps)
        return self._draft(Draft("video", data, ".mp4", chosen, facts=facts))

    def _all(self, note: str) -> str:
        """The agent's note, and those of the run."""
        return " ".join(part for part in (note, *self.notes) if part)

    @property
    def _held(self) -> dict[str, Value]:
        """How the model was held and hurried, as facts; nothing of a model that ships."""
        found: dict[str, Value] = {}
        if self.mode is not None:
            found["memory"] = self.mode.name + ("" if self.mode.exact else " (approximate)")
        if self.plan.row.gpu:
            found["sooner"] = self.sooner
        if self.gpus > 1:
            found["gpus"] = self.gpus
        return {**found, **({"compiling": self.account} if self.account else {})}

    def _draft(self, draft: Draft) -> Draft:
        """With the settings that were in force and the model's name."""
        plan = self.plan
        gone = {} if self.way in (STOCK, EXACT) else {"sooner": self.way.name}  # a recipe's frames are made alike
        settings = {**plan.settings, **gone, "profile": plan.row.name, **plan.sampling.as_settings(), **draft.settings}
        return Draft(draft.kind, draft.data, draft.suffix, settings, plan.row.name, self.revision, draft.facts)


def planned(lease: Lease, settings: Settings, frames: int | None = None, job: str = "") -> Plan:
    """The run that the settings ask for: profile, steps, guidance_scale, loras, and frames unless they are given.

    job: where the model's defaults differ from job to job. A LoRA's own steps and guidance come before the model's.
    Raises SettingError for a profile that is not there, or a value outside its range, and what
    engine.models.lora.finding.find raises.
    """
    row = lease.profile(settings)
    row = replace(row, defaults=row.defaults_for(job))
    chosen = find(parse(str(settings.get("loras") or "")))
    own = find(parse(", ".join(row.loras), paths=True))
    if chosen:
        wanted = {name: value for one in chosen if one.wanted.weight for name, value in one.defaults.items()}
        row = replace(row, defaults={**row.defaults, **wanted})
        settings = {**settings, "loras": ", ".join(one.label for one in chosen)}
    worn = {one.path: one for one in (*own, *chosen)}
    count = frames or int(settings.get("frames") or next(iter(row.frame_counts), 1))
    return Plan(row, sampling(row, settings, count), settings, tuple(worn.values()))


def shoot(lease: Lease, plan: Plan, script: Script, seed: int, reporter: Reporter) -> Shot:
    """Make the frames. Raises WishError, before anything is loaded, for what the model would ignore or cannot take;
    and what the lease and the reporter raise: no weights, no memory, cancelled."""
    wishes.check(plan.row, script, plan.sampling)
    way = sooner(plan.settings)
    report = StepReport(reporter, plan.fps)
    told: list[str] = []

    def tell(line: str) -> None:
        told.append(line)
        report.saying(line)

    work = Work(plan.row, plan.sampling, tell, held_by(plan.settings))
    report.waiting()

    def make(loaded: Loaded) -> Shot:
        """From the beginning, each time that it is tried."""
        loaded.wardrobe.change(plan.row.title, plan.loras)
        worn = tuple(one.label for one in plan.loras)
        writing.begin()
        gpus = loaded.spread.chosen(over(plan.settings), bool(worn))
        loaded.spread.over(gpus)
        frames, gone = loaded.gear.run(
            Wanted(way if gpus == 1 else STOCK, work.shape, worn, tell, writing if plan.whole else None),
            report.step,
            lambda on_step: denoise(loaded, script, plan.sampling, seed, on_step),
        )
        account = loaded.gear.account(work.shape) if plan.row.gpu else ""
        sped = gone.label + (", decoded in bfloat16" if loaded.gear.rounded else "")
        revision = " with ".join([loaded.revision, *worn])
        shot = Shot(plan, frames, revision, mode=loaded.mode, way=gone, sooner=sped, account=account)
        return replace(shot, gpus=gpus)

    with Writing(plan.fps) as writing:
        shot = lease.run(work, make)
        if plan.sampling.frames > 1:
            report.encoding()
        notes = tuple(line for line in (*told, wishes.unheard(plan.row, script)) if line)
        return replace(shot, notes=notes, written=writing.finished(shot.frames))


def context_of(plan: Plan, settings: Settings, usual: int, most: int) -> int:
    """The setting `context`: how many frames of a clip the model sees, 1 to `most`; the model's own number where
    nothing is said, or the `usual` one of a model that takes any. Raises SettingError."""
    return whole(settings, "context", min(next(iter(plan.row.contexts), usual), most), (1, most))


def held(plan: Plan, wanted: int, there: int) -> int:
    """As many of the wanted frames as are there; of a clip that is too short, as many as the model can go on from."""
    if there >= wanted:
        return wanted
    return max((count for count in plan.row.contexts if count <= there), default=there)


def directed(plan: Plan, scene: str, motion: str, placed: bool = True) -> tuple[str, str]:
    """What the video model reads, with the settings `heading` and `speed` in its motion; and a note on what of these it
    cannot follow. `placed`: whether things still stand where the scene says.

    The pocket world's motion is worded anew, in its own grammar; other models read a sentence more.
    Raises SettingError for another heading or speed.
    """
    heading = one_of(plan.settings, "heading", (NO_CONTROL, *HEADINGS))
    speed = one_of(plan.settings, "speed", (NO_CONTROL, *SPEEDS))
    if plan.row.driver != POCKET.driver:
        way = [word for word in (_WAYS.get(heading), _PACES.get(speed)) if word]
        return join_prompt(scene, f"{motion.strip()} It moves {' '.join(way)}." if way else motion), ""
    steered = steer(motion, Control(heading, speed), scene=scene if placed else "")
    return join_prompt(scene if placed else unplaced(scene), steered.motion), " ".join(steered.notes)


def join_prompt(scene: str, motion: str) -> str:
    """Scene and motion as the one sentence pair that a video model reads."""
    return ". ".join(part for part in (scene.strip().rstrip("."), motion.strip()) if part)


def fitted(frames: Frames, size: tuple[int, int]) -> Frames:
    """The frames at a size (width, height), cropped evenly where the aspect differs."""
    if frames.shape[2:0:-1] == size:
        return frames
    return np.stack([np.asarray(fit(picture, size, "crop")) for picture in pictures(frames)])


def pictures(frames: Frames) -> list[Image.Image]:
    """The frames one by one, as the pipeline takes known ones."""
    return [Image.fromarray(np.ascontiguousarray(frame)) for frame in frames]
