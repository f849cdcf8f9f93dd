"""Nothing that a person or a model wrote becomes markup."""

from __future__ import annotations

from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from ui.markup import Markup, doer, element, icon, join, text

HOSTILE = st.one_of(
    st.text(),
    st.sampled_from(
        ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "' onclick='x", "&lt;b&gt;", "</p><p>", "{{x}}"]
    ),
)


class Reader(HTMLParser):
    """What a browser would make of it."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[dict[str, str | None]] = []
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes.append(dict(attrs))

    def handle_data(self, data: str) -> None:
        self.words += data


def read(markup: str) -> Reader:
    reader = Reader()
    reader.feed(markup)
    reader.close()
    return reader


@given(HOSTILE, HOSTILE)
def test_text_and_attributes_are_escaped(words: str, value: str) -> None:
    reader = read(element("p", words, title=value))
    assert reader.tags == ["p"]
    assert list(reader.attributes[0]) == ["title"]


@given(HOSTILE)
def test_data_of_a_button_travels_whole_and_stays_one_attribute(value: str) -> None:
    reader = read(doer("Open", "open", project=value, hint=value))
    assert reader.tags == ["button"]
    assert set(reader.attributes[0]) == {"type", "class", "data-do", "title", "aria-label", "data-project"}


def test_markup_is_not_escaped_again_and_text_is() -> None:
    assert element("p", element("b", "x")) == "<p><b>x</b></p>"
    assert join(["<", None, Markup("<br>")]) == "&lt;<br>"
    assert text(Markup("<b>")) == "<b>"


def test_bare_and_missing_attributes() -> None:
    assert element("input", disabled=True, hidden=False, value=None, class_="a", data_x=1) == (
        '<input disabled class="a" data-x="1">'
    )


def test_an_icon_is_hidden_from_screen_readers() -> None:
    assert 'aria-hidden="true"' in icon("play")
