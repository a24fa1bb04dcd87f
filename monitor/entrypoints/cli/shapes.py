"""The JSON of judgements and codings: names and values that scripts rely on."""

from typing import Any

from monitor.domain.event import Coding
from monitor.domain.judgement import Judgement, Mention, Reason, Receipt, Span
from monitor.domain.watchlist import Entity, Watchlist

Json = dict[str, Any]


def judgement_shape(judgement: Judgement) -> Json:
    """Decision, score and strength."""
    return {
        "decision": judgement.decision.value,
        "score": round(judgement.score, 4),
        "strength": judgement.strength.value if judgement.strength else None,
        "lang": judgement.language,
    }


def event_shape(coding: Coding | None) -> Json | None:
    """What an article says of an event; None for a rejected one. Participants are ids."""
    if coding is None:
        return None
    return {
        "type": coding.type.value,
        "status": coding.status.value,
        "start": coding.start.isoformat() if coding.start else None,
        "end": coding.end.isoformat() if coding.end else None,
        "place": coding.place,
        "participants": list(coding.participants),
    }


def coding_shape(coding: Coding | None) -> Json | None:
    """The same with all that was coded, and for each slot the rule, how sure it is (0..1) and the words."""
    shape = event_shape(coding)
    if coding is None or shape is None:
        return None
    return shape | {
        "stage": coding.stage.value if coding.stage else None,
        "series": coding.series,
        "edition": coding.edition,
        "edition_year": coding.year,
        "services": list(coding.services),
        "by_phone": coding.by_phone,
        "topics": list(coding.topics),
        "steps": [
            {"entity": told.entity, "step": told.step.value, "span": span_shape(told.span)} for told in coding.steps
        ],
        "slots": [
            {
                "slot": slot.name,
                "rule": slot.rule,
                "confidence": slot.confidence,
                "span": span_shape(slot.span) if slot.span else None,
            }
            for slot in coding.slots
        ],
    }


def entities_shape(judgement: Judgement, watchlist: Watchlist) -> list[Json]:
    """Each entity once, in order of first mention: its name, service, the office held that day, and how it was written.

    An entity that the watchlist has dropped since the judgement goes by its id; its kind and service are None.
    """
    found: dict[str, Json] = {}
    for mention in judgement.mentions:
        entity = watchlist.entities.get(mention.entity)
        about = _about(entity) if entity else {"name": mention.entity, "kind": None, "service": None}
        shape = found.setdefault(mention.entity, {"id": mention.entity, **about, "office": None, "surfaces": []})
        shape["office"] = shape["office"] or mention.office
        if mention.span.surface not in shape["surfaces"]:
            shape["surfaces"].append(mention.span.surface)
    return list(found.values())


def _about(entity: Entity) -> Json:
    return {"name": entity.name, "kind": entity.kind.value, "service": entity.service}


def receipt_shape(receipt: Receipt) -> Json:
    """The receipt in full."""
    return {
        "rules_version": receipt.rules_version,
        "gate": dict(receipt.gate),
        "reasons": [_reason_shape(reason) for reason in receipt.reasons],
        "near_misses": [_reason_shape(reason) for reason in receipt.near_misses],
        "offices": [_office_shape(mention) for mention in receipt.offices],
    }


def _office_shape(mention: Mention) -> Json:
    return {
        "holder": mention.entity,
        "office": mention.office,
        "sense": mention.sense,
        "span": span_shape(mention.span),
    }


def _reason_shape(reason: Reason) -> Json:
    return {
        "rule": reason.rule,
        "points": round(reason.points, 4),
        "text": reason.text,
        "spans": [span_shape(span) for span in reason.spans],
    }


def span_shape(span: Span) -> Json:
    """Where words stand in an article's own text, and the words."""
    return {"field": span.field.value, "start": span.start, "end": span.end, "surface": span.surface}
