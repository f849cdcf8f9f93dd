"""VideoVerse's files: read, refused where something is wrong, and scored as its own script scores them."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from engine.command import videoverse
from engine.command.arguments import parser
from engine.command.terminal import Streams, main
from engine.errors import BenchmarkError, HubOfflineError, RepositoryGoneError
from engine.evaluate.videoverse import answers, benchmark, scoring
from engine.evaluate.videoverse.dimensions import CATEGORIES, DIMENSIONS
from engine.models.hub.wire import Wire
from tests.evaluate.videoverse.data_hub import data_hub

KEY = "8f348e44-546c-4319-aefa-b860c02d9cbc"


def entry(order: str | None = None, *given: str, checks: tuple[str, ...] = ("Interaction",)) -> dict[str, Any]:
    """One prompt with three events, answered where `order` and the answers are given."""
    asked: list[dict[str, Any]] = [{"check_type": name, "question": f"{name}?"} for name in checks]
    for check, answer in zip(asked, given, strict=False):
        check["res"] = answer
    plan = [{"event_id": number, "event_description": f"event {number}"} for number in (1, 2, 3)]
    info: dict[str, Any] = {"verification_plan": plan}
    if order is not None:
        info |= {"overall_event_res": ",".join(order), "overall_event_processed_res": order}
    return {
        "verification_checks": asked,
        "t2v_following_prompt": {"t2v_prompt": "A man walks."},
        "t2v_eval_event_info": info,
        "more": [1],
    }


RESULTS = {
    KEY: entry("ACB", "yes", "No", "YES", checks=("Interaction", "2d_layout", "Interaction")),
    "b": entry("CBA", "wrong", checks=("Mechanics",)),
    "c": entry(None, "yes.", checks=("Mechanics", "Common Sense")),
    "d": {**entry(), "verification_checks": [], "t2v_eval_event_info": {"verification_plan": []}},
}
OFFICIAL = {
    "overall_summary": {
        "total_event_adherence": 3,
        "verification_checks_score": 2,
        "verification_checks_score_by_category": {
            "Interaction": 2, "2d_layout": 0, "Mechanics": 0, "Common Sense": 0,
        },
        "total_score": 5,
        "total_videos_processed": 4,
    },
    "per_video_analysis": {
        KEY: {
            "event_lcs_length": 2,
            "verification_checks_analysis": {
                "overall_score": 2, "scores_by_category": {"Interaction": 2, "2d_layout": 0}, "total_checks": 3,
            },
        },
        "b": {
            "event_lcs_length": 1,
            "verification_checks_analysis": {
                "overall_score": 0, "scores_by_category": {"Mechanics": 0}, "total_checks": 1,
            },
        },
        "c": {
            "event_lcs_length": 0,
            "verification_checks_analysis": {
                "overall_score": 0, "scores_by_category": {"Mechanics": 0, "Common Sense": 0}, "total_checks": 2,
            },
        },
        "d": {"event_lcs_length": None, "verification_checks_analysis": None},
    },
}  # fmt: skip
"""What scripts/cal_acc.py of the official repository writes for RESULTS; taken down once from a run of it."""


def test_a_result_file_scores_as_the_official_script_has_it(tmp_path: Path) -> None:
    path = tmp_path / "eval_res.json"
    path.write_text(json.dumps(RESULTS))
    told, progress = io.StringIO(), io.StringIO()
    command = ["evaluate", "videoverse", "--results", str(path)]
    assert main([*command, "--json"], Streams(io.StringIO(), told, progress)) == 0
    scores = json.loads(told.getvalue())
    assert json.dumps(scores["official"]) == json.dumps(OFFICIAL)
    assert scores["shares"]["Event Following"] | {"low": 0, "high": 0} == {
        "mean": pytest.approx(3 / 9), "low": 0, "high": 0, "cases": 9,
    }  # fmt: skip
    assert scores["shares"]["all"]["mean"] == pytest.approx(5 / 15)
    told.truncate(0)
    assert main(command, Streams(io.StringIO(), told, progress)) == 0
    assert "Total score: 5 (4 videos)" in told.getvalue()
    assert main([*command, "--output", str(tmp_path / "out")], Streams(io.StringIO(), told, progress)) == 0
    assert "Event Following" in (tmp_path / "out" / "report.html").read_text()
    assert (tmp_path / "out" / "report.csv").read_text().startswith("video,system,failure,score,of,")


def test_shares_leave_out_what_was_never_asked() -> None:
    answered = entry("ABC", "yes", "", checks=("Mechanics", "Mechanics"))
    answered["verification_checks"][1]["check"] = False
    items, _ = benchmark.parse(json.dumps({"a": answered}).encode())
    assert scoring.official(items)["overall_summary"]["total_score"] == 4
    assert scoring.shares(items)["Mechanics"].mean == 1
    assert scoring.shares(items)["world model level"].cases == 4


def test_every_dimension_is_in_a_category_of_each_kind() -> None:
    assert sorted((*CATEGORIES["dynamic"], *CATEGORIES["static"])) == sorted(DIMENSIONS)
    assert sorted((*CATEGORIES["world model level"], *CATEGORIES["basic level"])) == sorted(DIMENSIONS)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (b"", "no JSON"),
        (b"[1]", "no prompts"),
        (b"{}", "no prompts"),
        (b"\xff\xfe", "no JSON"),
        (b"[" * 100_000, "no JSON"),
        (b'{"a": 1}', "another kind.*an object"),
        (b'{"a": {}, "a": {}}', "twice.*got a"),
        (b'{"../a": {}}', "name of a video"),
        (rb'{"\ud800": {}}', r"name of a video.*'\\ud800'"),
        (json.dumps({"a" * 251: {}}).encode(), "name of a video.*250 bytes"),
        ({"t2v_following_prompt": {}}, "not all of its fields.*a: t2v_prompt"),
        ({"t2v_following_prompt": {"t2v_prompt": "  "}}, "empty.*t2v_prompt"),
        ({"verification_checks": None}, "another kind.*a list"),
        ({"verification_checks": [{"check_type": "Interaction"}]}, "not all of its fields.*question"),
        ({"verification_checks": [{"check_type": "Beauty", "question": "?"}]}, "a: Beauty"),
        ({"t2v_eval_event_info": {"verification_plan": [{"event_id": 1}]}}, "event_description"),
        ({"t2v_eval_event_info": {"verification_plan": [{"event_description": "x"}] * 9}}, "too many events"),
    ],
)
def test_what_is_wrong_with_a_file_is_named(change: bytes | dict[str, Any], said: str) -> None:
    data = change if isinstance(change, bytes) else json.dumps({"a": entry() | change}).encode()
    with pytest.raises(BenchmarkError, match=said):
        benchmark.parse(data)


def test_a_file_that_is_longer_than_memory_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "long.json").open("wb") as file:
        file.truncate(2**42)
    with pytest.raises(BenchmarkError, match=r"too large.*64 MiB"):
        benchmark.read(tmp_path / "long.json")


def test_a_file_without_a_field_says_which() -> None:
    with pytest.raises(BenchmarkError, match="a: verification_checks"):
        benchmark.parse(b'{"a": {"t2v_following_prompt": {"t2v_prompt": "x"}}}')
    with pytest.raises(BenchmarkError, match=r"cannot be read.*none"):
        benchmark.read(Path("none"))


def test_a_data_sets_prompt_file_is_fetched_only_when_asked_for_and_only_whole(tmp_path: Path) -> None:
    names = ["README.md", "prompt/prompts_of_VideoVerse.json"]
    data = json.dumps({KEY: entry()}).encode()
    with data_hub({"someone/verse": (names, data), "someone/none": (names[:1], b"")}) as endpoint:
        wire = Wire(endpoint, "", offline=False)
        command = ["evaluate", "videoverse", "--prompts", str(tmp_path / "p.json"), "--fetch-prompts"]
        videoverse.fetch_prompts(parser().parse_args([*command, "someone/verse"]), wire)
        assert (tmp_path / "p.json").read_bytes() == data
        with pytest.raises(BenchmarkError, match="no prompt file"):
            videoverse.fetch_prompts(parser().parse_args([*command, "someone/none"]), wire)
        with pytest.raises(RepositoryGoneError):
            videoverse.fetch_prompts(parser().parse_args([*command, "someone/else"]), wire)
    with pytest.raises(HubOfflineError):
        videoverse.fetch_prompts(parser().parse_args([*command, "someone/verse"]), Wire("http://localhost", "", True))


def test_the_official_protocol_takes_the_first_letters_that_read_like_an_answer() -> None:
    assert answers.official_yes_no("I do not know.") == "no"
    assert answers.official_yes_no("Maybe.") == "wrong"
    assert answers.official_order("<output>b, A and C</output>") == ("b, A and C", "AC")
    assert answers.official_order("A, B") is None


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("Yes", "yes"), (" no.", "no"), ("**Yes**, it is not.", "yes"), ("I do not know.", "wrong"), ("maybe", "wrong"),
        ("", "wrong"), ("是的", "wrong"), ("The answer is: yes", "yes"), ("No, the car goes.", "no"),
        ("Yes or no?", "wrong"), ("Nothing moves", "wrong"), ("no, no", "no"), ("否", "wrong"),
    ],
)  # fmt: skip
def test_the_strict_protocol_reads_whole_words(text: str, answer: str) -> None:
    assert answers.strict_yes_no(text) == answer


def test_the_strict_protocol_shuffles_events_and_reads_them_back() -> None:
    shown = answers.shuffled(3, KEY)
    assert sorted(shown) == [0, 1, 2]
    assert shown == answers.shuffled(3, KEY) == answers.shuffled(3, KEY, turned=True)[::-1]
    assert answers.strict_order("<output>A,B,C</output>", [2, 0, 1]) == "CAB"
    assert answers.strict_order("<output></output>", [2, 0, 1]) == ""
    for unreadable in ("A,B", "<output>A and B</output>", "<output>A,A</output>", "<output>D</output>"):
        assert answers.strict_order(unreadable, [2, 0, 1]) is None
