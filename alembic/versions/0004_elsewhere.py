"""The validators of the address that a feed's own redirects to and of a page that is no feed, and an index.

The index is for the items that a feed brought last; `back_at` is when a removed feed would have been due.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("feeds", sa.Column("elsewhere", sa.Text()))
    op.add_column("feeds", sa.Column("no_feed", sa.Text()))
    op.add_column("feeds", sa.Column("back_at", sa.DateTime(timezone=True)))
    op.create_index("ix_items_feed_id_id", "items", ["feed_id", "id"])


def downgrade() -> None:
    op.drop_index("ix_items_feed_id_id", "items")
    op.drop_column("feeds", "back_at")
    op.drop_column("feeds", "no_feed")
    op.drop_column("feeds", "elsewhere")
