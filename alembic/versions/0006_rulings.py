"""What analysts rule on stories: which items are of one, and which are apart.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rulings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("together", sa.Boolean(), nullable=False),
        sa.Column("analyst", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rulings")),
    )
    op.create_table(
        "ruling_items",
        sa.Column("ruling_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("left", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_ruling_items_item_id_items")),
        sa.ForeignKeyConstraint(["ruling_id"], ["rulings.id"], name=op.f("fk_ruling_items_ruling_id_rulings")),
        sa.PrimaryKeyConstraint("ruling_id", "item_id", name=op.f("pk_ruling_items")),
    )
    op.create_index("ix_ruling_items_item_id", "ruling_items", ["item_id"])


def downgrade() -> None:
    op.drop_index("ix_ruling_items_item_id", "ruling_items")
    op.drop_table("ruling_items")
    op.drop_table("rulings")
