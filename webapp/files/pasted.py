"""Cells as a spreadsheet copies them: lines of cells between tabs; one that holds either stands in quotation marks."""

import re

# A cell in quotation marks, up to a tab, the end of a line or the end. Any other quotation mark is one.
QUOTED = re.compile(r'"((?:[^"]|"")*)"(?=[\t\n]|\Z)')
PLAIN = re.compile(r"[^\t\n]*")


def cells(text: str) -> list[list[str]]:
    """The lines of a range, each as long as the longest. Any text is a range, if only of one cell; none has no lines.

    A spreadsheet ends its last line like every other.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n")
    lines: list[list[str]] = [[]]
    place = 0
    while text:
        cell, place = _cell(text, place)
        lines[-1].append(cell)
        if place >= len(text):
            break
        if text[place] == "\n":
            lines.append([])
        place += 1
    width = max(map(len, lines))
    return [line + [""] * (width - len(line)) for line in lines] if width else []


def _cell(text: str, place: int) -> tuple[str, int]:
    """The cell that begins there, and where it ends."""
    match = QUOTED.match(text, place)
    if match is not None:
        return match[1].replace('""', '"'), match.end()
    plain = PLAIN.match(text, place)
    assert plain is not None
    return plain[0], plain.end()
