"""Which language a short text is in: its script decides, the feed's declared language breaks ties."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

UNKNOWN = "und"
"""The BCP 47 tag for a text whose language cannot be told."""

READ = 600
"""Characters looked at: more do not change the answer."""

_SCRIPTS: tuple[tuple[str, str], ...] = (
    ("kana", "\u3041-\u3096\u30a1-\u30fa\u30fc\uff66-\uff9d"),
    ("han", "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"),
    ("devanagari", "\u0900-\u0963\u0966-\u097f"),
    ("latin", "A-Za-z\u00c0-\u024f\u1e00-\u1eff"),
    ("hangul", "\uac00-\ud7a3\u1100-\u11ff"),
    ("cyrillic", "\u0400-\u04ff"),
    ("arabic", "\u0600-\u06ff\u0750-\u077f"),
    ("bengali", "\u0980-\u09ff"),
    ("gurmukhi", "\u0a00-\u0a7f"),
    ("gujarati", "\u0a80-\u0aff"),
    ("oriya", "\u0b00-\u0b7f"),
    ("tamil", "\u0b80-\u0bff"),
    ("telugu", "\u0c00-\u0c7f"),
    ("kannada", "\u0c80-\u0cff"),
    ("malayalam", "\u0d00-\u0d7f"),
    ("thai", "\u0e00-\u0e7f"),
    ("greek", "\u0370-\u03ff"),
    ("hebrew", "\u0590-\u05ff"),
)
_LETTERS = re.compile("|".join(f"(?P<{name}>[{chars}]+)" for name, chars in _SCRIPTS))

_ASCII_LETTER = re.compile("[A-Za-z]")

_LANGUAGES: dict[str, tuple[str, ...]] = {
    "kana": ("ja",),
    "devanagari": ("hi", "mr", "ne", "sa", "mai", "bho", "kok"),
    "latin": (),
    "hangul": ("ko",),
    "cyrillic": ("ru", "uk", "bg", "sr", "mk", "kk", "ky", "mn", "be", "tg"),
    "arabic": ("ar", "ur", "fa", "ps", "sd", "ug"),
    "bengali": ("bn", "as"),
    "gurmukhi": ("pa",),
    "gujarati": ("gu",),
    "oriya": ("or",),
    "tamil": ("ta",),
    "telugu": ("te",),
    "kannada": ("kn",),
    "malayalam": ("ml",),
    "thai": ("th",),
    "greek": ("el",),
    "hebrew": ("he", "yi"),
}
"""The languages a script is read as; a declared one among them wins, else the first."""

_NOT_LATIN = frozenset(tag for tags in _LANGUAGES.values() for tag in tags) | {"zh", "yue", "ja"}

_MARATHI = re.compile(r"(?<![\u0900-\u097f])(?:आहे|आहेत|आणि|मध्ये|झाली|झाले|यांनी|नाही|होते|यांच्या)(?![\u0900-\u097f])|ळ")
_NEPALI = re.compile(r"(?<![\u0900-\u097f])(?:छन्?|छ|भएको|गरेको|हुने|गर्ने|तथा\sनेपाल|पनि|भन्दै)(?![\u0900-\u097f])")
_JAPANESE_FORMS = re.compile("[総対戦駆発続変実検拡権経済図処辺労単団関戻込働峠畑脳訳覧塩歩徴読売]")
_SIMPLIFIED_FORMS = re.compile("[们这说时议导弹军长开东车马鸟电见门问间语谈讲设话认讨论让访将战舰队岛边]")
_NEVER_SIMPLIFIED = re.compile("[談訓練連東車馬電門問間語設話認論議長軍際護衛隊陸進選術優載]")
_NEVER_TRADITIONAL = re.compile("[会国体学来当点号双万旧参装両区]")

_DEVANAGARI_CUES = 2
"""Cue words that outvote the default: one alone may be a name."""

_LATIN_PRIORITY = 4
"""Latin letters that count as one of another script: names and abbreviations stand in every language."""


def detect_language(text: str, declared: str | None = None) -> str:
    """The BCP 47 primary tag of the text's language; "und" where no letter tells.

    `declared` is what the feed says ("ja", "hi-IN", None): it decides between languages of one script only, so a
    Devanagari text declared English is Hindi.
    """
    prior = primary_tag(declared)
    if text.isascii() and _ASCII_LETTER.search(text, 0, READ):
        return _latin(prior)
    counts = _letters_by_script(text[:READ])
    if not counts:
        return prior or UNKNOWN
    script = max(counts, key=lambda name: counts[name] // (_LATIN_PRIORITY if name == "latin" else 1))
    if script in {"kana", "han"} or (counts["kana"] and script != "latin"):
        return _east_asian(text[:READ], counts, prior)
    if script == "latin":
        return _latin(prior)
    if script == "devanagari":
        return _devanagari(text[:READ], prior)
    tags = _LANGUAGES[script]
    return prior if prior in tags else tags[0]


def _latin(prior: str | None) -> str:
    return prior if prior and prior not in _NOT_LATIN else "en"


@lru_cache(maxsize=256)
def primary_tag(declared: str | None) -> str | None:
    """The tag without region and case (`ja` of `JA-jp` or `ja_JP`); None where nothing usable was declared."""
    tag = re.split("[-_]", (declared or "").strip().lower())[0]
    return tag if re.fullmatch("[a-z]{2,3}", tag) and tag != UNKNOWN else None


def _letters_by_script(text: str) -> Counter[str]:
    counts: Counter[str] = Counter()
    for run in _LETTERS.finditer(text):
        counts[run.lastgroup or ""] += len(run.group())
    return counts


def _east_asian(text: str, counts: Counter[str], prior: str | None) -> str:
    """Kana makes it Japanese; a text of Chinese characters alone needs more.

    That is the prior, a form that only Japan writes, or Japan's mixture of simplified and unsimplified forms.
    """
    if counts["kana"]:
        return "ja"
    if prior in {"ja", "zh", "yue"}:
        return prior
    if _SIMPLIFIED_FORMS.search(text):
        return "zh"
    mixed = _NEVER_SIMPLIFIED.search(text) and _NEVER_TRADITIONAL.search(text)
    return "ja" if mixed or _JAPANESE_FORMS.search(text) else "zh"


def _devanagari(text: str, prior: str | None) -> str:
    for tag, cues in (("mr", _MARATHI), ("ne", _NEPALI)):
        if len(cues.findall(text)) >= _DEVANAGARI_CUES:
            return tag
    return prior if prior in _LANGUAGES["devanagari"] else "hi"
