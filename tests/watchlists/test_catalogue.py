"""The default feeds: all there, and tied to known outlets."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from monitor.errors import WatchlistError
from monitor.watchlists.catalogue import load_feeds
from monitor.watchlists.loader import load

FRANCE = Path(__file__).parent / "data" / "india_france"


def test_the_default_catalogue_has_82_feeds_of_known_publishers_in_three_languages() -> None:
    feeds = load_feeds("india_japan")
    publishers = load("india_japan").publishers
    assert len(feeds) == 82
    assert {feed.language for feed in feeds} == {"en", "hi", "ja"}
    assert all(feed.publisher in publishers for feed in feeds)
    assert {feed.confidence for feed in feeds} == {"high", "medium"}
    assert len({feed.url for feed in feeds}) == 82


def test_a_feed_keeps_what_the_catalogue_says() -> None:
    (feed,) = load_feeds("india_france", FRANCE)
    assert feed.url == "https://www.lemonde.fr/international/rss_full.xml"
    assert (feed.language, feed.country, feed.kind, feed.publisher) == ("fr", "FR", "newspaper", "le-monde")


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('publisher = "le-monde"', 'publisher = "le-soleil"', "'le-soleil', which is not in publishers.toml"),
        ("https://www.lemonde.fr/int", "feed://www.lemonde.fr/int", "must begin with https://"),
        ('confidence = "medium"', 'confidence = "sure"', "must be one of high"),
        ('kind = "newspaper"', 'kin = "newspaper"', "is not a known key"),
    ],
)
def test_a_wrong_feed_refuses_the_catalogue(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    folder = tmp_path / "india_france"
    shutil.copytree(FRANCE, folder)
    path = folder / "feeds.toml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(WatchlistError, match=complaint):
        load_feeds("india_france", folder)


def test_one_address_listed_twice_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "india_france"
    shutil.copytree(FRANCE, folder)
    path = folder / "feeds.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text + "\n" + text, encoding="utf-8")
    with pytest.raises(WatchlistError, match=r"`feed\[2\]\.url` .* is listed twice"):
        load_feeds("india_france", folder)


def test_a_users_feeds_come_behind_the_built_in_ones(tmp_path: Path) -> None:
    (tmp_path / "feeds.toml").write_text(
        '[[feed]]\ntitle = "Mine"\nurl = "https://example.org/feed.xml"\n', encoding="utf-8"
    )
    feeds = load_feeds("india_japan", tmp_path)
    assert len(feeds) == 83
    assert feeds[-1].title == "Mine"
