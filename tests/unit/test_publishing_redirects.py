"""Redirects and gone addresses: flattened, without loops, in every server's own words."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pressroom.problems import PressroomError
from pressroom.publishing import Redirect, redirect_maps
from pressroom.redirects import flattened

A, B, C, D = (f"/zh/releases/2017/{name}/" for name in "abcd")


def test_a_chain_becomes_one_step() -> None:
    files = redirect_maps([Redirect(B, C), Redirect(A, B), Redirect(C, D)], [])
    assert files["_redirects"].decode().splitlines() == [f"{old} {D} 301" for old in (A, B, C)]
    assert files[".server/redirects.nginx.map"].decode().splitlines() == [
        f'"{old}" "{D}";' for each in (A, B, C) for old in (each.rstrip("/"), each)
    ]
    assert f"redir {A} {D} 301\n" in files[".server/redirects.caddy"].decode()


def test_a_page_stands_where_redirects_are_not_known() -> None:
    files = redirect_maps(
        [Redirect(A, D), Redirect("/en/old/", "/en/new/"), Redirect("/old/", "/new/")], []
    )
    page = files["zh/releases/2017/a/index.html"].decode()
    assert f'<a href="{D}">' in page
    assert '<html lang="zh-Hans">' in page
    assert f'<link rel="canonical" href="{D}">' in page
    assert "页面已移到新地址" in page
    assert "moved" not in page
    assert '<html lang="en">' in files["en/old/index.html"].decode()
    both = files["old/index.html"].decode()
    assert '<p lang="zh-Hans">' in both
    assert '<p lang="en">' in both


def test_files_move_without_a_page() -> None:
    files = redirect_maps([Redirect(f"{A}release.txt", f"{D}release.txt")], [])
    assert not any(path.startswith("zh/") for path in files)
    assert f"{A}release.txt {D}release.txt 301" in files["_redirects"].decode()


def test_what_leads_to_what_is_gone_is_gone() -> None:
    files = redirect_maps([Redirect(f"{A}kit.zip", f"{D}kit.zip")], [f"{D}kit.zip"])
    assert files[".server/gone.txt"].decode().splitlines() == [f"{A}kit.zip", f"{D}kit.zip"]
    assert files[".server/gone.nginx.map"].decode().splitlines() == [
        f'"{A}kit.zip" 1;',
        f'"{D}kit.zip" 1;',
    ]
    assert files[".server/redirects.nginx.map"] == b""
    assert f"@gone path {A}kit.zip {D}kit.zip" in files[".server/redirects.caddy"].decode()


def test_another_script_is_written_percent_encoded() -> None:
    files = redirect_maps([Redirect("/zh/旧/", "/zh/新/")], [])
    assert files["_redirects"] == b"/zh/%E6%97%A7/ /zh/%E6%96%B0/ 301\n"
    assert '"/zh/旧/" "/zh/%E6%96%B0/";' in files[".server/redirects.nginx.map"].decode()


def test_nothing_moved_nothing_gone() -> None:
    files = redirect_maps([], [])
    assert set(files.values()) == {b""}


@pytest.mark.parametrize(
    ("redirects", "said"),
    [
        ([(A, A)], f"circle: {A} → {A}"),
        ([(A, B), (B, A)], f"circle: {A} → {B} → {A}"),
        ([(D, A), (A, B), (B, C), (C, A)], f"circle: {A} → {B} → {C} → {A}"),
        ([(A, B), (A, C)], "redirects both to"),
        ([("/", A)], "front page"),
    ],
)
def test_what_cannot_be(redirects: list[tuple[str, str]], said: str) -> None:
    with pytest.raises(PressroomError, match=re.escape(said)) as caught:
        redirect_maps([Redirect(*each) for each in redirects], [])
    assert re.search("[\u4e00-\u9fff]", caught.value.words.zh)


def test_moved_and_gone_at_once() -> None:
    with pytest.raises(PressroomError, match="listed as gone as well"):
        redirect_maps([Redirect(A, B)], [A])


@pytest.mark.parametrize(
    "wrong",
    ["", "zh/a/", "//evil.example/", "/zh//a/", "/zh/../a/", "/zh/./", "/a b/", '/a"b/', "/a;b", "/a{b}", "/$a",
     "/a\nb", "https://evil.example/", "/%2e%2e/", "/a*", "/a\\b", "/a:b", "/a#b", "/a?b"],
)  # fmt: skip
def test_what_is_no_address_of_the_site(wrong: str) -> None:
    for redirects, gone in (
        ([Redirect(A, wrong)], []),
        ([Redirect(wrong, A)], []),
        ([], [wrong]),
    ):
        with pytest.raises(PressroomError):
            redirect_maps(redirects, gone)


addresses = st.sampled_from([f"/zh/{number}/" for number in range(12)])


@given(st.dictionaries(addresses, addresses, max_size=12), st.sets(addresses, max_size=3))
def test_following_one_step_ends_where_the_chain_ends(
    step: Mapping[str, str], gone: set[str]
) -> None:
    gone -= step.keys()

    def end(address: str) -> str | None:
        for _ in range(13):
            if address not in step:
                return address
            address = step[address]
        return None

    redirects = [Redirect(old, new) for old, new in step.items()]
    if any(end(old) is None for old in step):
        with pytest.raises(PressroomError, match="circle"):
            flattened(redirects, sorted(gone))
        return
    moved, lost = flattened(redirects, sorted(gone))
    for old in step:
        if end(old) in gone:
            assert old in lost
        else:
            assert moved[old] == end(old)
    assert not moved.keys() & set(moved.values())
    assert set(lost) >= gone
