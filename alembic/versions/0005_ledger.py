"""What calendars know an event by: a name for ever, and how often it was rewritten. And an index for editions.

Revision ID: 0005
Revises: 0004
"""

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

events = sa.table("events", sa.column("id", sa.Integer), sa.column("uid", sa.Text))


def upgrade() -> None:
    op.add_column("events", sa.Column("uid", sa.Text(), nullable=False, server_default=""))
    op.add_column("events", sa.Column("revision", sa.Integer(), nullable=False, server_default="0"))
    op.add_column(
        "events",
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False, server_default="1970-01-01 00:00:00"),
    )
    connection = op.get_bind()
    for row in connection.execute(sa.select(events.c.id)).all():
        connection.execute(sa.update(events).where(events.c.id == row.id).values(uid=str(uuid4())))
    op.execute("UPDATE events SET updated_at = changed_at WHERE changed_at IS NOT NULL")
    op.create_index("ix_events_series_starts_on", "events", ["series", "starts_on"])


def downgrade() -> None:
    op.drop_index("ix_events_series_starts_on", "events")
    op.drop_column("events", "updated_at")
    op.drop_column("events", "revision")
    op.drop_column("events", "uid")
