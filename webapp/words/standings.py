"""Where a database stands, seen from this code, as people read it, and how serious that is."""

from collections.abc import Mapping

from webapp.label import Label

PLACES: Mapping[str, tuple[Label, str]] = {
    "level": (Label("一致", "as needed"), "good"),
    "ahead": (Label("新しいリリース済み", "ahead"), "info"),
    "behind": (Label("リリース前", "behind"), "warn"),
    "unknown": (Label("不明", "unknown"), "bad"),
}
