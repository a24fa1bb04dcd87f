"""Loading watchlists: a good one whole, a bad one not at all, a user's files over the built-in ones."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from monitor.domain.watchlist import AliasKind, EntityKind
from monitor.errors import WatchlistError
from monitor.watchlists.loader import FILES, load

FRANCE = Path(__file__).parent / "data" / "india_france"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the small watchlist, to be spoilt."""
    copy = tmp_path / "india_france"
    shutil.copytree(FRANCE, copy)
    return copy


def spoil(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} must stand once in {file}"
    path.write_text(text.replace(old, new), encoding="utf-8")


def refusal(folder: Path) -> str:
    with pytest.raises(WatchlistError) as caught:
        load("india_france", folder)
    return str(caught.value)


def test_a_whole_watchlist_becomes_domain_objects() -> None:
    watchlist = load("india_france", FRANCE)
    assert [side.id for side in watchlist.sides] == ["india", "france"]
    assert watchlist.subject == "defence"
    assert watchlist.roles_checked == date(2025, 5, 1)
    assert len(watchlist.entities) == 13
    assert watchlist.thresholds == {"review": 0.4, "accept": 0.6, "core": 0.8}
    assert [(cue.rule, cue.text) for cue in watchlist.cues][2] == ("subject.word", "défense")
    assert watchlist.decoys == ("French Open", "Air France")
    assert watchlist.rules["subject.word"].title_factor == 1.5
    assert watchlist.coding == {"types": {"exercise": ("exercise",)}}
    assert watchlist.publishers["le-monde"].family == "le-monde"


def test_an_entity_takes_its_kind_from_its_file_and_its_name_from_english() -> None:
    entities = load("india_france", FRANCE).entities
    assert entities["varuna"].kind is EntityKind.EXERCISE
    assert entities["varuna"].opens == {"india", "france", "subject"}
    assert entities["charles-de-gaulle"].name == "Charles de Gaulle"
    assert entities["rafale-m"].name == "Rafale M"


def test_conditions_expand_their_groups_in_place() -> None:
    alias = load("india_france", FRANCE).entities["varuna"].aliases[1]
    assert alias.needs == ("France", "French", "Paris", "français", "फ्रांस", "navy")
    assert not alias.unconditional
    assert alias.language == "en"


def test_a_role_without_title_has_the_name_of_its_office_and_ends_on_its_last_day() -> None:
    lecornu = load("india_france", FRANCE).entities["sebastien-lecornu"]
    role = lecornu.role_on(date(2025, 9, 9))
    assert role is not None
    assert role.title == "Minister of the Armed Forces"
    assert lecornu.role_on(date(2025, 9, 10)) is None


REFUSED = [
    ("watchlist.toml", 'subject = "defence"', 'subjekt = "defence"', "`subject` is missing"),
    ("watchlist.toml", "roles_checked = 2025-05-01", 'roles_checked = "2025-05-01"', "must be a date"),
    ("watchlist.toml", "Europe/Paris", "Europe/Parys", "no IANA zone"),
    ("watchlist.toml", 'id = "france"', 'id = "india"', "exactly twice"),
    ("watchlist.toml", 'fr = ["français", "française"]', "fr = [7]", "must be a list of names"),
    ("people.toml", 'side = "france"', 'side = "gaul"', "'gaul' and must be one of india, france"),
    ("people.toml", 'opens = ["france"]', 'opens = ["france", "gaul"]', "may hold only"),
    ("people.toml", "anchored = true", "anchored = 1", "must be true or false"),
    ("people.toml", "anchored = true", "ankered = true", "`rajnath-singh.en.ankered` is not a known key"),
    ("people.toml", 'kind = "short", needs', 'kind = "nickname", needs', "must be one of official"),
    ("people.toml", '"@france"', '"@gaul"', "'@gaul', which is not under [words]"),
    ("people.toml", '"office-india-defence"', '"office-none"', "'office-none', which is not in offices.toml"),
    ("people.toml", '"office-india-defence"', '"indian-navy"', "'indian-navy', which is not in offices.toml"),
    ("people.toml", "end = 2025-09-09", "end = 2021-09-09", "lies before the start"),
    ("people.toml", ", start = 2019-05-31", "", "held for ever"),
    ("people.toml", 'office = "office-india-defence", ', "", "must say what was held"),
    ("people.toml", "[sebastien-lecornu]", "[rajnath-singh]", "not readable as TOML"),
    ("people.toml", 'en = ["Sébastien Lecornu"', 'en = ["Rajnath Singh"', "names rajnath-singh too"),
    ("people.toml", '"Rajnath Singh",', '"Rajnath Singh", "RAJNATH SINGH",', "lists 'RAJNATH SINGH' twice"),
    ("people.toml", 'text = "Lecornu"', 'text = " "', "not empty"),
    ("ships.toml", "[charles-de-gaulle]", "[toulon]", "already used in india_france/ships.toml"),
    ("exercises.toml", 'en = ["Exercise Shakti", { text = "Shakti", needs = ["@france"] }]', "", "must list a name"),
    ("agreements.toml", '"agreement"', '"treaty"', "must be one of meeting"),
    ("places.toml", "[toulon]", 'name = "Toulon"\n[toulon]', "is not a key of this file"),
    ("publishers.toml", '"newspaper"', '"tabloid"', "must be one of official"),
    ("publishers.toml", 'kind = "newspaper"\n', "", "`le-monde.kind` is missing"),
    ("vocabulary.toml", 'words = ["défense", "militaire"]', "words = []", "at least one word"),
    ("vocabulary.toml", "decoys = [", "decoy = [", "`decoy` is not a known key"),
    ("rules.toml", "accept = 0.6", "accept = 6", "must lie in 0..1"),
    ("rules.toml", "accept = 0.6", "accept = 0.3", "must not lie below `review`"),
    ("rules.toml", "points = 1\n", 'points = "1"\n', "must be a number"),
    ("rules.toml", 'id = "subject.word"', 'id = "subject.other"', "is no rule of rules.toml"),
    ("coding.toml", 'exercise = ["exercise"]', 'exercise = "exercise"', "must be a list"),
    ("coding.toml", "[types]\n", "", "is not a key of this file"),
]


@pytest.mark.parametrize(("file", "old", "new", "complaint"), REFUSED)
def test_one_wrong_value_refuses_the_whole(folder: Path, file: str, old: str, new: str, complaint: str) -> None:
    spoil(folder, file, old, new)
    message = refusal(folder)
    assert complaint in message
    assert message.startswith("india_france/")


def test_an_error_names_the_line_where_its_table_begins(folder: Path) -> None:
    spoil(folder, "vocabulary.toml", '"défense", "militaire"', '"défense", 7')
    lines = (folder / "vocabulary.toml").read_text(encoding="utf-8").splitlines()
    assert lines[6] == "[[cue]]"
    assert refusal(folder).startswith("india_france/vocabulary.toml line 7: `cue[2].words` must be a list of texts")


@pytest.mark.parametrize("file", FILES)
def test_every_file_of_the_format_is_required(folder: Path, file: str) -> None:
    (folder / file).unlink()
    message = refusal(folder)
    assert "no watchlist" in message if file == "watchlist.toml" else f"{file} is missing" in message


def test_a_file_that_is_not_utf8_is_refused(folder: Path) -> None:
    (folder / "places.toml").write_bytes(b'[toulon]\nen = ["Toul\xe9n"]')
    assert "places.toml: not readable" in refusal(folder)


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(WatchlistError, match="choose india_japan, or give a folder"):
        load("atlantis")


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(WatchlistError, match="no folder"):
        load("india_japan", tmp_path / "gone")


def test_rivals_may_share_a_name_that_only_one_has_without_condition(folder: Path) -> None:
    spoil(folder, "places.toml", '["Toulon"]', '["Toulon", { text = "Shakti", near = ["temple"] }]')
    assert load("india_france", folder).entities["toulon"].aliases[1].text == "Shakti"


def test_a_users_folder_lies_over_the_built_in_watchlist(tmp_path: Path) -> None:
    (tmp_path / "people.toml").write_text(
        """
        [rajnath-singh]
        note = "ours"
        en = ["R. N. Singh", { text = "Rajnath", anchored = true }]

        [jane-doe]
        side = "india"
        en = ["Jane Doe of Testing"]
        """,
        encoding="utf-8",
    )
    (tmp_path / "rules.toml").write_text("[thresholds]\ncore = 0.99\n", encoding="utf-8")
    plain, mine = load("india_japan"), load("india_japan", tmp_path)
    before, after = plain.entities["rajnath-singh"], mine.entities["rajnath-singh"]
    assert after.note == "ours"
    assert {alias.text for alias in after.aliases} == {alias.text for alias in before.aliases} | {"R. N. Singh"}
    assert [alias.anchored for alias in after.aliases if alias.text == "Rajnath"] == [True]
    assert after.roles == before.roles
    assert set(mine.entities) - set(plain.entities) == {"jane-doe"}
    assert mine.thresholds == {**plain.thresholds, "core": 0.99}
    assert mine.version != plain.version


def test_a_users_role_replaces_the_one_of_the_same_office_and_start(folder: Path, tmp_path: Path) -> None:
    over = tmp_path / "over"
    over.mkdir()
    (over / "people.toml").write_text(
        '[rajnath-singh]\nroles = [{ office = "office-raksha-mantri", start = 2019-05-31, end = 2030-01-01 }]\n',
        encoding="utf-8",
    )
    roles = load("india_japan", over).entities["rajnath-singh"].roles
    assert [role.end for role in roles if role.office == "office-raksha-mantri"] == [date(2030, 1, 1)]
    assert len(roles) == len(load("india_japan").entities["rajnath-singh"].roles)


def test_an_error_in_a_users_file_names_that_file_and_its_line(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "vocabulary.toml").write_text('\n[[cue]]\nrule = "nonsense"\nwords = ["x"]\n', encoding="utf-8")
    with pytest.raises(WatchlistError, match=re.escape("mine/vocabulary.toml line 2: `cue[")):
        load("india_japan", mine)


def test_the_version_follows_the_contents_and_not_the_line_ends(folder: Path) -> None:
    version = load("india_france", folder).version
    assert re.fullmatch("[0-9a-f]{12}", version)
    path = folder / "people.toml"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert load("india_france", folder).version == version
    spoil(folder, "rules.toml", "cap = 3", "cap = 4")
    assert load("india_france", folder).version != version


def test_an_outlet_error_keeps_its_note() -> None:
    aliases = load("india_japan").entities["gen-nakatani"].aliases
    general = next(alias for alias in aliases if alias.text == "General Nakatani")
    assert general.kind is AliasKind.OUTLET_ERROR
    assert "given name" in general.note
