"""The first tables.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "feeds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("site", sa.Text()),
        sa.Column("language", sa.Text()),
        sa.Column("publisher", sa.Text()),
        sa.Column("country", sa.Text()),
        sa.Column("kind", sa.Text()),
        sa.Column("confidence", sa.Text()),
        sa.Column("format", sa.Text()),
        sa.Column("hub", sa.Text()),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("next_poll_at", sa.DateTime(timezone=True)),
        sa.Column("polled_at", sa.DateTime(timezone=True)),
        sa.Column("succeeded_at", sa.DateTime(timezone=True)),
        sa.Column("etag", sa.Text()),
        sa.Column("last_modified", sa.Text()),
        sa.Column("body_hash", sa.Text()),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failing_since", sa.DateTime(timezone=True)),
        sa.Column("failure", sa.Text()),
        sa.Column("failure_message", sa.Text()),
        sa.Column("left_out", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feeds")),
        sa.UniqueConstraint("url", name=op.f("uq_feeds_url")),
    )
    op.create_index(op.f("ix_feeds_paused_next_poll_at"), "feeds", ["paused", "next_poll_at"], unique=False)
    op.create_table(
        "publishers",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("family", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("side", sa.Text()),
        sa.Column("country", sa.Text()),
        sa.Column("language", sa.Text()),
        sa.Column("names", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publishers")),
    )
    op.create_table(
        "revisions",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_revisions")),
    )
    op.create_table(
        "runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.Column("error", sa.Text()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runs")),
    )
    op.create_index(op.f("ix_runs_finished_at"), "runs", ["finished_at"], unique=False)
    op.create_index(op.f("ix_runs_kind_id"), "runs", ["kind", "id"], unique=False)
    op.create_table(
        "schedules",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("first_seen", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_schedules")),
    )
    op.create_table(
        "stories",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stories")),
    )
    op.create_table(
        "events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("story_id", sa.Integer(), nullable=False),
        sa.Column("merged_into", sa.Integer()),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date()),
        sa.Column("ends_on", sa.Date()),
        sa.Column("last_day", sa.Date()),
        sa.Column("place", sa.Text()),
        sa.Column("participants", sa.Text(), nullable=False),
        sa.Column("series", sa.Text()),
        sa.Column("topics", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text()),
        sa.Column("opened_at", sa.DateTime(timezone=True)),
        sa.Column("changed_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["merged_into"], ["events.id"], name=op.f("fk_events_merged_into_events")),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name=op.f("fk_events_story_id_stories")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
    )
    op.create_index(op.f("ix_events_stage_last_day"), "events", ["stage", "last_day"], unique=False)
    op.create_index(op.f("ix_events_starts_on"), "events", ["starts_on"], unique=False)
    op.create_index(
        "uq_events_story_id",
        "events",
        ["story_id"],
        unique=True,
        sqlite_where=sa.text("merged_into IS NULL"),
        postgresql_where=sa.text("merged_into IS NULL"),
    )
    op.create_table(
        "items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("feed_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("guid", sa.Text()),
        sa.Column("url", sa.Text()),
        sa.Column("first_seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("archive", sa.Boolean(), nullable=False),
        sa.Column("latest", sa.Integer(), nullable=False),
        sa.Column("time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("judged_under", sa.Text(), nullable=False),
        sa.Column("judgement_id", sa.Integer()),
        sa.Column("decision", sa.Text()),
        sa.ForeignKeyConstraint(["feed_id"], ["feeds.id"], name=op.f("fk_items_feed_id_feeds")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_items")),
        sa.UniqueConstraint("feed_id", "key", name=op.f("uq_items_feed_id_key")),
    )
    op.create_index(op.f("ix_items_decision_time"), "items", ["decision", "time"], unique=False)
    op.create_index(op.f("ix_items_feed_id_guid"), "items", ["feed_id", "guid"], unique=False)
    op.create_index(
        op.f("ix_items_judged_under_archive_time"), "items", ["judged_under", "archive", "time"], unique=False
    )
    op.create_index(op.f("ix_items_url"), "items", ["url"], unique=False, postgresql_using="hash")
    op.create_table(
        "periods",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("schedule", sa.Text(), nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["schedule"], ["schedules.name"], name=op.f("fk_periods_schedule_schedules")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_periods")),
        sa.UniqueConstraint("schedule", "local_date", name=op.f("uq_periods_schedule_local_date")),
    )
    op.create_table(
        "story_aliases",
        sa.Column("alias", sa.Integer(), nullable=False),
        sa.Column("story_id", sa.Integer(), nullable=False),
        sa.Column("merged_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["alias"], ["stories.id"], name=op.f("fk_story_aliases_alias_stories")),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name=op.f("fk_story_aliases_story_id_stories")),
        sa.PrimaryKeyConstraint("alias", name=op.f("pk_story_aliases")),
    )
    op.create_index(op.f("ix_story_aliases_story_id"), "story_aliases", ["story_id"], unique=False)
    op.create_table(
        "digests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("markdown", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["period_id"], ["periods.id"], name=op.f("fk_digests_period_id_periods")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digests")),
        sa.UniqueConstraint("message_id", name=op.f("uq_digests_message_id")),
        sa.UniqueConstraint("period_id", name=op.f("uq_digests_period_id")),
    )
    op.create_table(
        "item_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("link", sa.Text()),
        sa.Column("published", sa.DateTime(timezone=True)),
        sa.Column("published_raw", sa.Text()),
        sa.Column("published_offset", sa.Integer()),
        sa.Column("date_flagged", sa.Boolean(), nullable=False),
        sa.Column("language", sa.Text()),
        sa.Column("authors", sa.Text(), nullable=False),
        sa.Column("tags", sa.Text(), nullable=False),
        sa.Column("source", sa.Text()),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_item_versions_item_id_items")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_versions")),
        sa.UniqueConstraint("item_id", "number", name=op.f("uq_item_versions_item_id_number")),
    )
    op.create_table(
        "story_members",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("story_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_story_members_item_id_items")),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name=op.f("fk_story_members_story_id_stories")),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_story_members")),
    )
    op.create_index(op.f("ix_story_members_story_id"), "story_members", ["story_id"], unique=False)
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True)),
        sa.Column("claimed_at", sa.DateTime(timezone=True)),
        sa.Column("settled_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["digest_id"], ["digests.id"], name=op.f("fk_deliveries_digest_id_digests")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint(
            "digest_id", "channel", "recipient", name=op.f("uq_deliveries_digest_id_channel_recipient")
        ),
    )
    op.create_index(op.f("ix_deliveries_state_claimed_at"), "deliveries", ["state", "claimed_at"], unique=False)
    op.create_index(
        op.f("ix_deliveries_state_next_attempt_at"), "deliveries", ["state", "next_attempt_at"], unique=False
    )
    op.create_table(
        "digest_members",
        sa.Column("schedule", sa.Text(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("digest_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["digest_id"], ["digests.id"], name=op.f("fk_digest_members_digest_id_digests")),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_digest_members_item_id_items")),
        sa.ForeignKeyConstraint(["schedule"], ["schedules.name"], name=op.f("fk_digest_members_schedule_schedules")),
        sa.PrimaryKeyConstraint("schedule", "item_id", name=op.f("pk_digest_members")),
    )
    op.create_index(op.f("ix_digest_members_digest_id"), "digest_members", ["digest_id"], unique=False)
    op.create_table(
        "facts_told",
        sa.Column("schedule", sa.Text(), nullable=False),
        sa.Column("fact", sa.Text(), nullable=False),
        sa.Column("digest_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["digest_id"], ["digests.id"], name=op.f("fk_facts_told_digest_id_digests")),
        sa.ForeignKeyConstraint(["schedule"], ["schedules.name"], name=op.f("fk_facts_told_schedule_schedules")),
        sa.PrimaryKeyConstraint("schedule", "fact", name=op.f("pk_facts_told")),
    )
    op.create_index(op.f("ix_facts_told_digest_id"), "facts_told", ["digest_id"], unique=False)
    op.create_table(
        "judgements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("rules_version", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("strength", sa.Text()),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("receipt", sa.Text(), nullable=False),
        sa.Column("coding", sa.Text()),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["item_versions.id"], name=op.f("fk_judgements_version_id_item_versions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_judgements")),
        sa.UniqueConstraint("version_id", "rules_version", name=op.f("uq_judgements_version_id_rules_version")),
    )
    op.create_table(
        "stage_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("retracts", sa.Integer()),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_stage_changes_event_id_events")),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_stage_changes_item_id_items")),
        sa.ForeignKeyConstraint(
            ["retracts"], ["stage_changes.id"], name=op.f("fk_stage_changes_retracts_stage_changes")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["item_versions.id"], name=op.f("fk_stage_changes_version_id_item_versions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage_changes")),
    )
    op.create_index(op.f("ix_stage_changes_event_id"), "stage_changes", ["event_id"], unique=False)
    op.create_index(op.f("ix_stage_changes_recorded_at"), "stage_changes", ["recorded_at"], unique=False)
    op.create_table(
        "verdicts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("analyst", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_verdicts_item_id_items")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["item_versions.id"], name=op.f("fk_verdicts_version_id_item_versions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verdicts")),
    )
    op.create_index(op.f("ix_verdicts_item_id_id"), "verdicts", ["item_id", "id"], unique=False)
    op.create_index(op.f("ix_verdicts_decision_item_id"), "verdicts", ["decision", "item_id"], unique=False)
    op.create_table(
        "delivery_attempts",
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent", sa.Boolean(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["deliveries.id"], name=op.f("fk_delivery_attempts_delivery_id_deliveries")
        ),
        sa.PrimaryKeyConstraint("delivery_id", "number", name=op.f("pk_delivery_attempts")),
    )
    op.create_table(
        "mentions",
        sa.Column("judgement_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("surface", sa.Text(), nullable=False),
        sa.Column("sense", sa.Text(), nullable=False),
        sa.Column("office", sa.Text()),
        sa.ForeignKeyConstraint(["judgement_id"], ["judgements.id"], name=op.f("fk_mentions_judgement_id_judgements")),
        sa.PrimaryKeyConstraint("judgement_id", "position", name=op.f("pk_mentions")),
    )
    op.create_index(op.f("ix_mentions_entity"), "mentions", ["entity"], unique=False)
    op.execute("INSERT INTO revisions (name, revision) VALUES ('stories', 0)")


def downgrade() -> None:
    op.drop_table("mentions")
    op.drop_table("delivery_attempts")
    op.drop_table("verdicts")
    op.drop_table("stage_changes")
    op.drop_table("judgements")
    op.drop_table("facts_told")
    op.drop_table("digest_members")
    op.drop_table("deliveries")
    op.drop_table("story_members")
    op.drop_table("item_versions")
    op.drop_table("digests")
    op.drop_table("story_aliases")
    op.drop_table("periods")
    op.drop_table("items")
    op.drop_table("events")
    op.drop_table("stories")
    op.drop_table("schedules")
    op.drop_table("runs")
    op.drop_table("revisions")
    op.drop_table("publishers")
    op.drop_table("feeds")
