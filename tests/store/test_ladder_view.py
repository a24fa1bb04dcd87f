"""The steps that stored reports tell."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from monitor.domain.event import StepTold
from monitor.domain.judgement import Decision, Field, Mention, Span
from monitor.domain.ladder import StepReport
from monitor.domain.watchlist import Step
from monitor.store.ladder_view import step_reports
from tests.store.conftest import NOW, accepted, judgement

if TYPE_CHECKING:
    from tests.store.conftest import World

SPAN = Span(Field.TITLE, 0, 4, "pact")
TELLS = {"steps": (StepTold("pact", Step.SIGNED, SPAN), StepTold("mast", Step.TALKS, SPAN))}


def naming(entity: str) -> tuple[Mention, ...]:
    return (Mention(entity, SPAN, "name"),)


def told(world: World, *entities: str) -> list[StepReport]:
    with world.database.read() as connection:
        return step_reports(connection, entities)


def test_steps_come_from_accepted_items_that_name_the_entity(world: World) -> None:
    first, silent, refused = world.publish("a", "b", "c")
    told_items = [
        replace(accepted(one, **TELLS), judgement=judgement(mentions=naming("pact"))) for one in (first, refused)
    ]
    world.save([*told_items, accepted(silent)])
    world.overrule(refused, Decision.REJECT)
    assert told(world, "pact") == [StepReport("pact", Step.SIGNED, NOW.date(), first.item_id)]
    assert told(world, "mast") == []  # no mention of it
    assert told(world) == []


def test_a_coding_of_before_steps_were_read_tells_none(world: World) -> None:
    [item] = world.publish("a")
    world.save([replace(accepted(item, **TELLS), judgement=judgement(mentions=naming("pact")))])
    [stored] = [json.loads(row.coding) for row in world.rows("SELECT coding FROM judgements")]
    del stored["steps"]
    world.change("UPDATE judgements SET coding = :coding", coding=json.dumps(stored))
    assert told(world, "pact") == []
