"""Receipts and codings as JSON and back. What is written once is read for years: fields may be added, never renamed."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from monitor.domain.event import Coding, EventType, Slot, Stage, StepTold
from monitor.domain.judgement import Field, Mention, Reason, Receipt, Span
from monitor.domain.watchlist import Step

Json = dict[str, Any]


def encode_receipt(receipt: Receipt) -> Json:
    """The receipt as JSON."""
    return asdict(receipt)


def decode_receipt(stored: Json) -> Receipt:
    """The receipt that `encode_receipt` took."""
    return Receipt(
        rules_version=stored["rules_version"],
        gate=tuple((gate, evidence) for gate, evidence in stored["gate"]),
        reasons=tuple(map(_reason, stored["reasons"])),
        near_misses=tuple(map(_reason, stored["near_misses"])),
        offices=tuple(map(_mention, stored.get("offices", ()))),
    )


def encode_coding(coding: Coding | None) -> Json | None:
    """The coding as JSON, days as ISO dates; None for none."""
    if coding is None:
        return None
    return asdict(coding) | {"start": _iso(coding.start), "end": _iso(coding.end)}


def decode_coding(stored: Json | None) -> Coding | None:
    """The coding that `encode_coding` took."""
    if stored is None:
        return None
    return Coding(
        type=EventType(stored["type"]),
        stage=None if stored["stage"] is None else Stage(stored["stage"]),
        start=_day(stored["start"]),
        end=_day(stored["end"]),
        place=stored["place"],
        participants=tuple(stored["participants"]),
        series=stored["series"],
        topics=tuple(stored["topics"]),
        slots=tuple(map(_slot, stored["slots"])),
        credit=stored.get("credit"),
        steps=tuple(map(_step, stored.get("steps", ()))),
        edition=stored.get("edition"),
        year=stored.get("year"),
        services=tuple(stored.get("services", ())),
        by_phone=stored.get("by_phone", False),
    )


def _reason(stored: Json) -> Reason:
    return Reason(stored["rule"], stored["points"], stored["text"], tuple(map(_span, stored["spans"])))


def _mention(stored: Json) -> Mention:
    return Mention(stored["entity"], _span(stored["span"]), stored["sense"], stored["office"])


def _slot(stored: Json) -> Slot:
    span = None if stored["span"] is None else _span(stored["span"])
    return Slot(stored["name"], stored["rule"], stored["confidence"], span)


def _step(stored: Json) -> StepTold:
    return StepTold(stored["entity"], Step(stored["step"]), _span(stored["span"]))


def _span(stored: Json) -> Span:
    return Span(Field(stored["field"]), stored["start"], stored["end"], stored["surface"])


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _day(stored: str | None) -> date | None:
    return None if stored is None else date.fromisoformat(stored)
