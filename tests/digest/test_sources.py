"""Who speaks for themselves among the reports of a story."""

from __future__ import annotations

from datetime import UTC, datetime

from monitor.digest.sources import Voices
from monitor.domain.digest import Source
from monitor.domain.judgement import Strength
from monitor.domain.watchlist import Publisher

NOW = datetime(2025, 5, 4, tzinfo=UTC)
MINT = Publisher("mint", "Mint", "ht-media", "newspaper", None)
VOICES = Voices(
    {
        "ani": Publisher("ani", "ANI", "ani", "agency", None, names=("ANI News",)),
        "mint": MINT,
    }
)


def source(publisher: str, credit: str | None) -> Source:
    return Source(1, "Talks", None, publisher, "en", NOW, NOW, Strength.CORE, "", archive=False, credit=credit)


def test_all_who_print_an_agencys_copy_are_one_voice() -> None:
    printed = [source("Mint", "ani"), source("LatestLY", "ani")]
    assert VOICES.count(printed) == 1
    assert VOICES.count([*printed, source("Mint", None)]) == 2


def test_the_agency_stands_behind_the_outlets_name() -> None:
    ordered = VOICES.ordered([source("ANI News", "ani"), source("Mint", "ani")])
    assert [one.publisher for one in ordered] == ["ANI News", "Mint (ANI)"]


def test_a_credit_the_watchlist_dropped_changes_no_name() -> None:
    assert VOICES.ordered([source("Mint", "gone")]) == (source("Mint", "gone"),)


def test_only_a_side_itself_is_official() -> None:
    voices = Voices({"pib": Publisher("pib", "PIB", "pib", "official", "india"), "mint": MINT})
    assert voices.is_official(source("Mint", "pib"))
    assert not voices.is_official(source("Mint", None))
    assert not voices.is_official(source("Nobody knows", None))
