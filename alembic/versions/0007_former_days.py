"""The days that an event had before it lost them, so that calendars can be told to take its entry back.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("events", sa.Column("former_start", sa.Date()))
    op.add_column("events", sa.Column("former_end", sa.Date()))


def downgrade() -> None:
    op.drop_column("events", "former_end")
    op.drop_column("events", "former_start")
