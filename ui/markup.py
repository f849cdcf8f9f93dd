"""HTML built from parts that are escaped unless they are already markup.

Goes in: tag names, attributes, text and other markup. Comes out: `Markup`, fit for `gr.HTML`.
Everything that a person or a model wrote passes through here as plain `str`, and so can never become a tag.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

VOID = frozenset({"img", "input", "br", "hr", "use", "source"})

Attribute = str | int | float | bool | None


class Markup(str):
    """HTML that was built here, or by the house itself; never text from outside."""

    __slots__ = ()


def text(value: object) -> Markup:
    """Any value as escaped text; `Markup` passes unchanged."""
    return value if isinstance(value, Markup) else Markup(escape(str(value), quote=True))


def join(parts: Iterable[str | None]) -> Markup:
    """Parts one after the other, each escaped unless it is markup; `None` is left out."""
    return Markup("".join(text(part) for part in parts if part is not None))


def element(name: str, *children: str | None, **attributes: Attribute) -> Markup:
    """One element. `class_` and `for_` lose their underscore, others turn `_` into `-`.

    `True` writes a bare attribute; `False` and `None` leave it out.
    """
    written = []
    for key, value in attributes.items():
        if value is None or value is False:
            continue
        attribute = key.rstrip("_").replace("_", "-")
        written.append(f" {attribute}" if value is True else f' {attribute}="{escape(str(value), quote=True)}"')
    opening = f"<{name}{''.join(written)}>"
    return Markup(opening if name in VOID else f"{opening}{join(children)}</{name}>")


def icon(name: str) -> Markup:
    """A drawing from assets/icons.svg, which the shell puts on the page once; hidden from screen readers."""
    use = element("use", href=f"#icon-{name}")
    return element("svg", use, class_=f"icon icon-{name}", aria_hidden="true", focusable="false")


def doer(label: str | Markup, do: str, *, class_: str = "link", **data: Attribute) -> Markup:
    """A button that tells the page what to do; `data` travels along as data-attributes.

    `hint` becomes its title and accessible name, `disabled` and `pressed` what they say.
    """
    own = {
        "title": data.pop("hint", None),
        "disabled": data.pop("disabled", None),
        "aria_pressed": data.pop("pressed", None),
    }
    told = {f"data_{key}": value for key, value in data.items()}
    return element("button", label, type="button", class_=class_, data_do=do, aria_label=own["title"], **own, **told)
