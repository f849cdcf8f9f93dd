"""What the command line understands behind `evaluate`. Only words: nothing is opened to show a help page."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

from engine.command.commands import add_command
from engine.evaluate.aims import MEASURES
from engine.evaluate.videoverse.dimensions import PROTOCOLS

ABOUT: Final = "Measures videos by the published definitions, and the pocket world against what its simulator knows."
EXAMPLES: Final = """\
examples:
  python -m engine evaluate files clips --output figures
  python -m engine evaluate pocket --output figures
  python -m engine evaluate videoverse --results eval_res.json --json"""
_POCKET = """\
Measures every road of the pocket world with the real agents, on prompts and scenes that training never saw, against
what the simulator knows. The folder fills as results come in: report.html, .md, .csv and .json, and a contact sheet a
recipe. A run that is stopped keeps what it has; the same command goes on from there. Measures whose models are not
there are named with the reason."""
_POCKET_EXAMPLES = """\
examples:
  python -m engine evaluate pocket --output figures
  python -m engine evaluate pocket --measure editing styling --cases 8 --seeds 1 --output figures"""
_ABLATION = """\
Makes the same held-out pictures move with the whole WorldGPT recipe, without its enhancer, without its mask and without
its end frame, and says what each part adds in temporal consistency, motion right and end state right: ablation.md,
ablation.html, ablation.csv and ablation.json, with 95 % intervals, beside the report that `evaluate pocket` writes. A
run that is stopped goes on with the same command."""
_VIDEOVERSE = """\
With --results: scores a result file of VideoVerse, as its own scripts write it: the official sums to the digit, and the
same as shares of what could be had, by dimension and category, with 95 % intervals.
With --generate: makes KEY.mp4 for every prompt by any model that is here; several workers share it with --part. A run
that is stopped goes on with the same command.
With --videos: asks a judge, any vision-language model of this machine or behind an OpenAI-compatible address, about
KEY.mp4 for every prompt, by the official protocol and by a strict one, with a black and a wrong video as controls. The
folder gets a report and a result file a protocol. A run that is stopped goes on with the same command. The server's
key, if it wants one, is read from GREENLIGHT_LLM_API_KEY.
With --whole: both, one prompt after the other, so that there are figures from the first video on; officially and
strictly, unless --protocol says otherwise.
Without --prompts the pocket edition is asked: 300 prompts of the pocket world, whose answers its simulator knows."""
_VIDEOVERSE_EXAMPLES = """\
examples:
  python -m engine evaluate videoverse --results eval_res.json --json
  python -m engine evaluate videoverse --fetch-prompts NNaptmn/VideoVerse --prompts prompts_of_VideoVerse.json
  python -m engine evaluate videoverse --generate made --limit 8
  python -m engine evaluate videoverse --prompts prompts_of_VideoVerse.json --videos made \\
      --server http://localhost:8000/v1 --model Qwen/Qwen2.5-VL-7B-Instruct --output figures
  python -m engine evaluate videoverse --whole made --limit 8 --pocket-judge --output figures
  python -m engine evaluate videoverse --write-edition assets/videoverse/pocket.json"""
_AURORA = """\
Edited pictures of AURORA-Bench: the folder holds the public test.json and its pictures; of the five subsets with right
pictures, 50 edits each, a judge that sees, of this machine or behind an OpenAI-compatible address, says how far the
edit succeeded and how little else changed, 0 to 10; the smaller one counts. --made holds a model's pictures, NUMBER.png
by the entry's place in the file (0 is the first), for DiscEdit also NUMBER-pos.png and NUMBER-neg.png. Beside them: the
copied state as baseline, the right picture, and probes of the judge (another instruction, another picture, both turned
round), which have to score low. A run that is stopped goes on with the same command."""
_AURORA_EXAMPLES = """\
examples:
  python -m engine evaluate aurora --folder AURORA --made edits --local Qwen/Qwen2.5-VL-7B-Instruct --output figures
  python -m engine evaluate aurora --folder AURORA --server http://localhost:8000/v1 --model NAME --output figures"""
_FILES = """\
Measures videos by VBench, Mora and AIGCBench: report.html, report.json and report.csv in the folder, with 95 %
intervals, and a contact sheet. With hub models that are here the figures are those that the papers define; where one is
not, the pocket world's own features or classical ones stand in for it, and the figure's name says so. A video that
cannot be read becomes a row that says why. A run that is stopped goes on with the same command."""
_FILES_EXAMPLES = """\
examples:
  python -m engine evaluate files clips --output figures
  python -m engine evaluate files mine --against theirs --prompts prompts.json --output figures
  python -m engine evaluate files made --images pictures --metric "first frame MSE" "adjacent frames" --output figures

prompts.json: {"name of a video without suffix": "its prompt"}. Pictures and references are found by the same names."""
_VBENCH = """\
Measures videos named PROMPT-0.mp4 to PROMPT-4.mp4, each in those of its prompt's dimensions that are measured here:
consistency of subject and background, motion smoothness, dynamic degree, aesthetic and imaging quality, temporal and
appearance style. Otherwise as `evaluate files`."""
_AIGCBENCH = """\
Measures videos that were made from pictures, each named as its picture. Otherwise as `evaluate files`."""
_ASSETS: Final = Path(__file__).parents[2] / "assets"


def add_evaluate(evaluate: argparse.ArgumentParser) -> None:
    """What can be measured, each a command of its own."""
    kinds = evaluate.add_subparsers(dest="what", required=True, metavar="WHAT")
    _add_pocket(add_command(kinds, "pocket", "every road of the pocket world", _POCKET, _POCKET_EXAMPLES))
    _add_pocket_run(add_command(kinds, "ablation", "WorldGPT without its parts", _ABLATION))
    _add_files(add_command(kinds, "files", "any videos, by the published definitions", _FILES, _FILES_EXAMPLES))
    _add_project(add_command(kinds, "project", "the videos of a project", _FILES))
    _add_suite(add_command(kinds, "vbench", "videos made for VBench's prompts", _VBENCH), "VBench_full_info.json")
    aigcbench = add_command(kinds, "aigcbench", "videos made from AIGCBench's pictures", _AIGCBENCH)
    _add_suite(aigcbench, 'a list of {"image", "prompt"}')
    aigcbench.add_argument("--images", type=Path, metavar="DIR", required=True, help="folder of the pictures")
    aigcbench.add_argument("--references", type=Path, metavar="DIR", help="folder of reference videos, named alike")
    _add_aurora(add_command(kinds, "aurora", "edited pictures, by AURORA-Bench", _AURORA, _AURORA_EXAMPLES))
    _add_videoverse(
        add_command(
            kinds,
            "videoverse",
            "result files of VideoVerse, and its questions",
            _VIDEOVERSE,
            _VIDEOVERSE_EXAMPLES,
        )
    )


def _add_pocket(pocket: argparse.ArgumentParser) -> None:
    pocket.add_argument("--measure", nargs="+", choices=list(MEASURES), metavar="NAME", help=", ".join(MEASURES))
    _add_pocket_run(pocket)


def _add_pocket_run(pocket: argparse.ArgumentParser) -> None:
    pocket.add_argument("--cases", type=int, metavar="N", help="of each measure (default: as many as suit it)")
    pocket.add_argument("--seeds", type=int, default=3, metavar="N", help="each case is made once with each (3)")
    pocket.add_argument("--processes", type=int, metavar="N", help="that work at once (default: one a core)")
    pocket.add_argument("--device", metavar="NAME", help="cpu, cuda, mps (default: the best there is)")
    for name, folder in (("weights", "pocket"), ("judge", "judge"), ("detector", "detector")):
        help = f"folder of the {'generator' if name == 'weights' else name}'s weights (default: the shipped ones)"
        pocket.add_argument(f"--{name}", type=Path, metavar="DIR", default=_ASSETS / folder, help=help)
    pocket.add_argument("--output", type=Path, metavar="DIR", required=True, help="folder for the report")


def _add_videoverse(videoverse: argparse.ArgumentParser) -> None:
    wanted = videoverse.add_mutually_exclusive_group(required=True)
    wanted.add_argument("--results", type=Path, metavar="FILE", help="the result file to score")
    wanted.add_argument("--videos", type=Path, metavar="DIR", help="folder of the videos to ask about, KEY.mp4")
    wanted.add_argument("--generate", type=Path, metavar="DIR", help="make the videos, KEY.mp4, in this folder")
    wanted.add_argument("--whole", type=Path, metavar="DIR", help="make each video there, and ask about it at once")
    wanted.add_argument("--fetch-prompts", metavar="OWNER/NAME", help="download a data set's prompt file")
    wanted.add_argument("--write-edition", type=Path, metavar="FILE", help="write the pocket edition's prompts")
    videoverse.add_argument("--json", action="store_true", help="print one JSON object (--results)")
    videoverse.add_argument("--prompts", type=Path, metavar="FILE", help="prompt file, or where to fetch it to")
    videoverse.add_argument("--limit", type=int, metavar="N", help="only the first prompts")
    _add_generating(videoverse.add_argument_group("making the videos"))
    _add_judge(videoverse.add_argument_group("asking about them"))


def _add_aurora(aurora: argparse.ArgumentParser) -> None:
    aurora.add_argument("--folder", type=Path, metavar="DIR", required=True, help="holds test.json and its pictures")
    aurora.add_argument("--made", type=Path, metavar="DIR", help="a model's pictures, NUMBER.png (default: none)")
    aurora.add_argument("--limit", type=int, metavar="N", help="only the first edits of each subset")
    aurora.add_argument("--local", metavar="NAME", help="a model of this machine: owner/name, or a folder")
    aurora.add_argument("--server", metavar="URL", help="where the judge answers: http://localhost:8000/v1")
    aurora.add_argument("--model", metavar="NAME", help="what the judge is called there")
    aurora.add_argument("--timeout-seconds", type=float, default=300.0, metavar="S", help="for an answer (300)")
    aurora.add_argument("--output", type=Path, metavar="DIR", required=True, help="folder for the report")
    _add_attached(aurora)


def _add_generating(videoverse: argparse._ArgumentGroup) -> None:
    videoverse.add_argument(
        "--profile", default="pocket", metavar="NAME", help="the model, as `models` lists it (pocket)"
    )
    videoverse.add_argument("--seeds", type=int, default=1, metavar="N", help="each prompt is made once with each (1)")
    videoverse.add_argument("--part", default="1/1", metavar="I/N", help="the share of this worker: 1/4, 2/4, …")
    videoverse.add_argument(
        "--writer",
        choices=("offline", "language-model", "as-typed"),
        default="offline",
        help="who words the prompt (default: the offline writer)",
    )


def _add_judge(videoverse: argparse._ArgumentGroup) -> None:
    videoverse.add_argument("--local", metavar="NAME", help="a model of this machine: owner/name, or a folder")
    videoverse.add_argument(
        "--critic", type=Path, metavar="DIR", help="folder of a pocket critic: assets/critic, or your own"
    )
    videoverse.add_argument("--pocket-judge", action="store_true", help="the judge that ships, asked what it can see")
    videoverse.add_argument("--server", metavar="URL", help="where the judge answers: http://localhost:8000/v1")
    videoverse.add_argument("--model", metavar="NAME", help="what the judge is called there")
    videoverse.add_argument("--timeout-seconds", type=float, default=300.0, metavar="S", help="for an answer (300)")
    videoverse.add_argument("--protocol", nargs="+", choices=PROTOCOLS, metavar="NAME", help=", ".join(PROTOCOLS))
    videoverse.add_argument("--output", type=Path, metavar="DIR", help="folder for the report")
    _add_attached(videoverse)


def _add_files(files: argparse.ArgumentParser) -> None:
    files.add_argument("videos", type=Path, nargs="+", metavar="PATH", help="a folder of videos, or videos")
    files.add_argument("--against", type=Path, metavar="DIR", help="another system's videos, paired by name")
    files.add_argument("--prompts", type=Path, metavar="FILE", help="what was asked for, by name")
    files.add_argument("--images", type=Path, metavar="DIR", help="folder of the pictures that they began with")
    files.add_argument("--references", type=Path, metavar="DIR", help="folder of the videos that they are held against")
    files.add_argument("--seconds", type=Path, metavar="DIR", help="folder of the second videos that they connect")
    files.add_argument("--metric", nargs="+", metavar="NAME", help="only these (default: all that can be taken)")
    _add_showing(files)


def _add_project(project: argparse.ArgumentParser) -> None:
    project.add_argument("project", metavar="ID", help="as `projects` lists it")
    project.add_argument("--metric", nargs="+", metavar="NAME", help="only these (default: all that can be taken)")
    _add_showing(project)


def _add_suite(suite: argparse.ArgumentParser, prompts: str) -> None:
    suite.add_argument("--prompts", type=Path, metavar="FILE", required=True, help=prompts)
    suite.add_argument("--videos", type=Path, metavar="DIR", required=True, help="folder of the videos")
    _add_showing(suite)


def _add_showing(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--features",
        choices=("best", "offline"),
        default="best",
        help="best: hub models where they are here (default); offline: only what ships",
    )
    command.add_argument("--output", type=Path, metavar="DIR", required=True, help="folder for the report")
    _add_attached(command)


def _add_attached(command: argparse.ArgumentParser | argparse._ArgumentGroup) -> None:
    command.add_argument(
        "--attached", action="store_true", help="end when standard input does (how the page starts it)"
    )
