"""What a person reads and may do next: pure functions from the engine's nouns to words, marks and choices.

No HTML and no Gradio here: the parts draw what these functions decide.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from engine.seen import Job, ProjectView, StageView
from engine.types import Status, Take
from engine.worlds import STEPPER
from ui.offered import settings_of

Tone = Literal["quiet", "busy", "wait", "good", "warn", "bad"]
Intent = Literal["", "approve", "use", "next", "make", "mend", "download"]


@dataclass(frozen=True, slots=True)
class Mark:
    """A status as a word, a shape and a colour."""

    word: str
    """What a person reads."""
    icon: str
    """Name of a drawing in assets/icons.svg."""
    tone: Tone
    """Which of the page's few colours."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be done with the take on screen: one main thing, and others beside it."""

    intent: Intent = ""
    """What the primary button does; empty while there is nothing to decide."""
    label: str = "Working on it"
    """What the primary button says."""
    again: str = ""
    """Label of the button that asks for another take; empty where none can be made."""
    keep: bool = False
    """Whether the stale take may be kept as it is."""
    edit: bool = False
    """Whether the picture editor can open."""
    upload: bool = False
    """Whether a picture can be put in its place."""
    stop: bool = False
    """Whether something is under way that can be stopped."""
    withdraw: bool = False
    """Whether the approval can be taken back."""


MARKS: dict[Status, Mark] = {
    "locked": Mark("later", "locked", "quiet"),
    "ready": Mark("ready when you are", "ready", "quiet"),
    "queued": Mark("queued", "queued", "busy"),
    "running": Mark("being made", "running", "busy"),
    "waiting": Mark("waiting for you", "waiting", "wait"),
    "approved": Mark("approved", "approved", "good"),
    "stale": Mark("out of date", "stale", "warn"),
    "failed": Mark("did not work", "failed", "bad"),
    "cancelled": Mark("stopped", "cancelled", "quiet"),
}
OFFERS = {"offline-writer": "Use the offline writer"}
LOOK_FOR = {
    "detector": "Switch off what should stay as it is.",
    "mask_maker": "Only what is coloured may change. Edit it, where it covers too much or too little.",
    "mask_tracker": "What is coloured may change. Go through the frames: where the mask slips off, edit it there.",
    "inpainter": "This is how the video will end. Outside the mask it is your picture, pixel for pixel.",
    "world_stepper": "Pick what happened. Approve it to film the way there, or say below what happens next.",
}
"""Agent -> what to look for before its stage is approved, where the picture alone does not say it."""
OFFERED = {"background_refiner": "It calms the background behind what moves, where the camera stands still."}
"""Agent -> what its stage is for, where nobody has to ask for it."""
AGAIN = {"prompt": "Write it again", "boxes": "Look again", "mask": "Make it again"}
ACT = "See what follows"
"""What asks for more states of a world."""
FIELDS = {
    "transition": "Transition: what the first video shows, what the second shows, and how one becomes the other",
    "instruction": "Instruction: what should be different?",
    "keywords": "Keywords: what to look for in the picture, with commas between",
    "scene": "Scene: what the first picture shows",
    "state": "State: what is there already; it may stay empty, since the model sees it",
    "motion": "Motion: what should move?",
    "end": "End: what the last picture should show",
    "avoid": "Avoid: what should not be there",
}
"""Field of a prompt -> what a person reads above it, in the order of the page."""


def field_title(name: str) -> str:
    """A prompt's field in one or two words: `scene` is `Scene`, `shot_2` is `Shot 2`."""
    return name.replace("_", " ").capitalize()


def sentence(text: str) -> str:
    """Words as a sentence: `The ball drops.`"""
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."


def duration(seconds: float) -> str:
    """Seconds as a person says them: `0.4 s`, `9 s`, `2 min`, `1 h 5 min`."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def count(number: int, noun: str) -> str:
    """`1 take`, `3 takes`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def left(job: Job) -> str:
    """How far a job is: its place in the queue, or its step and the seconds left."""
    if job.status == "queued":
        return "next in the queue" if job.place <= 1 else f"place {job.place} in the queue"
    progress = job.progress
    if progress is None:
        return "starting"
    words = f"step {progress.step} of {progress.steps}" if progress.steps else progress.phase
    if progress.steps and progress.step >= progress.steps:
        words = progress.phase
    if progress.seconds_left is None:
        return words
    return f"{words}, {max(1, round(progress.seconds_left))} s left"


def fraction(job: Job) -> float | None:
    """Share of the denoising steps done, 0 to 1; `None` while unknown."""
    progress = job.progress
    return progress.step / progress.steps if progress and progress.steps else None


def mark(stage: StageView, jobs: Iterable[Job] = ()) -> Mark:
    """The status of a stage, with its place in the queue or its step where a job is under way."""
    base = MARKS[stage.status]
    job = job_of(stage, jobs)
    return Mark(left(job), base.icon, base.tone) if job and stage.status in ("queued", "running") else base


def job_of(stage: StageView, jobs: Iterable[Job]) -> Job | None:
    """The job of this stage that is furthest: the running one, else the first in the queue."""
    asked = {request.take for request in stage.pending}
    return min((job for job in jobs if job.take in asked), key=lambda job: job.place, default=None)


def stage_named(view: ProjectView, name: str) -> StageView:
    """The stage that the person looks at: the named one, else the one that is open."""
    return next((stage for stage in view.stages if stage.stage.name == name), view.open_stage)


def take_shown(stage: StageView, wanted: str = "") -> Take | None:
    """The take on screen: the one asked for, else the chosen one, else what the critic proposes, else the newest that
    fits, else the newest.

    While a take is being made and none was asked for, there is none: its preview is shown instead.
    """
    asked = next((take for take in stage.takes if take.id == wanted), None)
    if asked:
        return asked
    if stage.pending:
        return None
    fitting = [take for take in stage.takes if stage.inputs is not None and take.inputs == stage.inputs]
    return stage.chosen or proposed(stage) or next(reversed(fitting or stage.takes), None)


def critics_score(take: Take) -> float | None:
    """How far the critic found the take to be what was asked for, 0 to 1, or else a language model that looked; `None`
    where neither did."""
    scores = (take.artifact.facts.get(name) for name in ("critic", "language model"))
    return next((float(score) for score in scores if isinstance(score, float | int)), None)


def proposed(stage: StageView) -> Take | None:
    """Of the takes that fit and were not turned down the one that the critic likes best; `None` where it saw none."""
    scores = {
        take.id: score
        for take in stage.takes
        if fits(stage, take) and take.id not in stage.turned_down and (score := critics_score(take)) is not None
    }
    return next((take for take in stage.takes if take.id == max(scores, key=lambda one: scores[one], default="")), None)


def choices(view: ProjectView, stage: StageView, take: Take | None) -> Choices:
    """What the person can do at this stage with the take on screen."""
    mask = stage.stage.yields == "mask" and stage.inputs is not None
    picture = stage.stage.yields == "image" and stage.inputs is not None
    alike = stage.stage.tries == 1 and bool(stage.takes) and not settings_of(stage.stage)
    intent, label = _primary(view, stage, take)
    makes = intent in ("make", "mend")
    return Choices(
        intent=intent,
        label=label,
        again="" if makes or alike or stage.inputs is None else _again(stage),
        keep=stage.status == "stale",
        edit=mask or (picture and take is not None),
        upload=picture or mask,
        stop=bool(stage.pending),
        withdraw=stage.status == "approved" and take is not None and take == stage.chosen,
    )


def _again(stage: StageView) -> str:
    """What the button says that asks for another take."""
    return ACT if stage.stage.agent == STEPPER else AGAIN.get(stage.stage.yields, "Make another")


def _primary(view: ProjectView, stage: StageView, take: Take | None) -> tuple[Intent, str]:
    """The next sensible thing, and what to call it."""
    ahead = view.open_stage
    if stage.status == "locked":
        return "next", f"Go to {ahead.stage.title.lower()}"
    if take is not None and stage.status == "approved":
        if take != stage.chosen:
            return "use", "Use this take"
        if ahead != stage and not (view.finished and stage.stage.yields == "video"):
            return "next", f"Go to {ahead.stage.title.lower()}"
        return "download", "Download"
    if stage.status == "stale" and take in (None, stage.chosen):
        return "make", "Make it again"
    if take is not None and stage.inputs is not None:
        return ("approve", "Approve") if take.inputs == stage.inputs else ("use", "Use this take")
    if stage.pending:
        return "", "Working on it"
    if stage.failure and stage.failure.offer in OFFERS:
        return "mend", OFFERS[stage.failure.offer]
    return "make", "Try again" if stage.failure else "Make it"


def paints_instead(stage: StageView) -> bool:
    """Whether things could not be looked for, so that the mask is to be painted without them."""
    return stage.stage.yields == "boxes" and stage.inputs is not None and stage.status in ("failed", "cancelled")


def told(view: ProjectView, stage: StageView) -> str:
    """One sentence on how the stage stands, where the word alone would leave a question."""
    titles = {each.stage.name: each.stage.title.lower() for each in view.stages}
    if stage.status == "stale":
        causes = " and the ".join(titles.get(name, name) for name in stage.stale_because) or "stage before it"
        return f"The {causes} changed after this was made. Keep it, or make it again."
    if stage.status == "locked":
        return f"This comes once the {view.open_stage.stage.title.lower()} is approved."
    if stage.status == "waiting" and 0 < stage.stage.tries <= stage.tries:
        return f"Try {stage.tries} of {stage.stage.tries}: now it waits for you."
    if stage.status == "ready" and stage.stage.optional:
        what = f"{OFFERED.get(stage.stage.agent, '')} This is only offered".strip()
        return f"{what}: the video before it is finished, and stays as it is."
    if stage.status == "cancelled":
        return "You stopped this. What was made before is still here."
    return LOOK_FOR.get(stage.stage.agent, "") if stage.status == "waiting" else ""


def fits(stage: StageView, take: Take) -> bool:
    """Whether the take was made from what the stages before say now."""
    return stage.inputs is not None and take.inputs == stage.inputs


def take_title(take: Take) -> str:
    """What a take is called: its name, else its number."""
    return take.name or f"Take {take.number}"
