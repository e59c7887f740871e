"""What something is called, in both languages; declared where the thing is."""

from dataclasses import dataclass


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
