"""What happened, to read: the pictures or the video that were looked at, and the moments as a timeline."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from engine.seen import ProjectView
from ui import present
from ui.markup import Markup, element, join

SURE = 0.5
"""Below this confidence a moment is drawn as a guess."""
MOST_STILLS = 24
"""More moments are told without pictures: each is a video to the browser."""
STILL = "nothing happens"


def timeline(view: ProjectView, told: bytes) -> Markup:
    """The moments in a take's file `told`: of a video along a bar, of two pictures beside them."""
    moments: Sequence[Mapping[str, Any]] = json.loads(told)["moments"]
    uploads = {name: f"media/{view.id}/{file.partition('.')[0]}" for name, file in view.request.uploads.items()}
    filmed = uploads.get("video") if len(moments) <= MOST_STILLS else ""
    rows = element("ol", *(_row(one, filmed) for one in moments), class_="moments")
    return join((_bar(moments), rows) if "video" in uploads else (_pair(uploads), rows))


def _pair(uploads: Mapping[str, str]) -> Markup:
    sides = (("image", "Before"), ("last_image", "After"))
    figures = [
        element("figure", element("img", src=uploads[name], alt=title), element("figcaption", title))
        for name, title in sides
    ]
    return element("div", *figures, class_="moment-pair")


def _bar(moments: Sequence[Mapping[str, Any]]) -> Markup:
    """The whole video as one bar, a piece for each moment."""
    pieces = [
        element(
            "span",
            class_=f"moment-piece {_look(one)}",
            style=f"flex-grow: {one['ends'] - one['begins']:.2f}",
            title=f"{_when(one)}: {one['told'][0]['text']}",
        )
        for one in moments
    ]
    return element("div", *pieces, class_="moment-bar", aria_hidden="true")


def _row(moment: Mapping[str, Any], video: str | None) -> Markup:
    """One moment: when, its last picture, what happened, and what else it may have been. video: None of pictures."""
    first, *others = moment["told"]
    still = None
    if video:
        shown = element(
            "video", src=f"{video}#t={moment['ends']:.2f}", muted=True, playsinline=True, preload="metadata"
        )
        still = element("span", shown, class_="thumb")
    rather = " or ".join(f"{one['text']} ({one['confidence']:.0%})" for one in others if one["confidence"] >= 0.05)
    return element(
        "li",
        still,
        element(
            "div",
            None if video is None else element("small", _when(moment)),
            element("b", present.sentence(first["text"])),
            None if _look(moment) == "calm" else _sureness(first["confidence"], rather),
        ),
        class_=_look(moment),
    )


def _sureness(confidence: float, rather: str) -> Markup:
    """How sure it is, and what else it may have been."""
    meter = element("meter", min=0, max=1, value=confidence, aria_label="How sure it is")
    return join((meter, element("small", f"{confidence:.0%} sure" + (f"; else {rather}" if rather else ""))))


def _look(moment: Mapping[str, Any]) -> str:
    first = moment["told"][0]
    return "unsure" if first["confidence"] < SURE else "calm" if first["text"] == STILL else "told"


def _when(moment: Mapping[str, Any]) -> str:
    return f"{moment['begins']:.1f} to {moment['ends']:.1f} s"
