"""${message}.

Why: ${why or "TODO"}
Phase: ${phase}
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}

revision: str = ${repr(up_revision)}
down_revision: str | Sequence[str] | None = ${repr(down_revision)}
branch_labels: str | Sequence[str] | None = ${repr(branch_labels)}
depends_on: str | Sequence[str] | None = ${repr(depends_on)}
${beside}

def upgrade() -> None:
    ${"raise NotImplementedError  # write it, or delete this file" if is_by_hand else upgrades}


def downgrade() -> None:
    ${"raise NotImplementedError  # write it, or delete this file" if is_by_hand else downgrades}
