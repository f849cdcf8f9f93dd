"""Where a project stands: the rules one by one, and what holds after any walk."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import decisions
from engine.decisions import Wish
from engine.errors import DecisionError, JournalDamagedError
from engine.events import Automatic, Entry, Project, Released, Renamed, Started
from engine.road import view
from engine.seen import StageView
from engine.types import Request
from tests.walking import Walk


def test_it_begins_with_the_prompt_being_made_and_the_rest_locked() -> None:
    walk = Walk()
    assert walk.statuses() == ["queued", "locked", "locked"]
    walk.start(walk.pending()[0])
    assert walk.statuses() == ["running", "locked", "locked"]
    walk.record_all()
    assert walk.statuses() == ["waiting", "locked", "locked"]


def test_the_road_is_walked_to_its_end() -> None:
    walk = Walk()
    walk.record_all()
    walk.approve("prompt")
    assert walk.statuses() == ["approved", "queued", "locked"]
    walk.record_all()
    assert [take.number for take in walk.stage("key_frame").takes] == [1, 2]
    walk.approve("key_frame", 2)
    walk.record_all()
    walk.approve("video")
    assert walk.view.finished
    assert walk.view.open_stage.stage.name == "video"
    assert not walk.pending()


def test_a_take_laid_down_in_good_order_waits_again() -> None:
    walk = Walk()
    request = walk.pending()[0]
    walk.write([Started(request.take, 1), Released(request.take)])
    assert walk.statuses()[0] == "queued"
    walk.write([Started(request.take, 2)])
    assert walk.stage("prompt").running == request.take


def test_changing_only_the_motion_leaves_the_key_frame_alone() -> None:
    walk = Walk()
    walk.edit()
    walk.finish()
    chosen = walk.stage("key_frame").chosen
    walk.edit(motion="another motion")
    assert walk.statuses() == ["approved", "approved", "stale"]
    assert walk.stage("key_frame").chosen == chosen
    assert walk.stage("video").stale_because == ("prompt",)


def test_changing_the_scene_makes_everything_below_it_stale() -> None:
    walk = Walk()
    walk.edit()
    walk.finish()
    walk.edit(scene="another scene")
    assert walk.statuses() == ["approved", "stale", "stale"]
    assert walk.stage("key_frame").stale_because == ("prompt",)
    assert walk.stage("video").stale_because == ("key_frame",)
    assert not walk.pending(), "a stale stage waits for the person"


def test_going_back_to_an_earlier_take_makes_what_hung_below_fresh_again() -> None:
    walk = Walk()
    first = walk.edit()
    walk.finish()
    requests = walk.stage("video").asked
    walk.edit(scene="another scene", motion="another motion")
    walk.retry("key_frame")
    walk.finish()
    walk.retry("video")
    walk.finish()
    walk.decide(lambda now: decisions.approve(now, "prompt", first))
    assert walk.view.finished
    assert not walk.pending(), "nothing is computed again"
    assert walk.stage("video").asked == requests + 1
    assert walk.stage("video").chosen == walk.stage("video").takes[0]


def test_a_stale_take_may_be_kept() -> None:
    walk = Walk()
    walk.edit()
    walk.finish()
    walk.edit(motion="another motion")
    walk.approve("video", 1)
    assert walk.view.finished
    assert walk.stage("video").chosen == walk.stage("video").takes[0]


def test_a_kept_take_whose_approval_is_taken_back_is_stale_again() -> None:
    walk = Walk()
    walk.edit()
    walk.finish()
    walk.edit(motion="another motion")
    walk.approve("video", 1)
    walk.decide(lambda now: decisions.reject(now, "video"))
    assert walk.stage("video").status == "stale"


def test_a_rejected_take_waits_and_is_known_as_turned_down() -> None:
    walk = Walk()
    walk.record_all()
    walk.approve("prompt")
    take = walk.stage("prompt").takes[0].id
    walk.decide(lambda now: decisions.reject(now, "prompt", note="too dull"))
    assert walk.statuses()[:2] == ["waiting", "locked"]
    assert walk.stage("prompt").turned_down == {take: "too dull"}
    walk.approve("prompt")
    assert not walk.stage("prompt").turned_down


def test_a_failed_request_says_why_until_another_one_is_made() -> None:
    walk = Walk()
    walk.fail(walk.pending()[0])
    shown = walk.stage("prompt")
    assert shown.status == "failed"
    assert shown.failure is not None
    assert shown.failure.message == "It failed."
    walk.retry("prompt")
    assert walk.stage("prompt").failure is None
    assert walk.stage("prompt").status == "queued"


def test_a_cancelled_request_leaves_the_stage_to_the_person() -> None:
    walk = Walk()
    walk.cancel(walk.pending()[0])
    assert walk.statuses()[0] == "cancelled"
    assert not walk.pending()


def test_a_failure_beside_a_take_still_waits() -> None:
    walk = Walk()
    walk.record_all()
    walk.retry("prompt")
    walk.fail(walk.pending()[0])
    assert walk.statuses()[0] == "waiting"
    assert walk.stage("prompt").failure is not None


def test_automatic_stages_are_approved_and_made_again_when_stale() -> None:
    walk = Walk(request=Request("text-to-video", "a red ball", automatic=("prompt", "key_frame", "video")))
    walk.record_all()
    assert walk.view.finished
    assert [len(shown.takes) for shown in walk.view.stages] == [1, 1, 1], "one candidate is enough then"
    walk.edit(scene="another scene")
    walk.record_all()
    assert walk.view.finished
    assert [len(shown.takes) for shown in walk.view.stages] == [2, 2, 2]


def test_after_three_automatic_tries_it_waits_for_the_person() -> None:
    walk = Walk(request=Request("text-to-video", "a red ball", automatic=("key_frame",)))
    walk.record_all()
    walk.bad = _Any()
    walk.approve("prompt")
    walk.record_all()
    shown = walk.stage("key_frame")
    assert (shown.status, shown.tries, len(shown.takes)) == ("waiting", 3, 3)
    assert set(shown.turned_down) == {take.id for take in shown.takes}
    assert len({take.artifact.seed for take in shown.takes}) == 3


class _Any(set[int]):
    """Every number is in it."""

    def __contains__(self, item: object) -> bool:
        return True


def test_taking_back_an_automatic_approval_ends_the_automatism_of_that_stage() -> None:
    walk = Walk(request=Request("text-to-video", "a red ball", automatic=("prompt", "video")))
    walk.record_all()
    walk.decide(lambda now: decisions.reject(now, "prompt"))
    assert walk.view.automatic == ("video",)
    assert walk.statuses()[0] == "waiting"


def test_names_are_kept_beside_what_they_name() -> None:
    walk = Walk()
    walk.record_all()
    take = walk.stage("prompt").takes[0]
    walk.decide(lambda now: decisions.rename(now, "  My   film ", None))
    walk.decide(lambda now: decisions.rename(now, "the dull one", take.id))
    assert walk.view.title == "My film"
    assert walk.stage("prompt").takes[0].name == "the dull one"


@pytest.mark.parametrize("name", ["", "   ", "x" * 121])
def test_a_name_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(DecisionError, match="name"):
        decisions.rename(Walk().view, name, None)


def test_seeds_begin_with_the_request_and_are_counted_up_then_derived() -> None:
    walk = Walk(request=Request("text-to-video", "a red ball", seed=7))
    assert [one.seed for one in walk.pending()] == [7]
    walk.record_all()
    walk.approve("prompt")
    assert [one.seed for one in walk.pending()] == [7, 8]
    walk.retry("key_frame", takes=2)
    seeds = [one.seed for one in walk.pending()]
    assert len(set(seeds)) == 4
    again = Walk(request=Request("text-to-video", "a red ball", seed=7))
    again.record_all()
    again.approve("prompt")
    again.retry("key_frame", takes=2)
    assert [one.seed for one in again.pending()] == seeds
    walk.decide(lambda now: decisions.retry(now, "key_frame", Wish(takes=2, seed=2**32 - 1), walk.new_id))
    assert [one.seed for one in walk.pending()][-2:] == [2**32 - 1, 0]


def test_a_stage_may_have_a_seed_of_its_own() -> None:
    walk = Walk(request=Request("text-to-video", "a red ball", settings={"key_frame": {"seed": 90, "takes": 1}}))
    walk.record_all()
    walk.approve("prompt")
    (request,) = walk.pending()
    assert request.seed == 90
    assert request.settings == {"profile": "pocket", "steps": 12}, "what is for the runner does not reach the agent"


@pytest.mark.parametrize(
    "wish",
    [
        lambda now: decisions.approve(now, "video", "nothing"),
        lambda now: decisions.approve(now, "prompt", "nothing"),
        lambda now: decisions.approve(now, "nowhere", "nothing"),
        lambda now: decisions.reject(now, "prompt"),
        lambda now: decisions.retry(now, "video", Wish(), str),
        lambda now: decisions.automatic(now, ["nowhere"]),
        lambda now: decisions.rename(now, "name", "nothing"),
    ],
)
def test_a_decision_that_does_not_fit_is_refused_with_what_would(wish: object) -> None:
    walk = Walk()
    walk.record_all()
    with pytest.raises(DecisionError) as caught:
        walk.decide(wish)  # type: ignore[arg-type]
    assert caught.value.remedy


def test_a_take_cannot_be_approved_at_another_stage() -> None:
    walk = Walk()
    walk.finish()
    take = walk.stage("prompt").takes[0].id
    with pytest.raises(DecisionError, match="another stage"):
        walk.decide(lambda now: decisions.approve(now, "video", take))


def test_approving_twice_writes_once() -> None:
    walk = Walk()
    walk.record_all()
    walk.approve("prompt")
    count = len(walk.entries)
    walk.approve("prompt")
    assert len(walk.entries) == count


@pytest.mark.parametrize("entries", [(), (Entry(0, "now", Renamed("x")),)])
def test_a_journal_without_its_beginning_is_damaged(entries: tuple[Entry, ...]) -> None:
    with pytest.raises(JournalDamagedError):
        view(Project("0" * 12, Path("nowhere"), entries), Walk().task)


# --------------------------------------------------------------------------------- whatever the person does

STAGES = ("prompt", "key_frame", "video")
Step = tuple[str, int]
WAYS = (*["record"] * 3, *["approve"] * 3, "start", "fail", "cancel", "reject", "retry")
MORE = ("motion", "scene", "automatic", "rename")
steps = st.lists(
    st.tuples(
        st.sampled_from((*WAYS, *MORE)),
        st.integers(0, 7),
    ),
    max_size=40,
)


@settings(max_examples=150, deadline=None)
@given(steps)
def test_whatever_is_done_the_road_holds_together(taken: list[Step]) -> None:
    walk = Walk()
    for step in taken:
        before = walk.view
        _take_step(walk, *step)
        after = walk.view
        _statuses_fit(walk)
        for was, now in zip(before.stages, after.stages, strict=True):
            assert now.takes[: len(was.takes)] == was.takes or step[0] == "rename", "takes stay, in order"
            assert [take.number for take in now.takes] == list(range(1, len(now.takes) + 1))
            assert now.asked >= was.asked
            assert now.tries <= now.stage.tries
            decided = step[0] in ("approve", "reject") or (
                step[0] in ("motion", "scene") and now.stage.name == "prompt"
            )
            if not decided and was.inputs == now.inputs:
                assert was.status != "approved" or (now.status, _id(now)) == ("approved", _id(was))


def _id(shown: StageView) -> str | None:
    return shown.chosen.id if shown.chosen else None


def _take_step(walk: Walk, what: str, which: int) -> None:
    stage = STAGES[which % 3]
    pending = walk.pending()
    try:
        match what:
            case "start" | "record" | "fail" | "cancel" if pending:
                getattr(walk, what)(pending[which % len(pending)])
            case "approve" if walk.stage(stage).takes:
                walk.approve(stage, which % len(walk.stage(stage).takes) + 1)
            case "reject":
                walk.decide(lambda now: decisions.reject(now, stage))
            case "retry":
                walk.retry(stage, takes=which % 2 + 1)
            case "motion" | "scene":
                walk.edit(**{what: f"{what} {which}"})
            case "automatic":
                chosen = [name for bit, name in enumerate(STAGES) if which >> bit & 1]
                walk.decide(lambda now: decisions.automatic(now, chosen))
            case "rename":
                walk.write([Renamed(f"name {which}"), Automatic(walk.view.automatic)])
            case _:
                pass
    except DecisionError:
        pass  # it does not fit here: nothing was written


def _statuses_fit(walk: Walk) -> None:
    open_before = False
    for shown in walk.view.stages:
        mine = [one for one in shown.pending if one.inputs == shown.inputs]
        fresh = [take for take in shown.takes if take.inputs == shown.inputs]
        assert (shown.inputs is None) == open_before
        assert (shown.status == "locked") <= open_before
        if open_before:
            assert shown.status in ("locked", "stale")
        if shown.status == "approved":
            assert shown.chosen is not None
        elif shown.inputs is not None:
            assert (shown.status in ("queued", "running")) == bool(mine)
            assert (shown.status == "waiting") == bool(fresh and not mine)
        assert (shown.status == "stale") == bool(shown.stale_because)
        assert shown.status != "ready", "what is ready is asked for at once"
        open_before = open_before or shown.status != "approved"
