"""What the command line understands. Only words: nothing is opened or imported to show a help page."""

from __future__ import annotations

import argparse
from pathlib import Path

from engine.command.commands import add_command
from engine.command.evaluating import ABOUT, EXAMPLES, add_evaluate
from engine.command.telling import add_happened
from engine.models.memory.modes import NAMES
from engine.models.speed import ways
from engine.tasks.options import CHOICES
from engine.tasks.table import RECIPES

_ABOUT = """\
Greenlight: a video studio in which nothing moves on until you approve it.
The page is `python app.py`; this is the same studio without a browser."""
_EXAMPLES = """\
examples:
  python -m engine run text-to-video --prompt "a red ball rolls over the beach" --output out
  python -m engine run text-to-video --prompt "a blue bird" --auto-approve --seed 7 --output out --json
  python -m engine projects
  python -m engine show 0123456789ab

Projects live under GREENLIGHT_HOME (by default this system's folder for your data). Results are written to
standard output, progress and questions to standard error. Exit code 0: done; 1: it failed, or a check found something;
2: something that you gave cannot be used; 3: another worker is at work; 130: you interrupted it."""
_RUN = """\
Makes a video, stage by stage. Without --auto-approve it asks you at every stage: approve, choose another take, make
another, edit, or leave it waiting. Nothing that was made is thrown away."""
_RUN_EXAMPLES = """\
examples:
  python -m engine run text-to-video --prompt "a red ball rolls over the beach" --output out
  python -m engine run text-to-video --prompt "a car drives, then stops" --segments 2 --auto-approve --output out
  python -m engine run image-to-video --image ball.png --prompt "the ball jumps" --auto-approve --output out
{more}
In the folder afterwards: what was approved at every stage (prompt.json, key_frame.png, video.mp4, …); every video has
its whole recipe inside, and the recipe beside it. With --json, one JSON object on standard output says where they are,
what made them, and how long it took."""
_MORE = {
    "extend": 'extend --video ball.mp4 --prompt "it bounces" --seconds 3 --direction backwards',
    "edit": 'edit --video ball.mp4 --prompt "make the ball green"',
    "connect": 'connect --video ball.mp4 --video car.mp4 --prompt "the ball becomes a car"',
    "digital-worlds": 'digital-worlds --video ball.mp4 --prompt "a ball" --world neon --strength 0.7',
    "worldgpt": 'worldgpt --image ball.png --prompt "the ball turns into a star"',
    "world": 'world --image ball.png --prompt "the ball moves to the right"',
    "what-happened": "what-happened --image before.png --last-image after.png",
}
_MODELS = """\
Lists the models: name, whether it is on this machine, what it takes up there, licence, jobs. The pocket models ship
with Greenlight. All others come from Hugging Face's hub (or from HF_ENDPOINT), and only when you fetch them."""
_MODELS_EXAMPLES = """\
examples:
  python -m engine models
  python -m engine models fetch stabilityai/sdxl-turbo
  python -m engine models check
  python -m engine models remove stabilityai/sdxl-turbo

The files lie in the folder that all programs share for them (HF_HUB_CACHE, by default ~/.cache/huggingface/hub). With
HF_HUB_OFFLINE=1 nothing is fetched, and what is there is used."""
_FETCH = """\
Fetches a model, or goes on where a download broke off: after Ctrl-C, a lost connection or a crash nothing is fetched
twice. Says before it starts how much is to come, and whether the disk has room for it.

Taken are safetensors, JSON, texts and tokenizers; never pickles, never code. Where weights come in several precisions
one is taken: bf16, else fp16, else the plain files. Every file is checked against the hash that the hub has for it.

The commit that is fetched stays: the same name means the same files from then on, also when the repository moves on.
For what it has now, `remove` the model and fetch it again, or name the commit with --revision.

A repository may want its terms accepted first, on its page; then, and for private ones, put a token into HF_TOKEN."""
_CHECK = "Reads everything. Exit code 1, and the file's name, where one is not what it should be."
_REMOVE = "Removes its files, also for models and programs that share them, but none that another commit needs."


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    top = argparse.ArgumentParser(
        prog="python -m engine",
        description=_ABOUT,
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    more = "".join(f"  python -m engine run {_MORE[name]} --output out\n" for name in RECIPES if name in _MORE)
    _add_run(add_command(commands, "run", "make a video", _RUN, _RUN_EXAMPLES.format(more=more)))
    _add_continue(
        add_command(commands, "continue", "go on with a project that waits for you", "Asks where `run` left off.")
    )
    projects = add_command(commands, "projects", "list the projects", "Newest first.")
    projects.add_argument("--verify", action="store_true", help="read every file again and compare its hash")
    projects.add_argument("--json", action="store_true", help="print JSON")
    show = add_command(commands, "show", "show where a project stands", "Its stages, and the takes of each.")
    show.add_argument("project", metavar="ID", help="as `projects` lists it")
    show.add_argument("--json", action="store_true", help="print JSON")
    export = add_command(
        commands, "export", "pack a project into a zip file", "Every take and the whole history; for `import`."
    )
    export.add_argument("project", metavar="ID", help="as `projects` lists it")
    export.add_argument("file", metavar="FILE.zip", type=Path, help="the file to write")
    _add_learning(commands)
    add_happened(commands)
    take_in = add_command(
        commands, "import", "take in a project from a zip file", "Checks every file before it is kept."
    )
    take_in.add_argument("file", metavar="FILE.zip", type=Path, help="a file that `export` wrote")
    queue = add_command(
        commands, "queue", "show what is being made and what waits", "The jobs of all projects, in order."
    )
    queue.add_argument("--json", action="store_true", help="print JSON")
    _add_models(add_command(commands, "models", "list, fetch, check and remove models", _MODELS, _MODELS_EXAMPLES))
    worker = add_command(
        commands,
        "worker",
        "make what is queued, until stopped",
        "The app and `run` start a worker of their own; start one by hand to keep the queue going without them.\n"
        "One worker serves a home, or several of different numbers. Ctrl-C or SIGTERM lays its takes down; the next\n"
        "worker takes them up again.\n"
        "The app's own worker writes its log to GREENLIGHT_HOME/worker.log, one started by hand to standard error.",
    )
    worker.add_argument("--number", type=int, default=0, help="which of several workers of a home (0, 1, …)")
    worker.add_argument("--attached", action="store_true", help="end when standard input does (how the app starts it)")
    add_evaluate(add_command(commands, "evaluate", "measure videos, and what the models can do", ABOUT, EXAMPLES))
    return top


def _add_run(run: argparse.ArgumentParser) -> None:
    run.add_argument("task", choices=list(RECIPES), help="what to make")
    run.add_argument("--prompt", default="", metavar="TEXT", help="what you would like to see")
    _add_uploads(run.add_argument_group("what you bring"))
    _add_road(run.add_argument_group("the whole road"))
    _add_stages(run.add_argument_group("single stages"))
    _add_walk(run)


def _add_uploads(run: argparse._ArgumentGroup) -> None:
    run.add_argument("--image", type=Path, metavar="FILE", help="the picture to begin with: PNG, JPEG or WebP")
    run.add_argument(
        "--last-image", type=Path, metavar="FILE", help="the picture at the end (image-to-video, what-happened)"
    )
    run.add_argument("--video", type=Path, metavar="FILE", action="append", help="a video; twice for connect")
    for name, what in (("", "the video"), ("second-", "the second one")):
        run.add_argument(f"--{name}start-seconds", type=float, metavar="S", help=f"use {what} from here")
        run.add_argument(f"--{name}end-seconds", type=float, metavar="S", help=f"use {what} up to here")


def _add_road(run: argparse._ArgumentGroup) -> None:
    run.add_argument("--segments", type=int, metavar="N", help="a film of so many segments (text-to-video)")
    run.add_argument("--seconds", type=float, metavar="S", help="how much longer (extend)")
    run.add_argument("--direction", choices=CHOICES["direction"], help="where it goes on (extend)")
    run.add_argument("--world", choices=CHOICES["world"], help="the style (digital-worlds)")
    run.add_argument("--strength", type=float, metavar="0..1", help="how much changes (edit, digital-worlds)")
    for name, what in (
        ("enhancer", "use the prompt as typed"),
        ("mask", "let the whole end frame change"),
        ("end-frame", "make no end frame"),
    ):
        run.add_argument(
            f"--no-{name}", dest=name.replace("-", "_"), action="store_const", const=False, help=f"{what} (worldgpt)"
        )


def _add_stages(run: argparse._ArgumentGroup) -> None:
    run.add_argument("--seed", type=int, metavar="N", help="the same seed makes the same video (default: a new one)")
    run.add_argument("--frames", type=int, metavar="N", help="length of a clip in frames")
    run.add_argument("--takes", type=int, metavar="N", help="key frames to choose from when you are asked")
    run.add_argument("--fit", choices=("crop", "letterbox"), help="how what you bring fills the frame (default: crop)")
    run.add_argument("--heading", choices=("left", "right", "up", "down"), help="where it moves")
    run.add_argument("--speed", choices=("slow", "quick"), help="how fast it moves")
    run.add_argument("--method", choices=("generated", "cross-fade"), help="how two videos are connected")
    run.add_argument(
        "--writer",
        choices=("offline", "language-model", "as-typed"),
        help="who words the prompt (default: the language model if one is configured, else the offline writer)",
    )
    run.add_argument(
        "--critic",
        action="store_const",
        const=True,
        help="let the critic look at each video, and rank and approve by it",
    )
    run.add_argument(
        "--questions", type=Path, metavar="FILE", help="what the critic asks, as `questions` writes it (default: anew)"
    )
    run.add_argument("--memory", choices=NAMES, help="how models are held on a GPU (default: as an estimate says)")
    run.add_argument("--sooner", choices=ways.NAMES, help="what makes it quicker (default: as a reckoning says)")
    run.add_argument("--motion-bucket", type=int, metavar="N", help="SVD: how much moves, 1 to 255 (default 127)")
    run.add_argument("--noise-augmentation", type=float, metavar="X", help="SVD: noise on the picture, 0 to 1 (0.02)")
    run.add_argument("--decode-chunk", type=int, metavar="N", help="SVD: frames decoded at once (default 8)")


def _add_continue(go_on: argparse.ArgumentParser) -> None:
    go_on.add_argument("project", metavar="ID", help="as `projects` lists it")
    _add_walk(go_on)


def _add_walk(command: argparse.ArgumentParser) -> None:
    command.add_argument("--auto-approve", action="store_true", help="approve what is not plainly broken, ask nothing")
    command.add_argument("--output", type=Path, metavar="DIR", required=True, help="folder for the files")
    command.add_argument("--json", action="store_true", help="print one JSON object about what was made")


def _add_learning(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    train = add_command(
        commands, "train", "train a pocket model, or a critic", "As `python -m engine.train`: see its --help."
    )
    train.add_argument("words", metavar="MODEL …", nargs=argparse.REMAINDER, help="critic --output DIR, for example")
    questions = add_command(
        commands,
        "questions",
        "write what a critic would ask of a prompt's video",
        "A line each, for you to edit and to give back with `run --critic --questions FILE`: by the language model\n"
        "that is set up, or else by the grammar of the pocket world.",
    )
    questions.add_argument("prompt", metavar="PROMPT", help="what the video is to show")
    preferred = add_command(
        commands, "preferences", "write what was preferred to what", "JSON lines for training, from every decision."
    )
    preferred.add_argument("project", metavar="ID", nargs="?", help="as `projects` lists it (default: all of them)")


def _add_models(models: argparse.ArgumentParser) -> None:
    models.add_argument("--json", action="store_true", help="print JSON")
    actions = models.add_subparsers(dest="action", metavar="ACTION")
    fetch = add_command(actions, "fetch", "download a model, or the rest of it", _FETCH)
    check = add_command(actions, "check", "hash every file again", _CHECK)
    remove = add_command(actions, "remove", "remove a model from the disk", _REMOVE)
    check.add_argument("model", metavar="NAME", nargs="?", help="only this one (default: all that are here)")
    for action in (fetch, remove):
        action.add_argument("model", metavar="NAME", help="as `models` lists it, or a repository: owner/name")
        action.add_argument("--revision", metavar="REVISION", help="a commit, tag or branch (default: main)")
    for action in (fetch, check, remove):
        action.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="print JSON")
