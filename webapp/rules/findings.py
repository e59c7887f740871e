"""What a rule found: which field, which sentence, and whether it blocks."""

import dataclasses
from collections.abc import Mapping
from typing import Any


@dataclasses.dataclass(frozen=True, slots=True)
class Finding:
    """One remark on a row.

    `message` is an English sentence with %(name)s places, used as the key of its translation; `params` fill them.
    `field` is None where the remark is about the row as a whole. A blocking finding refuses the row.
    """

    field: str | None
    message: str
    params: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    is_blocking: bool = True

    def __str__(self) -> str:
        return self.message % dict(self.params)

    def as_json(self) -> dict[str, Any]:
        """The finding as plain JSON values; params become text."""
        return {
            "field": self.field,
            "message": self.message,
            "params": {
                name: value if isinstance(value, int) else str(value) for name, value in self.params.items()
            },
            "is_blocking": self.is_blocking,
        }
