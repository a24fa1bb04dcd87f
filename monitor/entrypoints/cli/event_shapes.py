"""Events as JSON and as rows of a table: names and values that scripts and spreadsheets rely on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

from monitor.digest.calendar import address_of
from monitor.digest.charts import ChartEvent
from monitor.digest.headline import told_as
from monitor.digest.lines import topic_name
from monitor.digest.readouts import side_lines
from monitor.digest.series import standing_of
from monitor.digest.sources import Voices, distinct
from monitor.domain.digest import Source
from monitor.domain.event import Event, StageChange, standing
from monitor.domain.evidence import Evidence, by_phone, evidence_of, most_told
from monitor.domain.ledger import EventReport, EventView, day_of_offices, days_of
from monitor.domain.series import series_of
from monitor.domain.watchlist import Edition, EntityKind, Watchlist
from monitor.entrypoints.cli.output import iso, moment
from monitor.entrypoints.cli.shapes import Json, coding_shape, span_shape
from monitor.events.codes import Codes, codes_of
from monitor.events.level import level_of

COLUMNS = (
    "id",
    "uid",
    "revision",
    "updated",
    "type",
    "headline",
    "stage",
    "status",
    "start",
    "end",
    "place",
    "level",
    "series",
    "edition",
    "edition_year",
    "services",
    "participants",
    "topics",
    "verb",
    "plover",
    "plover_mode",
    "plover_context",
    "cameo",
    "reports",
    "publishers",
    "link",
    "sources",
)
"""Of the table; what may be several is joined by "; ", sources stand one below the other."""


@dataclass(frozen=True, slots=True)
class EventShapes:
    """Shows events in the words of a watchlist; `voices` are those of its publishers."""

    watchlist: Watchlist
    voices: Voices
    editions: Mapping[str, Sequence[Edition]] = field(default_factory=dict)

    @classmethod
    def of(cls, watchlist: Watchlist, editions: Mapping[str, Sequence[Edition]] | None = None) -> EventShapes:
        """For all events of this watchlist; without `editions` nothing is said of standing in a series."""
        return cls(watchlist, Voices(watchlist.publishers), editions or {})

    def standing(self, view: EventView) -> str:
        """How it stands in its series, in words; "" where that is not known."""
        return standing_of(view.row.event, self.editions, self.watchlist)

    def sides(self, view: EventView) -> tuple[tuple[str, str], ...]:
        """Whose official word there is, and what only one side speaks of: labels and texts."""
        return side_lines(distinct(report.source for report in view.reports), self.watchlist, self.voices)

    def sources(self, view: EventView) -> tuple[Source, ...]:
        """Its reports as sources, each address once, the first of each voice before any second."""
        return self.voices.ordered(distinct(report.source for report in view.reports))

    def headline(self, view: EventView) -> str:
        """The event in one line."""
        return told_as(view.row.event, next(iter(self.sources(view)), None), self.watchlist)

    def codes(self, view: EventView) -> Codes:
        """What it is called elsewhere."""
        event = view.row.event
        return codes_of(event.type, event.stage, by_phone=by_phone(view), third_place=self._in_a_third_place(event))

    def shape(self, view: EventView) -> Json:
        """An event of the list and of the export."""
        row, event, sources = view.row, view.row.event, self.sources(view)
        series = series_of(event, self.watchlist) or event.series
        return {
            "id": row.id,
            "uid": row.uid,
            "revision": row.revision,
            "updated": moment(row.updated_at),
            "type": event.type.value,
            "headline": self.headline(view),
            "stage": event.stage.value if event.stage else None,
            "status": event.status.value,
            "start": iso(event.start),
            "end": iso(event.end),
            "place": event.place,
            "level": level_of(event, self.watchlist).value,
            "series": self._named(series) if series else None,
            "edition": most_told(view, lambda coding: coding.edition),
            "edition_year": most_told(view, lambda coding: coding.year),
            "services": list(most_told(view, lambda coding: coding.services) or ()),
            "participants": [self._participant(entity, event) for entity in event.participants],
            "topics": [{"id": topic, "name": topic_name(topic, self.watchlist)} for topic in event.topics],
            "codes": asdict(self.codes(view)),
            "publishers": self.voices.count(sources),
            "sources": [_source_shape(source) for source in sources],
        }

    def full_shape(self, view: EventView) -> Json:
        """The same with its stages, its evidence, and what each report says."""
        return self.shape(view) | {
            "standing": self.standing(view) or None,
            "sides": dict(self.sides(view)),
            "stages": [_change_shape(change, view.row.event) for change in view.row.event.changes],
            "evidence": [_evidence_shape(evidence) for evidence in evidence_of(view)],
            "reports": [self._report_shape(report) for report in self.by_side(view)],
        }

    def cells(self, view: EventView) -> tuple[str | int | None, ...]:
        """The row under `COLUMNS`."""
        shape, sources = self.shape(view), self.sources(view)
        codes, series = shape["codes"], shape["series"]
        values = shape | {
            "series": series and series["name"],
            "services": "; ".join(shape["services"]),
            "participants": "; ".join(with_office(one) for one in shape["participants"]),
            "topics": "; ".join(topic["name"] for topic in shape["topics"]),
            "verb": codes["verb"],
            "plover": codes["plover"],
            "plover_mode": codes["mode"],
            "plover_context": codes["context"],
            "cameo": codes["cameo"],
            "reports": len(sources),
            "link": address_of(sources, self.voices),
            "sources": "\n".join(f"{one.publisher}: {one.url}" if one.url else one.publisher for one in sources),
        }
        return tuple(values[column] for column in COLUMNS)

    def charted(self, view: EventView) -> ChartEvent | None:
        """The event of a chart; None for one without a day, or of which no stage stands."""
        event, days = view.row.event, days_of(view.row.event)
        if days is None or event.stage is None:
            return None
        return ChartEvent(level_of(event, self.watchlist), event.stage, *days, self.headline(view), event.place)

    def by_side(self, view: EventView) -> list[EventReport]:
        """Official reports first, then by side in the watchlist's order, the others last; within each by time."""
        order = {side.id: number for number, side in enumerate(self.watchlist.sides)}

        def rank(report: EventReport) -> tuple[bool, int]:
            speaker = self.voices.speaker(report.source)
            side = order.get(speaker.side or "", len(order)) if speaker else len(order)
            return not self.voices.is_official(report.source), side

        return sorted(view.reports, key=rank)

    def side(self, report: EventReport) -> str | None:
        """The name of the side that speaks; None for neither."""
        speaker = self.voices.speaker(report.source)
        return next((side.name for side in self.watchlist.sides if speaker and side.id == speaker.side), None)

    def _participant(self, entity_id: str, event: Event) -> Json:
        """Who takes part, with the office held on the first day; an entity the watchlist dropped goes by its id."""
        entity, day = self.watchlist.entities.get(entity_id), day_of_offices(event)
        role = entity.role_on(day) if entity and day else None
        return {
            "id": entity_id,
            "name": entity.name if entity else entity_id,
            "office": role.title if role else None,
            "side": entity.side if entity else None,
        }

    def _named(self, entity_id: str) -> Json:
        entity = self.watchlist.entities.get(entity_id)
        return {"id": entity_id, "name": entity.name if entity else entity_id}

    def _in_a_third_place(self, event: Event) -> bool:
        """Whether its place is known and of neither side."""
        sides = {side.id for side in self.watchlist.sides}
        places = (one for one in self.watchlist.entities.values() if one.kind is EntityKind.PLACE)
        return any(place.name == event.place and place.side not in sides for place in places)

    def _report_shape(self, report: EventReport) -> Json:
        return _source_shape(report.source) | {
            "side": self.side(report),
            "entities": list(dict.fromkeys(mention.entity for mention in report.mentions)),
            "event": coding_shape(report.coding),
        }


def _source_shape(source: Source) -> Json:
    return {
        "id": source.item_id,
        "title": source.title,
        "url": source.url,
        "publisher": source.publisher,
        "lang": source.language,
        "published": moment(source.published),
        "first_seen": moment(source.first_seen),
        "archive": source.archive,
    }


def _change_shape(change: StageChange, event: Event) -> Json:
    return {
        "stage": change.stage.value,
        "at": moment(change.at),
        "report": int(change.evidence),
        "stands": change in standing(event.changes),
        "takes_back": change.retracts,
        "id": change.id,
    }


def _evidence_shape(evidence: Evidence) -> Json:
    return {
        "slot": evidence.slot,
        "value": evidence.value,
        "rule": evidence.rule,
        "confidence": evidence.confidence,
        "span": span_shape(evidence.span) if evidence.span else None,
        "report": evidence.item_id,
    }


def with_office(participant: Json) -> str:
    """A participant's name, with the office if one was held."""
    return f"{participant['name']} ({participant['office']})" if participant["office"] else str(participant["name"])
