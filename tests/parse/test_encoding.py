"""Which characters a body's bytes stand for."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.parse.encoding import to_utf8

JAPANESE = "<rss><title>日本の防衛に関するニュースをお届けします</title></rss>"
HINDI = "<rss><title>रक्षा समाचार</title></rss>"
FRENCH = "<rss><title>Défense à l'été, déjà évoquée</title></rss>"


@pytest.mark.parametrize("codec", ["cp932", "euc_jp", "iso2022_jp", "utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_japanese_is_recognised_without_any_declaration(codec: str) -> None:
    assert to_utf8(JAPANESE.encode(codec), None) == JAPANESE.encode()


@pytest.mark.parametrize("content_type", ["text/xml; charset=iso-8859-1", "text/xml; charset=us-ascii", "text/xml"])
def test_utf8_is_believed_over_a_servers_default(content_type: str) -> None:
    assert to_utf8(HINDI.encode(), content_type) == HINDI.encode()


@pytest.mark.parametrize("charset", ["iso-8859-1", "windows-1252", "koi8-r", "utf-8", "us-ascii"])
@pytest.mark.parametrize("text", [HINDI * 3, JAPANESE], ids=["hindi", "japanese"])
def test_utf8_with_one_cut_character_is_believed_over_a_single_byte_encoding(charset: str, text: str) -> None:
    cut = text.encode().replace(b"</title>", b"\xe0\xa4</title>", 1)
    found = to_utf8(cut, f"text/xml; charset={charset}")
    assert found == text.replace("</title>", "\ufffd</title>", 1).encode()


@pytest.mark.parametrize(
    ("codec", "text"),
    [
        ("cp1252", FRENCH),
        ("cp1251", "Новости обороны Ђорђевић"),
        ("koi8-r", "Новости обороны"),
        ("cp874", "ข่าวกลาโหมเกาหลีและไทย"),
        ("cp1253", "Άμυνα και ασφάλεια"),
        ("cp1256", "أخبار الدفاع"),
        ("iso8859-8", "חדשות הביטחון"),
    ],
)
def test_what_is_declared_in_a_single_byte_encoding_stays_in_it(codec: str, text: str) -> None:
    assert to_utf8(text.encode(codec), f"text/xml; charset={codec}") == text.encode()


def test_iso_2022_jp_does_not_pass_for_ascii() -> None:
    assert to_utf8(JAPANESE.encode("iso2022_jp"), "text/xml; charset=us-ascii") == JAPANESE.encode()


@pytest.mark.parametrize("label", ["Shift_JIS", "x-sjis", "windows-31j"])
def test_web_labels_mean_what_the_web_means(label: str) -> None:
    text = f"<?xml version='1.0' encoding='{label}'?><title>①髙</title>"
    assert to_utf8(text.encode("cp932"), None) == text.encode()


def test_the_server_goes_before_the_document() -> None:
    text = '<?xml version="1.0" encoding="koi8-r"?><title>Новости</title>'
    assert to_utf8(text.encode("cp1251"), 'application/xml; charset="windows-1251"') == text.encode()


def test_a_wrong_declaration_of_utf8_falls_back_to_the_bytes() -> None:
    assert to_utf8(JAPANESE.encode("cp932"), "text/xml; charset=utf-8") == JAPANESE.encode()


def test_a_body_cut_within_a_character_is_still_japanese() -> None:
    cut = JAPANESE.encode("cp932")[: len("<rss><title>") + 21]
    found = to_utf8(cut, None)
    assert found is not None
    assert "日本の防衛に関する" in found.decode()


@pytest.mark.parametrize("label", ["utf-7", "undefined", "unicode_escape", "punycode", "bogus", "zlib"])
def test_odd_codecs_are_not_believed(label: str) -> None:
    assert to_utf8(FRENCH.encode("cp1252"), f"text/xml; charset={label}") is None


def test_undeclared_western_text_is_left_to_feedparser() -> None:
    assert to_utf8(FRENCH.encode("cp1252"), None) is None


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("koi8-r", "Министр обороны посетит страну в понедельник"),
        ("gb18030", "国防部长访问印度，双方举行会谈"),
        ("big5", "國防部長訪問印度，雙方舉行會談"),
        ("cp949", "국방부 장관이 인도를 방문하여 회담을 가졌다"),
        ("cp874", "รัฐมนตรีว่าการกระทรวงกลาโหมเดินทางเยือนอินเดีย"),
        ("cp1255", "שר הביטחון ביקר בהודו ונפגש עם ראש הממשלה"),
    ],
)
@pytest.mark.parametrize("times", [1, 2000], ids=["short", "beyond the sample"])
def test_undeclared_text_of_another_script_is_guessed(name: str, words: str, times: int) -> None:
    text = "<rss>" + f"<title>{words}</title>" * times
    assert to_utf8(text.encode(name), None) == text.encode()


@pytest.mark.parametrize(
    "words", ["“India’s navy” – a first", "Straße, Größe, Übung", "Señor Muñoz, mañana", "à la forêt"]
)
@pytest.mark.parametrize("times", [1, 50])
def test_undeclared_western_text_passes_for_no_other_script(words: str, times: int) -> None:
    assert to_utf8((f"<title>{words}</title>" * times).encode("cp1252"), None) is None


@settings(deadline=None)
@given(st.binary(max_size=200), st.sampled_from([None, "text/xml; charset=big5", "text/xml; charset=euc-kr"]))
def test_no_bytes_make_it_raise(body: bytes, content_type: str | None) -> None:
    found = to_utf8(body, content_type)
    if found is not None:
        found.decode("utf-8")
