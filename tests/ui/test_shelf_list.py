"""The Models tab's markup: what each row says and offers, what is asked first, and what is on its way."""

from __future__ import annotations

from dataclasses import replace

from engine.models.profiles import POCKET
from engine.models.rows.images import SDXL, SDXL_REFINED
from engine.models.rows.videos import SVD_XT
from engine.seen import Errand, ModelView, PresetView, ShelfView, Speed
from ui.parts.errands import errand_list, how_far
from ui.parts.preset_choice import preset_choice, proposal
from ui.parts.shelf_list import shelf_list, size

GB = 1000**3
PRESETS = (
    PresetView("pocket", "No GPU", {"text_to_image": "pocket"}),
    PresetView("12", "12 GB", {"text_to_image": "sdxl"}, "proposed"),
)
SHELF = ShelfView(
    models=(
        ModelView(POCKET, "ships", 33_000_000, speeds=(Speed("text_to_image", 0.5, 1.0),)),
        ModelView(SDXL, "here", 7 * GB, shares=(SDXL_REFINED.title,)),
        ModelView(SDXL_REFINED, "in part", 8 * GB),
        ModelView(SVD_XT, "not here", 0, why_not="It needs 15 GB of GPU memory; this machine has 12 GB."),
    ),
    presets=PRESETS,
    errands=(),
    free_bytes=2 * GB,
    folder="/cache",
    gpu_gib=12.0,
)
NOTHING = ("", "")


def test_each_row_says_what_it_needs_permits_and_took() -> None:
    told = shelf_list(SHELF, NOTHING)
    assert "33 MB on disk · 1.5 GB of memory · measured here: pictures from words in about 4.0 s (6 steps)" in told
    assert "About 4.5 GB on disk · 15 GB of GPU memory, 9 GB held in parts" in told
    assert f"Licence: {SVD_XT.licence}. {SVD_XT.restrictions}" in told
    assert "It needs 15 GB of GPU memory; this machine has 12 GB." in told
    assert "speed not measured here yet" in told
    assert "8.0 GB of about 13.1 GB on disk" in told
    assert told.count("<li>") == len(SHELF.models), "each once"


def test_what_can_be_done_depends_on_what_is_here() -> None:
    told = shelf_list(SHELF, NOTHING)
    for name in ("Download: Stable Video Diffusion XT", "Resume: Stable Diffusion XL with its refiner"):
        assert f'aria-label="{name}"' in told
    assert 'aria-label="Remove: Stable Diffusion XL"' in told
    assert 'aria-label="Check the files of Pocket world"' in told
    assert "Remove: Pocket world" not in told
    coming = replace(SHELF, errands=(Errand("sdxl-refined", "download", "coming"),))
    assert "Resume" not in shelf_list(coming, NOTHING)


def test_size_free_disk_and_licence_are_said_before_a_download() -> None:
    asked = shelf_list(SHELF, ("download", "svd-xt"))
    assert "About 4.5 GB come from stabilityai/stable-video-diffusion-img2vid-xt; 2.0 GB are free." in asked
    assert "The disk is too full for it" in asked
    assert 'data-do="model-download"' in asked
    assert 'data-do="model-download"' not in shelf_list(SHELF, NOTHING)
    roomy = shelf_list(replace(SHELF, free_bytes=100 * GB), ("download", "svd-xt"))
    assert "too full" not in roomy


def test_what_a_removal_takes_along_is_said_before_it() -> None:
    asked = shelf_list(SHELF, ("remove", "sdxl"))
    assert "7.0 GB become free" in asked
    assert f"{SDXL_REFINED.title} uses some of these files too" in asked


def test_a_download_says_how_far_it_is() -> None:
    coming = Errand("sdxl", "download", "coming", 3 * GB, 7 * GB, 80.0, 50_000_000.0)
    assert how_far(coming) == "3.0 GB of 7.0 GB, 50 MB a second, 80 s left"
    told = errand_list(replace(SHELF, errands=(coming,)))
    assert 'value="0.429" max="1" aria-label="Download of Stable Diffusion XL"' in told
    assert 'aria-label="Stop Stable Diffusion XL"' in told


def test_a_failure_is_an_alert_with_its_remedy_and_no_markup_of_its_own() -> None:
    failed = Errand("sdxl", "download", "failed", problem="<b>The hub</b> has no such repository. Check the name.")
    told = errand_list(replace(SHELF, errands=(failed,)))
    assert 'role="alert"' in told
    assert "&lt;b&gt;The hub" in told
    assert 'aria-label="Try again: Stable Diffusion XL"' in told
    stopped = replace(failed, status="stopped", problem="")
    assert "Resume" in errand_list(replace(SHELF, errands=(stopped,)))
    assert errand_list(SHELF) == ""


def test_a_preset_is_proposed_with_what_it_picks() -> None:
    told = preset_choice(SHELF)
    assert "This machine has a GPU with 12 GB: the preset 12 GB fits it." in told
    assert "Use it" in told
    assert "Stable Diffusion XL" in told
    chosen = (PRESETS[0], replace(PRESETS[1], choice="chosen"))
    told = preset_choice(replace(SHELF, presets=chosen))
    assert "You chose the preset 12 GB." in told
    assert "Use it" not in told
    assert 'aria-pressed="true"' in told
    assert "the preset 12 GB has one for each job" in proposal(PRESETS[1])
    assert proposal(None) == ""


def test_sizes_are_read_in_powers_of_ten() -> None:
    assert [size(n) for n in (0, 999, 33_400_000, 6.94e9, 127e9)] == ["0 B", "999 B", "33 MB", "6.9 GB", "127 GB"]
