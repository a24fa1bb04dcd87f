"""Canonical text: one form for many spellings, and the way back to the original."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitor.text.canonical import canonical

SCRIPTS = st.text(
    st.one_of(
        st.characters(codec=None),
        st.sampled_from(
            "aeiounİßﬁ…\u0301\u0308\u093c\u200d\u200b\u00ad  \t\n\u3000\u00a0—–‐“”‘’ｶﾞﾊﾟｲ＋２かは\u3099カक़ड़जे"
        ),
    ),
    max_size=60,
)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("ﾏﾗﾊﾞｰﾙ", "マラバール"),
        ("２＋２", "2+2"),
        ("India–Japan", "india japan"),
        ("Self‑Defence", "self defence"),
        ("US-2", "us-2"),
        ("La  Pérouse", "la perouse"),
        ("“Quad’s”", '"quad\'s"'),
        ("भा\u200dरत", "भारत"),
        ("फ़ुमियो", "फुमियो"),
        ("Cafe\u0301", "cafe"),
        ("a\u3000\u00a0 b", "a b"),
        ("ガ", "ガ"),
        ("カ\u3099", "ガ"),
        ("İstanbul", "istanbul"),
        ("x\x00y", "x y"),
        ("bad \ud800 half", "bad � half"),
    ],
)
def test_spellings_fold_to_one(written: str, folded: str) -> None:
    assert canonical(written).folded == folded


def test_case_is_kept_beside_the_folded_form() -> None:
    assert canonical("BEL and bel").text == "BEL and bel"


def test_a_span_leads_back_through_everything_that_changed_length() -> None:
    original = "… ２０２５年　 “La\u00a0\u00a0Pe\u0301rouse”　ﾏﾗﾊﾞｰﾙ"
    form = canonical(original)
    for word, surface in (("la perouse", "La\u00a0\u00a0Pe\u0301rouse"), ("マラバール", "ﾏﾗﾊﾞｰﾙ"), ("2025", "２０２５")):
        start = form.folded.index(word)
        first, last = form.original(start, start + len(word))
        assert original[first:last] == surface


@given(SCRIPTS)
@example("e\u200d\u0301")
@example(" \u3000 \u0301")
def test_lengths_agree_and_offsets_never_run_backwards(text: str) -> None:
    form = canonical(text)
    assert len(form.text) == len(form.folded) == len(form.offsets) == len(form.ends)
    assert list(form.offsets) == sorted(form.offsets)
    assert all(0 <= start < end <= len(text) for start, end in zip(form.offsets, form.ends, strict=True))


@given(SCRIPTS)
@example(" \xad ")
def test_no_blank_stands_beside_another(text: str) -> None:
    assert "  " not in canonical(text).text


@given(SCRIPTS)
def test_the_form_of_a_form_is_itself(text: str) -> None:
    once = canonical(text).text
    assert canonical(once).text == once


@given(SCRIPTS)
def test_compatible_writings_have_one_form(text: str) -> None:
    """A text and its NFKC form read alike but for lone surrogates and characters NFKC turns into blanks."""
    assert canonical(unicodedata.normalize("NFC", text)).text == canonical(text).text


@given(SCRIPTS, SCRIPTS)
def test_every_form_can_leave_python(left: str, right: str) -> None:
    canonical(left + right).folded.encode("utf-8")


def test_an_empty_text_has_an_empty_form() -> None:
    form = canonical("")
    assert (form.text, form.original(0, 0)) == ("", (0, 0))
