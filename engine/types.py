"""The vocabulary of Greenlight: the nouns that every room speaks, and nothing else. What an agent is: engine.agent.

Standard library only. Everything here is frozen data; behaviour lives in the rooms that use it.
Durations are seconds, sizes are pixels or bytes as the name says, times are ISO 8601 in UTC.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

Value = str | int | float | bool | None
Settings = Mapping[str, Value]
Kind = Literal["prompt", "image", "mask", "boxes", "video", "score", "audio", "state"]
Honour = Literal["prompt", "negative_prompt", "guidance", "last_image"]
Status = Literal["locked", "ready", "queued", "running", "waiting", "approved", "stale", "failed", "cancelled"]


@dataclass(frozen=True, slots=True)
class ModelProfile:
    """One row of the model table: which model does which jobs, and what it asks for in return."""

    name: str
    """Short and stable, written into every take: `pocket`."""
    title: str
    """What a person reads."""
    repository: str
    """A hub repository, or a folder below the project's root."""
    revision: str | None
    """The commit to load; `None`: what a folder holds, or what the hub had at the first download, pinned then."""
    licence: str
    """SPDX identifier, or the name that its makers gave it."""
    jobs: tuple[str, ...]
    """Names of the agents it can serve: `text_to_image`, `image_to_video`."""
    memory_gib: float
    """Working memory for one job."""
    defaults: Settings
    """Settings used where a stage says nothing (steps, guidance_scale, …)."""
    sizes: tuple[tuple[int, int], ...]
    """Frame sizes (width, height) it was trained for, the default first."""
    frame_counts: tuple[int, ...]
    """Clip lengths in frames, the default first; empty for a model of still images."""
    fps: int | None
    """Frames a second of its videos; `None` for a model of still images."""
    driver: str = "pocket"
    """The family of pipelines that it belongs to: see engine/models/driving."""
    refiner: str | None = None
    """A second repository, whose model does the last steps; `None`: it finishes by itself."""
    honours: tuple[Honour, ...] = ("prompt", "negative_prompt", "guidance", "last_image")
    """What of a wish it looks at: a model may read no words, or not be told where to arrive."""
    contexts: tuple[int, ...] = ()
    """How many frames of a clip it can go on from, the default first; empty: any number."""
    disk_gib: float = 0.0
    """Size of its files; 0 for one that ships."""
    memory_by_mode: Mapping[str, float] = field(default_factory=dict[str, float])
    """How it is held (`device`, `model offload`, `group offload`) -> GiB on the device, estimated until measured."""
    gpu: bool = False
    """Whether it is of no use without a GPU."""
    restrictions: str = ""
    """What the licence asks or forbids, in words; empty where nothing needs saying."""
    loras: tuple[str, ...] = ()
    """LoRAs that it always wears, as engine.models.lora.naming reads them; a path may stand for a name."""
    without: tuple[str, ...] = ()
    """Means to make it sooner that are not used for it: names of engine.models.speed.switches."""
    defaults_by_job: Mapping[str, Settings] = field(default_factory=dict[str, Settings])
    """Job -> what stands there in the place of `defaults`."""
    borrowed: Mapping[str, str] = field(default_factory=dict[str, str])
    """Component -> the hub's repository that it comes from in place of the row's own, `owner/name` or with a folder."""

    def defaults_for(self, job: str) -> Settings:
        """Settings used where a stage of this job says nothing."""
        return {**self.defaults, **self.defaults_by_job.get(job, {})}


@dataclass(frozen=True, slots=True)
class Artifact:
    """One file that a stage made, named by its content."""

    kind: Kind
    """What it is."""
    sha256: str
    """Hex digest of the file's bytes; also its name in the store."""
    suffix: str
    """`.png`, `.mp4`, `.json`: with its dot."""
    size_bytes: int
    """Length of the file."""
    agent: str
    """Who made it: an agent's name, or `person`."""
    parents: tuple[str, ...] = ()
    """Digests of the artifacts it was made from."""
    seed: int | None = None
    """Random seed, where one was used."""
    settings: Settings = field(default_factory=dict[str, Value])
    """Every setting in force when it was made."""
    model: str | None = None
    """Name of the ModelProfile, or of the language model."""
    revision: str | None = None
    """Which weights: hub commit, or digest of the shipped files."""
    facts: Settings = field(default_factory=dict[str, Value])
    """What was measured on it: width, height, frames, fps, seconds."""


@dataclass(frozen=True, slots=True)
class Take:
    """One attempt at a stage, and the artifact that it gave. Never overwritten."""

    id: str
    """Unique in the project; the job that makes it carries the same id."""
    stage: str
    """Name of the stage."""
    number: int
    """1, 2, 3 … within the stage, in order of recording."""
    artifact: Artifact
    """What came out."""
    inputs: Mapping[str, str]
    """Need name -> fingerprint (sha256) of what it was made from: tells when it is stale."""
    seconds: float
    """How long it took."""
    at: str
    """When it was recorded."""
    name: str | None = None
    """What the person called it."""


@dataclass(frozen=True, slots=True)
class Need:
    """One input of a stage, and where it comes from."""

    name: str
    """What the agent calls it: `scene`, `image`."""
    source: str
    """A stage's name, or `request` for what the person gave at the start."""
    field: str | None = None
    """A field of a prompt, `first_frame` of a video, `prompt` or an upload's name of the request; `None`: all of it."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One stop on the road: an agent, its inputs, and whether it waits for the person."""

    name: str
    """Stable identifier: `prompt`, `key_frame`, `video`."""
    title: str
    """What a person reads."""
    agent: str
    """Name of the agent that runs it."""
    yields: Kind
    """Kind of artifact that it gives."""
    needs: tuple[Need, ...]
    """Its inputs; each source stands earlier in the task."""
    settings: Settings = field(default_factory=dict[str, Value])
    """Defaults of this stage; the request and a retry may override them."""
    fields: tuple[str, ...] = ()
    """Names of the fields of the prompt that it yields, in order; empty for every other kind."""
    waits: bool = True
    """Whether approval is asked for (False: approved as made)."""
    tries: int = 3
    """Automatic tries at most, then it asks the person (three, as in Mora); 1 where another would give the same."""
    optional: bool = False
    """Whether it is only offered, at the road's end: made when the person asks for it, and finished without it."""


@dataclass(frozen=True, slots=True)
class Task:
    """The road of one request: a name, a purpose, and its stages in order."""

    name: str
    """`text-to-video`"""
    title: str
    """What a person reads."""
    purpose: str
    """One sentence."""
    asks: tuple[str, ...]
    """What must be given: `prompt`, and names of uploads."""
    stages: tuple[Stage, ...]
    """The road."""


@dataclass(frozen=True, slots=True)
class Request:
    """What the person asked for at the start. Never overwritten."""

    task: str
    """Name of the Recipe."""
    prompt: str
    """As typed."""
    uploads: Mapping[str, str] = field(default_factory=dict[str, str])
    """`image`, `last_image`, `video`, `second_video` -> file name in the project's store: `<sha256>.png` (a picture,
    upright), `<sha256>.mp4` (a video, byte for byte as it came)."""
    options: Settings = field(default_factory=dict[str, Value])
    """Choices about the whole road: `segments`, `direction`, …; what is not there is the recipe's default."""
    seed: int = 0
    """Seed of the first take of every stage; take n of a stage uses a seed derived from it."""
    settings: Mapping[str, Settings] = field(default_factory=dict[str, Settings])
    """Stage name -> settings that override the stage's own."""
    automatic: tuple[str, ...] = ()
    """Stages approved without asking; all of them for 'approve all'."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """One kind of work: what it asks for, what it may be told, and the road that a request takes then."""

    name: str
    """`text-to-video`"""
    title: str
    """What a person reads."""
    purpose: str
    """One sentence."""
    asks: tuple[str, ...]
    """What must be given: `prompt`, and names of uploads."""
    takes: tuple[str, ...]
    """Names of uploads that may be given."""
    options: Settings
    """Choices about the whole road -> their defaults."""
    stages: Callable[[Request], tuple[Stage, ...]]
    """The road of a request whose options are complete and whose uploads are named."""
    jobs: tuple[str, ...] = ()
    """What some model must be able to do for it: names of agents; see ModelProfile.jobs."""
    either: tuple[tuple[str, ...], ...] = ()
    """Sets of uploads, one of which must be given whole and no other; empty: `asks` says all."""
