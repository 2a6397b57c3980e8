"""Bodies: what is read without a parser is what Python-Markdown and the cleaner make of it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import markdown
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import pelicanconf
from pressroom import markup, plain
from tests.building import PROJECT

CONVERTER = markup.Converter(pelicanconf.MARKDOWN)

# What a body is put together from: what is read without a parser, and what only looks like it.
WORDS = (
    *(
        "Visits",
        "村里",
        "2017年5月31日",
        "5.9万",
        "don't",
        "“quoted”",
        "a > b",
        "x & y",
        "50%",
        "«»",
    ),
    *("**bold**", "** not**", "*em*", "under_score", "`code`", "a**b**c", "***both***", "\\*", "!"),
    *("{fact}villages", "{fact}villages@2010", "{fact}villages#number", "{fact}Villages", "{", "|"),
    *("[a release]({release}2015/child-welfare-week)", "[一个页面]({page}about)", "[x]({none}y)"),
    *(
        "[out](https://www.unicef.cn/en?a=1#b)",
        "![in](photos/a.jpg)",
        "[ spaced ](https://a.example)",
    ),
    *('[quoted](https://a.example "title")', "[[nested]](https://a.example)", "<b>", "&amp;", "\t"),
    *(
        "https://a.example/x_y_z",
        "[under_score](https://a.example/x_y)",
        "12. twelve",
        "1) one",
        "-1",
    ),
    *(
        "[m](mailto:a@b.example)",
        "[p]((https://a.example))",
        "\u3000",
        "\xa0",
        "~",
        "=",
        ":",
        "#tag",
    ),
)
STARTS = (
    "",
    "",
    "",
    "",
    "- ",
    "## ",
    "### ",
    "#",
    "* ",
    "1. ",
    "> ",
    "    ",
    " ",
    ": ",
    "![",
    "---",
)
PHOTOS = (
    '![村民在听讲](photos/a.jpg "图注（2017年）")',
    '![alt](photos/b-2.jpg "A caption (long), with “quotes” > signs")',
    "![alt](photos/b.jpg)",
    "![](photos/b.jpg)",
    '![alt](photos/b.jpg "it\'s one")',
    "![alt](photos/b.jpg \"(it's) one's\")",
    "![a_b](photos/b.jpg ' caption ')",
    "![alt](photos/b.jpg) and more",
)


def lines() -> st.SearchStrategy[str]:
    return st.builds(
        lambda start, words, end: start + " ".join(words) + end,
        st.sampled_from(STARTS),
        st.lists(st.sampled_from(WORDS), min_size=1, max_size=4),
        st.sampled_from(("", "", "", "。", " ", "  ", "#", "\\")),
    )


def photos() -> st.SearchStrategy[str]:
    text = st.text("ab' ()“”>!:图", max_size=8)
    return st.builds('![{}](photos/a.jpg "{}")'.format, text, text)


def bodies() -> st.SearchStrategy[str]:
    block = st.one_of(
        st.lists(lines(), min_size=1, max_size=3).map("\n".join), st.sampled_from(PHOTOS), photos()
    )
    return st.lists(
        st.tuples(block, st.sampled_from(("\n\n", "\n\n", "\n\n\n", "\n", "\n \n"))), max_size=5
    ).map(lambda pieces: "".join(text + gap for text, gap in pieces))


def resolved(html: str, opened: plain.Opened) -> str:
    """The marks replaced by what they stand for: figures are numbered in another order."""

    def stand_in(match: re.Match[str]) -> str:
        kind, number = match[2] or "p", int(match[1] or match[3])
        return str({"p": opened.photos, "l": opened.refs, "f": opened.facts}[kind][number])

    return markup.MARK.sub(stand_in, html)


def compare(text: str) -> bool:
    """Whether a text is read without a parser; if so, its result must be the parser's."""
    read = plain.read(text)
    if read is None:
        return False
    html, opened = read
    other_html, other = CONVERTER.convert(text)
    # The parser leaves an empty line where a photograph's mark stands last.
    assert resolved(html, opened) == resolved(other_html, other).strip(), text
    assert (opened.refs, opened.photos) == (other.refs, other.photos)
    assert sorted(opened.facts) == sorted(other.facts)
    assert (other.links, other.stray, other.tags) == ([], [], set()), text
    return True


@settings(max_examples=1500, deadline=None)
@given(bodies())
def test_what_is_read_without_a_parser_is_what_the_parser_makes_of_it(text: str) -> None:
    compare(text)


@settings(max_examples=500, deadline=None)
@given(st.text(max_size=60))
@example("a\x85b")
@example("x\u2028y")
def test_so_is_any_text_at_all(text: str) -> None:
    if not markup.FORBIDDEN.search(text):
        compare(text)


@pytest.mark.parametrize(
    "text",
    [
        "One line.\n\nAnother, of\ntwo lines > one.",
        "## A heading 2017\n\n- one\n- [two]({page}about)\n\n2017年5月31日，{fact}villages。",
        "Words in **bold** and [a link](https://www.unicef.cn/a_b).",
        *PHOTOS[:4],
    ],
)
def test_what_releases_are_made_of_needs_no_parser(text: str) -> None:
    assert compare(text)


@settings(max_examples=500, deadline=None)
@given(bodies())
def test_inline_patterns_that_are_not_tried_would_not_have_matched(text: str) -> None:
    """Our inline processor leaves patterns out; Python-Markdown's own, without it, says the same."""
    ours = CONVERTER.convert(text)[0]
    stock = markup.Converter(pelicanconf.MARKDOWN)
    engine: Any = stock._markdown
    engine.treeprocessors.deregister("inline")
    engine.treeprocessors.register(markdown.treeprocessors.InlineProcessor(engine), "inline", 20)
    assert stock.convert(text)[0] == ours


def test_most_of_the_real_content_needs_no_parser() -> None:
    texts = [
        path.read_text(encoding="utf-8").split("---\n", 2)[2]
        for path in sorted(Path(PROJECT / "content").rglob("*.md"))
    ]
    assert sum(map(compare, texts)) > len(texts) / 2
