"""What opens as a picture, what is refused and in which words, and how pictures are fitted and written."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from engine.errors import ImageError, SettingError
from engine.media.images import encode_png, fit, open_image
from engine.media.limits import ImageLimits
from engine.media.videos import encode_video
from tests.media.pictures import clip, flat_art, psnr, saved


def half_red_half_blue() -> Image.Image:
    image = Image.new("RGB", (40, 20), "red")
    image.paste("blue", (20, 0, 40, 20))
    return image


def png_header(width: int, height: int) -> bytes:
    """A PNG that says it is huge, and holds next to nothing."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = chunk(b"IDAT", zlib.compress(bytes(1000)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + data + chunk(b"IEND", b"")


@pytest.mark.parametrize(("name", "least"), [("PNG", 99.0), ("JPEG", 30.0), ("WEBP", 30.0)])
def test_the_three_formats_open(name: str, least: float) -> None:
    art = flat_art()
    opened = open_image(saved(art, name))
    assert opened.mode == "RGB"
    assert psnr(np.asarray(opened), np.asarray(art)) > least


@pytest.mark.parametrize(
    ("orientation", "turns"), [(1, 0), (3, 2), (6, 3), (8, 1)], ids=["upright", "upside down", "right", "left"]
)
def test_exif_rotation_is_honoured(orientation: int, turns: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    opened = open_image(saved(half_red_half_blue(), "PNG", exif=exif))
    assert np.array_equal(np.asarray(opened), np.rot90(np.asarray(half_red_half_blue()), turns))
    assert not opened.getexif()


def test_transparency_is_laid_on_white() -> None:
    opened = open_image(saved(Image.new("RGBA", (4, 4), (255, 0, 0, 128)), "PNG"))
    assert opened.getpixel((0, 0)) == pytest.approx((255, 127, 127), abs=1)


def test_a_transparent_palette_colour_is_laid_on_white() -> None:
    image = Image.new("P", (4, 4), 0)
    image.putpalette([0, 0, 255, 255, 0, 0])
    image.putpixel((1, 1), 1)
    opened = open_image(saved(image, "PNG", transparency=0))
    assert opened.getpixel((0, 0)) == (255, 255, 255)
    assert opened.getpixel((1, 1)) == (255, 0, 0)


def test_sixteen_bit_grey_keeps_its_shades() -> None:
    levels = np.linspace(0, 65535, 256).astype(np.uint16).reshape(16, 16)
    opened = np.asarray(open_image(saved(Image.fromarray(levels), "PNG")))
    assert np.abs(opened[..., 0].astype(int).ravel() - np.arange(256)).max() <= 1


@pytest.mark.parametrize(("mode", "name"), [("L", "PNG"), ("LA", "PNG"), ("1", "PNG"), ("CMYK", "JPEG"), ("L", "JPEG")])
def test_every_colour_mode_becomes_rgb(mode: str, name: str) -> None:
    grey = Image.new("RGB", (8, 8), (255, 255, 255)).convert(mode)
    opened = open_image(saved(grey, name))
    assert opened.mode == "RGB"
    assert min(opened.getpixel((3, 3))) >= 250  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["GIF", "BMP", "TIFF", "ICO"])
def test_another_format_is_refused_by_its_own_name_whatever_the_file_is_called(name: str) -> None:
    with pytest.raises(ImageError, match="cannot be used as a picture") as caught:
        open_image(saved(half_red_half_blue(), name))
    assert caught.value.value == {"ICO": "icon"}.get(name, name)
    assert caught.value.limit == "PNG, JPEG or WebP"
    assert caught.value.remedy


def test_a_video_where_a_picture_belongs_is_called_a_video() -> None:
    with pytest.raises(ImageError, match="This is a video"):
        open_image(encode_video(clip(2, 32), 8))


@pytest.mark.parametrize("name", ["PNG", "WEBP"])
def test_an_animated_picture_is_refused_with_its_reason(name: str) -> None:
    first, second = Image.new("RGB", (8, 8), "red"), Image.new("RGB", (8, 8), "blue")
    with pytest.raises(ImageError, match="animated") as caught:
        open_image(saved(first, name, save_all=True, append_images=[second], duration=100))
    assert caught.value.value == "2 frames"


def test_a_bomb_is_refused_from_its_header() -> None:
    tracemalloc.start()
    with pytest.raises(ImageError, match="too many pixels") as caught:
        open_image(png_header(30_000, 30_000))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert caught.value.value == "30000 x 30000"
    assert caught.value.limit == "50 megapixels"
    assert peak < 5_000_000


def test_pixels_and_bytes_up_to_the_limit_are_let_in() -> None:
    art = saved(half_red_half_blue(), "PNG")
    assert open_image(art, ImageLimits(size_bytes=len(art), pixels=800)).size == (40, 20)
    with pytest.raises(ImageError, match="file is too large"):
        open_image(art, ImageLimits(size_bytes=len(art) - 1))
    with pytest.raises(ImageError, match="too many pixels"):
        open_image(art, ImageLimits(pixels=799))


def test_an_empty_file_says_so() -> None:
    with pytest.raises(ImageError, match=r"The file is empty.*0 bytes"):
        open_image(b"")


def test_text_is_not_a_picture() -> None:
    with pytest.raises(ImageError, match="not a picture"):
        open_image(b"hello, this is no picture")


@pytest.mark.parametrize("name", ["PNG", "JPEG", "WEBP"])
def test_a_truncated_file_is_damaged(name: str) -> None:
    noise = Image.fromarray(np.random.default_rng(0).integers(0, 255, (64, 64, 3), dtype=np.uint8))
    data = saved(noise, name)
    for share in (0.1, 0.5, 0.9):
        with pytest.raises(ImageError, match="damaged or cut off"):
            open_image(data[: int(len(data) * share)])


WHOLE = {name: saved(flat_art(side=32), name) for name in ("PNG", "JPEG", "WEBP")}


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(WHOLE)), st.integers(0, 400), st.binary(min_size=1, max_size=8))
def test_whatever_is_broken_in_a_file_it_opens_or_raises_an_image_error(name: str, place: int, junk: bytes) -> None:
    data = bytearray(WHOLE[name])
    data[place : place + len(junk)] = junk
    try:
        mode = open_image(bytes(data)).mode
    except ImageError:
        mode = "refused"
    assert mode in ("RGB", "refused")


def test_crop_fills_the_frame_and_keeps_the_middle() -> None:
    wide = Image.new("RGB", (300, 100), "black")
    wide.paste("white", (100, 0, 200, 100))
    cropped = np.asarray(fit(wide, (96, 96), "crop"))
    assert cropped.shape == (96, 96, 3)
    assert cropped[:, 4:-4].min() > 250


def test_letterbox_shows_all_of_it_on_black() -> None:
    boxed = np.asarray(fit(Image.new("RGB", (300, 100), "white"), (96, 96), "letterbox"))
    assert boxed.shape == (96, 96, 3)
    assert boxed[:32].max() == 0
    assert boxed[64:].max() == 0
    assert boxed[33:63].min() == 255


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 700), st.integers(1, 700), st.sampled_from(["crop", "letterbox"]))
def test_any_size_and_aspect_fits(width: int, height: int, how: str) -> None:
    assert fit(Image.new("RGB", (width, height), "red"), (64, 48), how).size == (64, 48)


def test_an_unknown_way_of_fitting_is_refused() -> None:
    with pytest.raises(SettingError, match="stretch"):
        fit(flat_art(), (64, 64), "stretch")


def test_png_is_the_same_each_time_and_carries_no_metadata() -> None:
    note = PngInfo()
    note.add_text("Author", "somebody")
    tagged = Image.open(io.BytesIO(saved(flat_art(), "PNG", pnginfo=note, icc_profile=b"somebody's screen")))
    data = encode_png(tagged)
    assert data == encode_png(flat_art())
    assert b"somebody" not in data
    assert b"iCCP" not in data
    assert np.array_equal(np.asarray(open_image(data)), np.asarray(flat_art()))
