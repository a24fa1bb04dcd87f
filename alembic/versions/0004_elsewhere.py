"""The validators of the address that a feed's own redirects to, and an index for the items it brought last.

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
    op.create_index("ix_items_feed_id_id", "items", ["feed_id", "id"])


def downgrade() -> None:
    op.drop_index("ix_items_feed_id_id", "items")
    op.drop_column("feeds", "elsewhere")
