"""WorldGPT without its parts: differences are taken case by case, and only what an interval shows is claimed."""

from __future__ import annotations

import csv
import json
from html import escape

import pytest

from engine.evaluate import ablation
from engine.evaluate.ledger import Record


def records(cases: int, without: float) -> list[Record]:
    """Two seeds a case: the whole recipe always right, without the mask as often as said."""
    return [
        Record("worldgpt", number, seed, {
            "motion: all on": 1.0, "motion: no mask": 1.0, "motion: gain": 0.0,
            "end: all on": 1.0, "end: no mask": float(number >= cases * (1 - without)),
            "consistency: all on": 0.99, "consistency: no mask": 0.98 - number / 1000,
        })
        for number in range(cases)
        for seed in (0, 1)
    ]  # fmt: skip


def test_a_part_adds_what_its_interval_shows_and_nothing_else() -> None:
    found = {(line.what, line.way): line for line in ablation.lines(records(12, 0.25))}
    assert len(found) == 6, "gains are no way"
    end = found["end state right", "no mask"]
    assert end.difference is not None
    assert end.difference.mean == pytest.approx(-0.75)
    assert (end.says, end.figure.cases) == ("lower", 24)
    assert found["motion right", "no mask"].says == "no difference shown"
    assert found["end state right", "all on"].difference is None
    (said,) = ablation.reading(list(found.values()))
    assert said.startswith("With no mask: temporal consistency")
    assert "end state right lower than with all on" in said
    assert "motion" not in said


def test_of_a_few_cases_nothing_is_claimed() -> None:
    few = ablation.lines(records(5, 0.0))
    assert {line.says for line in few if line.way == "no mask"} == {"no difference shown: 5 cases are too few"}
    (said,) = ablation.reading(few)
    assert said.startswith("With no mask: no difference shown")


def test_by_hand() -> None:
    rows = [(1.0, 1.0), (1.0, 0.0), (0.0, 0.0)]
    made = [Record("worldgpt", n, 0, {"end: all on": a, "end: no mask": b}) for n, (a, b) in enumerate(rows)]
    line = next(line for line in ablation.lines(made) if line.way == "no mask")
    assert line.difference is not None
    assert line.difference.mean == pytest.approx(-1 / 3)


def test_the_files_say_the_same_and_name_what_failed() -> None:
    found = [*records(6, 0.5), Record("worldgpt", 9, 0, failure="Out of memory")]
    whole = json.loads(ablation.as_json("command", {"pocket": "abc"}, found))
    table = list(csv.reader(ablation.as_csv(found).decode().splitlines()))
    assert len(whole["rows"]) == len(table) - 1 == 6
    assert whole["failed"][0]["failure"] == "Out of memory"
    text = ablation.as_markdown("command", found).decode()
    assert "| end state right | no mask | 12 | 0.5 (" in text
    assert "1 cases failed" in text
    assert ablation.lines([]) == []


def test_the_page_shows_the_same_with_radar_and_bars_and_needs_no_other_file() -> None:
    found = [*records(6, 0.5), Record("worldgpt", 9, 0, failure="Out of memory")]
    shown = ablation.as_html("<command>", found, [b"picture"]).decode()
    for said in ('class="radar"', "Means with 95 % intervals", "<td>0.5 (", "&lt;command&gt;", "1 cases failed"):
        assert said in shown
    assert all(escape(sentence) in shown for sentence in ablation.reading(ablation.lines(found)))
    assert 'src="data:image/png;base64,' in shown
    assert "http" not in shown.replace("http-equiv", "").replace("http://www.w3.org/2000/svg", "")
