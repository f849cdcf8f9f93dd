"""The queue as a list: what is being made, what waits, and a button to stop each."""

from __future__ import annotations

from engine.seen import Job, QueueView
from ui import present
from ui.markup import Markup, doer, element, icon, join
from ui.parts.pictures import preview

WORKERS = {
    "starting": "The worker is starting: the models are being loaded.",
    "alive": "",
    "restarting": "The worker stopped and is coming back. What it was making is taken up again.",
    "lost": "The GPU answers no more. What waits is made once it is back: look at the machine, and restart it.",
    "stopped": "No worker is running. Start Greenlight again to go on.",
}


def queue_list(queue: QueueView) -> Markup:
    """All jobs, the running one first."""
    worker = WORKERS.get(queue.worker, "")
    lines = [element("p", worker, class_="hint")] if worker else []
    if queue.away:
        others = "One more worker is" if queue.away == 1 else f"{queue.away} more workers are"
        lines.append(element("p", f"{others} on the way; the others go on.", class_="hint"))
    if queue.lost:
        gone = "A GPU answers no more, so its worker waits" if queue.lost == 1 else f"{queue.lost} workers have no GPU"
        line = f"{gone}; the others go on. Restart the machine to have all of it back."
        lines.append(element("p", line, class_="hint"))
    if queue.paused:
        lines.append(element("p", "Paused: what is being made is finished, and nothing new begins.", class_="hint"))
    if not queue.jobs:
        return join((*lines, element("p", "Nothing is being made.", class_="hint")))
    return join((*lines, element("ol", *(element("li", _job(job)) for job in queue.jobs), class_="jobs")))


def _job(job: Job) -> Markup:
    still = element("span", preview(job.take, job), class_="thumb")
    share = present.fraction(job)
    running = job.status == "running"
    bar = element("progress", value=share, max=1, aria_label=f"Progress of {job.title}") if running else None
    mark = present.MARKS[job.status]
    on = f", on {job.device}" if job.device else ""
    words = element(
        "span",
        doer(job.title, "open", project=job.project),
        element(
            "span", icon(mark.icon), f"{job.stage.replace('_', ' ')}: {present.left(job)}{on}", class_="mark tone-busy"
        ),
        bar,
        class_="job-words",
    )
    stop = doer(join((icon("stop"), "Stop")), "cancel", take=job.take, class_="link", hint=f"Stop {job.title}")
    return join((still, words, stop))
