"""Every table. Times are aware UTC, days are calendar days; what points to nothing that may vanish has a foreign key.

publishers
feeds ── items ── item_versions ── judgements ── mentions
           │  └─ verdicts, samples
           ├─ story_members ── stories ── story_aliases
           │                      └─ events ── stage_changes
           └─ ruling_items ── rulings
schedules ── periods ── digests ── digest_members, facts_told, deliveries ── delivery_attempts
runs, revisions
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    UniqueConstraint,
    text,
)

from monitor.domain.digest import DeliveryState
from monitor.domain.event import EventType, Stage
from monitor.domain.feed import Failure
from monitor.domain.judgement import Decision, Field, Strength
from monitor.domain.run import RunKind
from monitor.store.columns import CleanText, Json, UtcDateTime, Word

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# A copy of the watchlist's publishers as of the last start; feeds name them without a foreign key, because the data
# files may drop one that a feed still names.
publishers = Table(
    "publishers",
    metadata,
    Column("id", CleanText, primary_key=True),
    Column("name", CleanText, nullable=False),
    Column("family", CleanText, nullable=False),
    Column("kind", CleanText, nullable=False),
    Column("side", CleanText),
    Column("country", CleanText),
    Column("language", CleanText),
    Column("names", Json, nullable=False),
)

# `next_poll_at` None: never polled, the pseudo feed of an import. `failing_since`: the first of the present run of
# failures. `left_out`: entries of the last document that were not read. `category` is the users' own word.
# `elsewhere` has the validators of the address that its own redirected to. `no_feed`: why the document that the
# validators are of is no feed, None where it is one. `back_at`: when a feed that was removed would have been polled.
# `asks` is what the publisher asks of who polls it, `rhythm` when it was seen to publish. `moved_to`: where permanent
# redirects have led without a break since `moved_since`, last at `moved_seen_at`, seen on `moved_days` days.
# `newest_at`: when a poll last brought a new item; `longest_gap`: the most seconds between two such polls. `churned`:
# items of the last document that came back under other names.
feeds = Table(
    "feeds",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("url", CleanText, nullable=False, unique=True),
    Column("title", CleanText, nullable=False),
    Column("site", CleanText),
    Column("language", CleanText),
    Column("publisher", CleanText),
    Column("country", CleanText),
    Column("kind", CleanText),
    Column("confidence", CleanText),
    Column("format", CleanText),
    Column("hub", CleanText),
    Column("added_at", UtcDateTime, nullable=False),
    Column("paused", Boolean, nullable=False, default=False),
    Column("next_poll_at", UtcDateTime),
    Column("polled_at", UtcDateTime),
    Column("succeeded_at", UtcDateTime),
    Column("etag", CleanText),
    Column("last_modified", CleanText),
    Column("body_hash", CleanText),
    Column("elsewhere", Json),
    Column("no_feed", CleanText),
    Column("back_at", UtcDateTime),
    Column("failures", Integer, nullable=False, default=0),
    Column("failing_since", UtcDateTime),
    Column("failure", Word(Failure)),
    Column("failure_message", CleanText),
    Column("left_out", Integer, nullable=False, default=0),
    Column("category", CleanText),
    Column("asks", Json),
    Column("rhythm", Json),
    Column("moved_to", CleanText),
    Column("moved_since", UtcDateTime),
    Column("moved_seen_at", UtcDateTime),
    Column("moved_days", Integer),
    Column("newest_at", UtcDateTime),
    Column("longest_gap", Integer),
    Column("churned", Integer, nullable=False, default=0, server_default="0"),
    Index(None, "paused", "next_poll_at"),
)

# `key` is the name under which an item was first stored, `guid` and `url` what it is found again by, as of its last
# sight; a guid that no index could hold is there as its hash. `latest` is the number of the newest version and `time`
# its publication, or first sight. `judgement_id` and `decision` are the judgement in force; `judged_under` the rules it
# was made under, "" while the newest version or a verdict waits to be followed, so that pending items are a range of an
# index and no join over all that was ever judged.
items = Table(
    "items",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("feed_id", ForeignKey("feeds.id"), nullable=False),
    Column("key", CleanText, nullable=False),
    Column("guid", CleanText),
    Column("url", CleanText),
    Column("first_seen", UtcDateTime, nullable=False),
    Column("archive", Boolean, nullable=False),
    Column("latest", Integer, nullable=False),
    Column("time", UtcDateTime, nullable=False),
    Column("judged_under", CleanText, nullable=False, default=""),
    # No foreign key: judgements point to versions and these to items, and SQLite cannot add the last link of a ring.
    Column("judgement_id", Integer),
    Column("decision", Word(Decision)),
    UniqueConstraint("feed_id", "key"),
    Index(None, "feed_id", "guid"),
    Index(None, "feed_id", "id"),
    Index(None, "judged_under", "archive", "time"),
    Index(None, "decision", "time"),
    Index(None, "url", postgresql_using="hash"),  # a B-tree of PostgreSQL takes no more than 2,704 bytes
)

# `published_offset`: minutes east of UTC as the date was written, 0 if it names no zone, NULL if it is in UTC or none.
item_versions = Table(
    "item_versions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("item_id", ForeignKey("items.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("title", CleanText, nullable=False),
    Column("summary", CleanText, nullable=False),
    Column("link", CleanText),
    Column("published", UtcDateTime),
    Column("published_raw", CleanText),
    Column("published_offset", Integer),
    Column("date_flagged", Boolean, nullable=False),
    Column("language", CleanText),
    Column("authors", Json, nullable=False),
    Column("tags", Json, nullable=False),
    Column("source", CleanText),
    Column("content_hash", CleanText, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    UniqueConstraint("item_id", "number"),
)

judgements = Table(
    "judgements",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("version_id", ForeignKey("item_versions.id"), nullable=False),
    Column("rules_version", CleanText, nullable=False),
    Column("decision", Word(Decision), nullable=False),
    Column("score", Float, nullable=False),
    Column("strength", Word(Strength)),
    Column("language", CleanText, nullable=False),
    Column("receipt", Json, nullable=False),
    Column("coding", Json),
    Column("judged_at", UtcDateTime, nullable=False),
    UniqueConstraint("version_id", "rules_version"),
)

mentions = Table(
    "mentions",
    metadata,
    Column("judgement_id", ForeignKey("judgements.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("entity", CleanText, nullable=False),
    Column("field", Word(Field), nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("surface", CleanText, nullable=False),
    Column("sense", CleanText, nullable=False),
    Column("office", CleanText),
    Index(None, "entity"),
)

# Append-only: an item's last verdict overrules its judgement.
verdicts = Table(
    "verdicts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("item_id", ForeignKey("items.id"), nullable=False),
    Column("version_id", ForeignKey("item_versions.id"), nullable=False),
    Column("decision", Word(Decision), nullable=False),
    Column("analyst", CleanText, nullable=False),
    Column("note", CleanText, nullable=False, default=""),
    Column("at", UtcDateTime, nullable=False),
    Index(None, "item_id", "id"),
    Index(None, "decision", "item_id"),
)

# Rejected items drawn at random for an analyst, each once, with the judgement they were drawn under.
samples = Table(
    "samples",
    metadata,
    Column("item_id", ForeignKey("items.id"), primary_key=True),
    Column("version_id", ForeignKey("item_versions.id"), nullable=False),
    Column("rules_version", CleanText, nullable=False),
    Column("drawn_at", UtcDateTime, nullable=False),
)

stories = Table(
    "stories",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("created_at", UtcDateTime, nullable=False),
)

story_aliases = Table(
    "story_aliases",
    metadata,
    Column("alias", ForeignKey("stories.id"), primary_key=True),
    Column("story_id", ForeignKey("stories.id"), nullable=False),
    Column("merged_at", UtcDateTime, nullable=False),
    Index(None, "story_id"),
)

story_members = Table(
    "story_members",
    metadata,
    Column("item_id", ForeignKey("items.id"), primary_key=True),
    Column("story_id", ForeignKey("stories.id"), nullable=False),
    Index(None, "story_id"),
)

# Append-only; the order of ids is the order of record. `together`: a merge, else a split, whose left side are the items
# that left their story. Stories come and go with grouping, so a ruling names items.
rulings = Table(
    "rulings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("together", Boolean, nullable=False),
    Column("analyst", CleanText, nullable=False),
    Column("note", CleanText, nullable=False, default=""),
    Column("at", UtcDateTime, nullable=False),
)

ruling_items = Table(
    "ruling_items",
    metadata,
    Column("ruling_id", ForeignKey("rulings.id"), primary_key=True),
    Column("item_id", ForeignKey("items.id"), primary_key=True),
    Column("left", Boolean, nullable=False),
    Index(None, "item_id"),
)

# `stage`, `opened_at`, `changed_at` and `last_day` follow from the stage changes and the days; they are kept so that
# open events are a range of an index. `merged_into`: the row gave way when its story was merged. `uid` and `revision`
# are a calendar's UID and SEQUENCE. `former_start` and `former_end` are the days it had when it last lost them.
events = Table(
    "events",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("story_id", ForeignKey("stories.id"), nullable=False),
    Column("merged_into", ForeignKey("events.id")),
    Column("type", Word(EventType), nullable=False),
    Column("starts_on", Date),
    Column("ends_on", Date),
    Column("last_day", Date),
    Column("former_start", Date),
    Column("former_end", Date),
    Column("place", CleanText),
    Column("participants", Json, nullable=False),
    Column("series", CleanText),
    Column("topics", Json, nullable=False),
    Column("stage", Word(Stage)),
    Column("opened_at", UtcDateTime),
    Column("changed_at", UtcDateTime),
    Column("uid", CleanText, nullable=False),
    Column("revision", Integer, nullable=False, default=0),
    Column("updated_at", UtcDateTime, nullable=False),
    Index(
        "uq_events_story_id",
        "story_id",
        unique=True,
        sqlite_where=text("merged_into IS NULL"),
        postgresql_where=text("merged_into IS NULL"),
    ),
    Index(None, "stage", "last_day"),
    Index(None, "starts_on"),
    Index(None, "series", "starts_on"),
)

# Append-only; the order of ids is the order of record.
stage_changes = Table(
    "stage_changes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("event_id", ForeignKey("events.id"), nullable=False),
    Column("stage", Word(Stage), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("item_id", ForeignKey("items.id"), nullable=False),
    Column("version_id", ForeignKey("item_versions.id"), nullable=False),
    Column("retracts", ForeignKey("stage_changes.id")),
    Column("recorded_at", UtcDateTime, nullable=False),
    Index(None, "event_id"),
    Index(None, "recorded_at"),
)

# What schedules are is in the settings; here is only what must outlive them. `zone` is that of the last sight.
schedules = Table(
    "schedules",
    metadata,
    Column("name", CleanText, primary_key=True),
    Column("zone", CleanText, nullable=False),
    Column("first_seen", UtcDateTime, nullable=False),
)

# A period without a digest was skipped: a quiet day, or one that a later digest covers.
periods = Table(
    "periods",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("schedule", ForeignKey("schedules.name"), nullable=False),
    Column("local_date", Date, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    UniqueConstraint("schedule", "local_date"),
)

digests = Table(
    "digests",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("period_id", ForeignKey("periods.id"), nullable=False, unique=True),
    Column("made_at", UtcDateTime, nullable=False),
    Column("subject", CleanText, nullable=False),
    Column("html", CleanText, nullable=False),
    Column("text", CleanText, nullable=False),
    Column("markdown", CleanText, nullable=False),
    Column("message_id", CleanText, nullable=False, unique=True),
)

digest_members = Table(
    "digest_members",
    metadata,
    Column("schedule", ForeignKey("schedules.name"), primary_key=True),
    Column("item_id", ForeignKey("items.id"), primary_key=True),
    Column("digest_id", ForeignKey("digests.id"), nullable=False),
    Index(None, "digest_id"),
)

facts_told = Table(
    "facts_told",
    metadata,
    Column("schedule", ForeignKey("schedules.name"), primary_key=True),
    Column("fact", CleanText, primary_key=True),
    Column("digest_id", ForeignKey("digests.id"), nullable=False),
    Index(None, "digest_id"),
)

# The outbox. `attempts` counts claims, so that a crash while sending counts too; `settled_at` is when it was sent or
# given up.
deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("digest_id", ForeignKey("digests.id"), nullable=False),
    Column("channel", CleanText, nullable=False),
    Column("recipient", CleanText, nullable=False),
    Column("state", Word(DeliveryState), nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("next_attempt_at", UtcDateTime),
    Column("claimed_at", UtcDateTime),
    Column("settled_at", UtcDateTime),
    UniqueConstraint("digest_id", "channel", "recipient"),
    Index(None, "state", "next_attempt_at"),
    Index(None, "state", "claimed_at"),
)

delivery_attempts = Table(
    "delivery_attempts",
    metadata,
    Column("delivery_id", ForeignKey("deliveries.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("sent", Boolean, nullable=False),
    Column("answer", CleanText, nullable=False),
)

runs = Table(
    "runs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", Word(RunKind), nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime, nullable=False),
    Column("counts", Json, nullable=False),
    Column("error", CleanText),
    Index(None, "kind", "id"),
    Index(None, "finished_at"),
)

# One row, "stories": its number grows with every write of stories, so that a follow sees that it read an older state.
revisions = Table(
    "revisions",
    metadata,
    Column("name", CleanText, primary_key=True),
    Column("revision", Integer, nullable=False),
)
