"""ffmpeg's filters as the media room uses them: colours in and out, a steady rate, upright, flat, fitted."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from engine.media.placement import Box, Placement, Size

_SCALER: Final = "lanczos+accurate_rnd+full_chroma_int+full_chroma_inp+bitexact"
_YUV: Final = (
    f"out_color_matrix=bt709:out_range=tv:sws_flags={_SCALER},format=yuv420p,"
    "setparams=color_primaries=bt709:color_trc=bt709:colorspace=bt709:range=tv"
)
RGB_TO_YUV: Final = f"scale=in_range=pc:{_YUV}"
"""RGB -> what browsers show with the same colours: H.264's yuv420p, BT.709, limited range, and tagged so."""
TO_YUV: Final = f"scale={_YUV}"
"""Any pixels -> the same, as they are tagged; what is so already stays bit for bit."""
TO_RGB: Final = f"scale=out_range=pc:sws_flags={_SCALER},format=rgb24"
"""Any pixels -> 8-bit RGB, full range, as the file is tagged."""
_LIGHT: Final = (
    "zscale=t=linear:npl=203,format=gbrpf32le,zscale=p=bt709,tonemap=mobius:desat=0,"
    "zscale=t=bt709:m=bt709:r=tv,format=yuv444p10le"
)
_ON_WHITE: Final = (
    "format=rgba,split[shape][plain];[plain]lutrgb=r=255:g=255:b=255:a=255[white];"
    "[white][shape]overlay=format=rgb:shortest=1,format=rgb24"
)


def steady(rate: Fraction, start: Fraction, own: Fraction) -> str:
    """One frame every 1/rate seconds from `start` on, of a video with `own` frames a second; the first has time 0.

    Where some are left out, each is the nearest in time, so the first is the one shown at `start`; where some are shown
    again, none comes before its time. ffmpeg takes the last frame before the middle of each 1/rate seconds, which is
    one too late where they are long, so there its grid begins earlier; in microseconds, as some files count in frames.
    """
    early = max(Fraction(0), 1 / rate - 1 / own) / 2
    return f"settb=AVTB,fps=fps={rate}:start_time={float(start - early):.6f}:round=near,setpts=PTS-STARTPTS"


def to_sdr() -> str:
    """HDR (BT.2020, PQ or HLG) -> BT.709: white at 203 nits as ITU-R BT.2408 has it, what is brighter rolled off."""
    return _LIGHT


def as_hd() -> str:
    """HD without a colour tag is BT.709, as players have it."""
    return "setparams=colorspace=bt709"


def on_white() -> str:
    """Transparency laid on white, as with pictures."""
    return _ON_WHITE


def scaled(size: Size) -> str:
    """At this size, aspect or not."""
    return f"scale={size[0]}:{size[1]}:sws_flags={_SCALER},setsar=1"


def cropped(box: Box) -> str:
    """Only this rectangle."""
    return f"crop={box.width}:{box.height}:{box.left}:{box.top}:exact=1"


def fitted(placed: Placement) -> str:
    """A source of any pixels brought to the frame of a placement, as 8-bit RGB, black where it does not reach.

    Scaled and converted in one: no colour is lost on the way, and a large source takes no longer than it must.
    """
    place, (width, height) = placed.place, placed.frame
    fitting = f"scale={place.width}:{place.height}:out_range=pc:sws_flags={_SCALER},format=rgb24,setsar=1"
    return f"{cropped(placed.shown)},{fitting},pad={width}:{height}:{place.left}:{place.top}"


def even(size: Size) -> str:
    """Even sides, as yuv420p needs: an odd one gets its last row or column twice."""
    right, bottom = size[0] % 2, size[1] % 2
    if not right and not bottom:
        return "null"
    grown = f"pad={size[0] + right}:{size[1] + bottom}"
    return f"format=gbrp,{grown},fillborders=right={right}:bottom={bottom}:mode=smear"
