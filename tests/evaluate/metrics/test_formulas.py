"""Every formula against the value that its docstring works out by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.errors import ImageError, VideoError
from engine.evaluate.metrics import first_frame, reference, text_similarity
from engine.evaluate.metrics.adjacent_frames import adjacent_frames
from engine.evaluate.metrics.consistency import consistency
from engine.evaluate.metrics.dynamic_degree import dynamic_degree, largest
from engine.evaluate.metrics.features import Footage, cosine
from engine.evaluate.metrics.flow_square_mean import flow_square_mean
from engine.evaluate.metrics.length import frame_count, length
from engine.evaluate.metrics.motion_smoothness import motion_smoothness
from engine.evaluate.metrics.quality import aesthetic_quality, imaging_quality
from engine.evaluate.metrics.ssim import ssim
from engine.evaluate.metrics.table import METRICS, PUBLISHED, Kit, measure
from engine.evaluate.metrics.temporal_coherence import tcon, tmean
from engine.evaluate.metrics.temporal_style import sampled_indices, temporal_style
from engine.evaluate.metrics.video_quality import SIX, video_quality
from engine.evaluate.metrics.video_text import video_text_integration
from tests.evaluate.metrics.fakes import Flows, Known, Means, grey

TURNING = Known({0: (1, 0), 1: (0, 1), 2: (0.6, 0.8), 3: (-0.6, -0.8)}, {"up": (0, 2), "x": (4, 3)})


def footage(*levels: int, **more: object) -> Footage:
    return replace(Footage(grey(*levels), 8.0), **more)  # type: ignore[arg-type]


def test_consistency_looks_back_at_the_one_before_and_at_the_first() -> None:
    assert consistency(footage(0, 1, 2), TURNING) == pytest.approx(0.35, abs=1e-9)
    assert consistency(footage(2, 3), TURNING) == 0
    with pytest.raises(VideoError, match="too few frames"):
        consistency(footage(0), TURNING)


def test_motion_smoothness_makes_the_odd_frames_again() -> None:
    assert motion_smoothness(footage(0, 40, 100, 100, 100), Means()) == pytest.approx(250 / 255, abs=1e-9)
    with_a_last_odd_one = footage(0, 40, 100, 100, 100, 7)
    assert motion_smoothness(with_a_last_odd_one, Means()) == pytest.approx(0.98039216, abs=1e-8)


def test_dynamic_degree_counts_pairs_above_the_threshold() -> None:
    flows = Flows({0: (7, 0), 1: (0, -7), 2: (6, 0)})
    still = [3] * 5
    assert dynamic_degree(Footage(grey(0, 1, 2, *still, edge=256), 8.0), flows) == 1
    assert dynamic_degree(Footage(grey(0, 1, 2, *still, *still, 3, 3, 3, edge=256), 8.0), flows) == 0
    slower = Footage(grey(0, 1, 2, *still, edge=256), 4.0)
    assert dynamic_degree(slower, flows) == 0
    twice_as_many = Footage(grey(0, 0, 1, 1, 2, 2, *still, *still, edge=256), 16.0)
    assert dynamic_degree(twice_as_many, flows) == 1


def test_the_largest_flow_is_that_of_one_vector_in_twenty() -> None:
    flow = np.zeros((2, 20, 2))
    flow[0, 0], flow[1, 3], flow[1, 4] = (3, 4), (0, 9), (1, 0)
    assert largest(flow) == 7
    assert largest(flow[:, :9]) == 0


def test_marks_are_shares_of_their_scale() -> None:
    marks = Known({4: (4,), 5: (5,), 6: (6,), 30: (30,), 61: (61,)})
    assert aesthetic_quality(footage(4, 5, 6), marks) == pytest.approx(0.5)
    assert imaging_quality(footage(30, 61), marks) == pytest.approx(0.455)


def test_temporal_style_looks_at_eight_frames() -> None:
    assert sampled_indices(16) == [0, 2, 4, 6, 8, 10, 12, 14]
    assert sampled_indices(17) == [0, 2, 4, 6, 8, 10, 12, 15]
    assert sampled_indices(3) == [0, 1, 2, 2, 2, 2, 2, 2]
    seen = Known({5: (3, 4)}, {"x": (4, 3)})
    assert temporal_style(footage(*[5] * 16, prompt="x"), seen) == pytest.approx(0.96)


def test_likeness_to_words_is_a_mean_over_frames() -> None:
    assert text_similarity.appearance_style(footage(0, 2, style="up"), TURNING) == pytest.approx(0.4)
    first_sixteen = footage(*[0] * 16, 1, 1, prompt="up")
    assert text_similarity.text_similarity(first_sixteen, TURNING) == 0
    assert text_similarity.appearance_style(replace(first_sixteen, style="up"), TURNING) == pytest.approx(2 / 18)


def test_adjacent_frames_are_not_held_above_nothing() -> None:
    assert adjacent_frames(footage(0, 2, 3), TURNING) == pytest.approx(-0.2)
    assert adjacent_frames(footage(*[0] * 16, 3), TURNING) == 1


def test_the_first_frame_against_the_picture() -> None:
    given = footage(13, 99, image=grey(10)[0])
    assert first_frame.first_frame_mse(given) == pytest.approx(9)
    other_size = footage(13, image=grey(10, edge=16)[0])
    assert first_frame.first_frame_mse(other_size) == pytest.approx(9)
    assert first_frame.first_frame_ssim(footage(10, image=grey(10)[0])) == pytest.approx(1)
    assert first_frame.image_similarity(footage(0, 2, image=grey(0)[0]), TURNING) == pytest.approx(0.8)
    with pytest.raises(ImageError, match="missing"):
        first_frame.first_frame_mse(footage(1))


def test_ssim_of_one_window() -> None:
    black, white = grey(0, 255, edge=7)
    assert ssim(black, white) == pytest.approx(0.000099990, abs=1e-9)
    spot = black.copy()
    spot[3, 5] = 255
    assert ssim(spot, black) == pytest.approx(0.00817771, abs=1e-8)
    assert ssim(spot, spot) == 1
    with pytest.raises(ImageError, match="7x7"):
        ssim(black[:6], black[:6])


def test_a_video_against_its_reference() -> None:
    made = footage(*[0] * 15, 1)
    long = footage(*[0] * 56).frames
    assert reference.key_frame_similarity(replace(made, reference=long), TURNING) == pytest.approx(0.8)
    assert reference.key_frame_ssim(replace(footage(*[0] * 16), reference=long)) == pytest.approx(1)
    assert reference.corresponding_frames(replace(made, reference=long[:9]), TURNING) == 1
    with pytest.raises(VideoError, match="too few frames"):
        reference.key_frame_similarity(replace(made, reference=long[:55]), TURNING)
    with pytest.raises(VideoError, match="held against"):
        reference.corresponding_frames(made, TURNING)


def test_flow_square_mean_is_squared_pixels() -> None:
    assert flow_square_mean(footage(0, 1, 1), Flows({0: (3, 4)})) == pytest.approx(12.5)


def test_how_long() -> None:
    assert length(footage(*[0] * 17)) == 2.125
    assert frame_count(footage(*[0] * 17)) == 17


def test_moras_coherence() -> None:
    made = footage(2, reference=grey(0), second=grey(1))
    assert tcon(made, TURNING) == pytest.approx(0.6)
    assert tmean(made, TURNING) == pytest.approx(0.7)
    with pytest.raises(VideoError, match="second"):
        tmean(replace(made, second=None), TURNING)


def test_video_text_integration_joins_the_words_with_what_the_picture_shows() -> None:
    reader = Known({}, {"roll level 7": (1, 1), "level 9, moving": (1, 0)})
    seen = footage(9, 9, prompt="roll", image=grey(7)[0])
    assert video_text_integration(seen, reader, reader) == pytest.approx(0.70710678, abs=1e-8)


def test_video_quality_is_the_mean_of_six() -> None:
    values = dict(zip(SIX, (0.9, 0.9, 0.9, 0.6, 1.0, 0.5), strict=True))
    assert video_quality(values) == pytest.approx(0.8)
    assert video_quality({**values, "other": 3.0}) == pytest.approx(0.8)
    assert video_quality({"subject consistency": 1.0}) is None


def test_a_vector_of_nothing_is_like_nothing() -> None:
    assert cosine(np.zeros(2), np.ones(2)) == 0


def test_only_the_published_features_make_the_published_name() -> None:
    named = replace(TURNING, name=PUBLISHED["subject"])
    row, why = measure(footage(0, 1, 2), Kit(subject=named, background=TURNING), tuple(METRICS))
    assert row["subject consistency"] == row["background consistency, known features"] == pytest.approx(0.35)
    assert why["dynamic degree"] == "needs RAFT, which is not here"
    assert why["first frame MSE"] == "needs the picture that it began with"
    assert "video quality" not in row


def test_video_quality_says_whose_features_it_is_of() -> None:
    marks = Known({0: (5,), 1: (5,), 2: (5,)})
    kit = Kit(TURNING, TURNING, flow=Flows({}), interpolator=Means(), aesthetic=marks, imaging=marks)
    row, _ = measure(footage(0, 1, 2), kit, SIX)
    assert "video quality, other features than the published" in row
    assert len(row) == 7


def test_one_metric_that_fails_keeps_no_other_from_being_taken() -> None:
    row, why = measure(footage(0), Kit(subject=TURNING), ("subject consistency", "frame count"))
    assert row == {"frame count": 1}
    assert why["subject consistency"].startswith("The video has too few frames")
