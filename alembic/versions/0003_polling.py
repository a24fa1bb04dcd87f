"""What polling learns of a feed: its wishes, its rhythm, where it moved, and the category its users gave it.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

COLUMNS = (
    "category",
    "asks",
    "rhythm",
    "moved_to",
    "moved_since",
    "moved_seen_at",
    "moved_days",
    "newest_at",
    "longest_gap",
    "churned",
)


def upgrade() -> None:
    op.add_column("feeds", sa.Column("category", sa.Text()))
    op.add_column("feeds", sa.Column("asks", sa.Text()))
    op.add_column("feeds", sa.Column("rhythm", sa.Text()))
    op.add_column("feeds", sa.Column("moved_to", sa.Text()))
    op.add_column("feeds", sa.Column("moved_since", sa.DateTime(timezone=True)))
    op.add_column("feeds", sa.Column("moved_seen_at", sa.DateTime(timezone=True)))
    op.add_column("feeds", sa.Column("moved_days", sa.Integer()))
    op.add_column("feeds", sa.Column("newest_at", sa.DateTime(timezone=True)))
    op.add_column("feeds", sa.Column("longest_gap", sa.Integer()))
    op.add_column("feeds", sa.Column("churned", sa.Integer(), nullable=False, server_default="0"))
    # What came last is known already: without it a feed of some age would be quiet until it next brings something.
    op.execute(
        "UPDATE feeds SET newest_at = (SELECT max(items.first_seen) FROM items WHERE items.feed_id = feeds.id) "
        "WHERE EXISTS (SELECT 1 FROM items WHERE items.feed_id = feeds.id)"
    )


def downgrade() -> None:
    for column in reversed(COLUMNS):
        op.drop_column("feeds", column)
