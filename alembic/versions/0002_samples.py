"""Rejected items drawn at random, so that misses are measured.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "samples",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("rules_version", sa.Text(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_samples_item_id_items")),
        sa.ForeignKeyConstraint(["version_id"], ["item_versions.id"], name=op.f("fk_samples_version_id_item_versions")),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_samples")),
    )


def downgrade() -> None:
    op.drop_table("samples")
