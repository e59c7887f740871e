"""What a rule found: which field, which sentence, and whether it blocks."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from webapp.label import Label, Phrase


@dataclasses.dataclass(frozen=True, slots=True)
class Finding:
    """One remark on a row.

    `message` is an English sentence with %(name)s places, used as the key of its translation; `params` fill them.
    `field` is None where the remark is about the row as a whole. A blocking finding refuses the row. Labels and
    phrases among the `params` are said in the language of whoever reads. Where the remark stands apart from its row,
    `record` is what people call the row, `row_key` its key as text, and `line` its place in the file that it came from.
    `rule` is the id of a rule that is declared as data.
    """

    field: str | None
    message: str
    params: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    is_blocking: bool = True
    record: str | None = None
    row_key: str | None = None
    line: int | None = None
    rule: str | None = None

    def __str__(self) -> str:
        return self.message % {
            name: value.en if isinstance(value, Label) else value for name, value in self.params.items()
        }

    def as_json(self) -> dict[str, Any]:
        """The finding as plain JSON values; params become text, labels both of their texts."""
        place = {"record": self.record, "row_key": self.row_key, "line": self.line, "rule": self.rule}
        return {
            "field": self.field,
            "message": self.message,
            "params": {name: _as_json(value) for name, value in self.params.items()},
            "is_blocking": self.is_blocking,
        } | {name: value for name, value in place.items() if value is not None}


def params_from(json: Mapping[str, Any]) -> dict[str, Any]:
    """The params of a finding that was kept as JSON, labels as labels and phrases as phrases."""
    return {name: _from_json(value) for name, value in json.items()}


def _from_json(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return (
        Phrase(value["message"], value["params"]) if "message" in value else Label(value["ja"], value["en"])
    )


def _as_json(value: Any) -> Any:
    if isinstance(value, Label):
        return {"ja": value.ja, "en": value.en}
    if isinstance(value, Phrase):
        return {"message": value.message, "params": dict(value.params)}
    return value if isinstance(value, int) else str(value)
