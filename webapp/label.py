"""What something is called, in both languages; declared where the thing is. And phrases, said in one of them later."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Label:
    """What a table or column is called, in Japanese as filers print it, and in English.

    `one`: what one row of a table is called in English, where somebody adds one.
    """

    ja: str
    en: str
    one: str = ""

    def in_language(self, language: str) -> str:
        return self.ja if language == "ja" else self.en

    @property
    def of_one(self) -> "Label":
        return Label(self.ja, self.one or self.en)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A part of a sentence that is translated by itself: an English msgid, and what fills its places."""

    message: str
    params: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.message % self.params if self.params else self.message
