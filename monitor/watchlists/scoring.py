"""Vocabulary, rules and coding words from their tables."""

from __future__ import annotations

from collections.abc import Mapping

from monitor.domain.watchlist import Cue, Rule
from monitor.watchlists.tables import Table

THRESHOLDS = ("review", "accept", "core")
"""From the lowest score to the highest; each in 0..1."""


def read_rules(table: Table) -> dict[str, Rule]:
    """Every `[[rule]]` of rules.toml by id."""
    rules: dict[str, Rule] = {}
    for inner in table.tables("rule"):
        rule = Rule(
            id=inner.text("id"),
            text=inner.text("text"),
            points=inner.number("points"),
            cap=inner.number("cap"),
            title_factor=inner.number("title_factor", 1.0),
        )
        if rule.id in rules:
            raise inner.wrong("id", f"{rule.id!r} is already the id of another rule")
        inner.done()
        rules[rule.id] = rule
    return rules


def read_thresholds(table: Table) -> dict[str, float]:
    """The `[thresholds]` of rules.toml: three scores in 0..1, accept not below review."""
    inner = table.table("thresholds")
    thresholds = {name: inner.number(name) for name in THRESHOLDS}
    for name, value in thresholds.items():
        if not 0 <= value <= 1:
            raise inner.wrong(name, f"is {value} and must lie in 0..1")
    if thresholds["accept"] < thresholds["review"]:
        raise inner.wrong("accept", "must not lie below `review`")
    inner.done()
    return thresholds


def read_cues(table: Table, rules: Mapping[str, Rule]) -> tuple[Cue, ...]:
    """Every word of every `[[cue]]` group of vocabulary.toml; groups of one rule may come several times."""
    cues: list[Cue] = []
    for inner in table.tables("cue"):
        rule, exact_case, words = inner.text("rule"), inner.flag("exact_case"), inner.texts("words")
        if rule not in rules:
            raise inner.wrong("rule", f"{rule!r} is no rule of rules.toml")
        if not words:
            raise inner.wrong("words", "must list at least one word")
        inner.done()
        cues.extend(Cue(rule, word, exact_case) for word in words)
    return tuple(cues)


def read_coding(table: Table) -> dict[str, dict[str, tuple[str, ...]]]:
    """The tables of coding.toml: group → name → words."""
    return {group: {name: inner.texts(name) for name in list(inner.values)} for group, inner in table.rest()}
