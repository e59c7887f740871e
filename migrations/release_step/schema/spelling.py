"""Two spellings of one definition: PostgreSQL writes some expressions otherwise once they have been read again.

A restore of pg_dump's, and pg_upgrade, which works by one, read every definition out of what the server had written:
`ARRAY['a'::character varying, …]::text[]` becomes `ARRAY['a'::character varying::text, …]` (transformArrayExpr in
PostgreSQL's parse_expr.c hands a cast of the whole on to the elements). Both mean the same; nothing else is evened out.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

ARRAY = ["ARRAY", "["]
# Names of types that hold a space stand first: a space is what tells an operator's two sides from one value.
PIECE = re.compile(
    r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|character\ varying|double\ precision|bit\ varying
    |(?:timestamp|time)(?:\(\d\))?\ with(?:out)?\ time\ zone|\w+|::|\s+|.""",
    re.VERBOSE | re.DOTALL,
)
OPENING = {"(": ")", "[": "]"}
Pieces = Sequence[str]


def are_one(definition: str, other: str) -> bool:
    """Whether both say the same."""
    return definition == other or ("ARRAY[" in definition and canonical(definition) == canonical(other))


def canonical(definition: str) -> str:
    """The same with each cast of an array handed on to its elements."""
    return "".join(_expression(PIECE.findall(definition)))


def _expression(pieces: Pieces) -> list[str]:
    done: list[str] = []
    place = 0
    while place < len(pieces):
        if list(pieces[place : place + 2]) == ARRAY:
            place = _array(pieces, place, done)
        else:
            done.append(pieces[place])
            place += 1
    return done


def _array(pieces: Pieces, place: int, done: list[str]) -> int:
    """Append the array that begins here, with what it is cast to; where the rest begins."""
    end = _closing(pieces, place + 1)
    elements, rest = list(_elements(pieces[place + 2 : end])), end + 1
    # In brackets of its own, which are not those of a function.
    is_enclosed = done[-1:] == ["("] and list(pieces[rest : rest + 1]) == [")"] and not _is_name(done[-2:-1])
    kind, after = _cast(pieces, rest + is_enclosed)
    if kind and elements:
        rest = after
        if is_enclosed:
            done.pop()
    done += ARRAY
    for number, element in enumerate(elements):
        done += [", "] if number else []
        done += _handed(element, kind) if kind else _own(element)
    done.append("]")
    return rest


def _handed(element: Pieces, kind: Pieces) -> list[str]:
    """One element with the cast of the whole."""
    if list(element[:2]) == ARRAY and _closing(element, 1) == len(element) - 1:
        return _expression([*element, "::", *kind, "[", "]"])
    return ["(", *_expression(_bare(element)), ")::", *kind]


def _own(element: Pieces) -> list[str]:
    """One element with a cast of its own in the same words, where the cast is of all of it."""
    depths = list(_depths(element))
    casts = [place for place, piece in enumerate(element) if piece == "::" and not depths[place]]
    if not casts or not _is_one_value(
        piece for piece, depth in zip(element, depths, strict=True) if not depth
    ):
        return _expression(element)
    value, kind = element[: casts[-1]], element[casts[-1] + 1 :]
    return ["(", *_expression(_bare(value)), ")::", *kind]


def _is_one_value(outermost: Iterable[str]) -> bool:
    """Whether no operator and no word stands between: else a cast is of what is right of it alone."""
    return all(_is_name([piece]) or piece[0] == "'" or piece in ("::", ".") for piece in outermost)


def _cast(pieces: Pieces, place: int) -> tuple[list[str], int]:
    """The type of the elements of an array that is cast here, and where the rest begins; none where it is not."""
    if list(pieces[place : place + 1]) != ["::"]:
        return [], place
    end = place + 1
    while end < len(pieces) and (_is_name(pieces[end : end + 1]) or pieces[end] in (".", "(")):
        end = (_closing(pieces, end) if pieces[end] == "(" else end) + 1
    if end == place + 1 or list(pieces[end : end + 2]) != ["[", "]"]:
        return [], place
    return list(pieces[place + 1 : end]), end + 2


def _elements(pieces: Pieces) -> Iterator[Pieces]:
    begin = 0
    for place, (piece, depth) in enumerate(zip(pieces, _depths(pieces), strict=True)):
        if piece == "," and not depth:
            yield _trimmed(pieces[begin:place])
            begin = place + 1
    if trimmed := _trimmed(pieces[begin:]):
        yield trimmed


def _trimmed(pieces: Pieces) -> Pieces:
    held = [place for place, piece in enumerate(pieces) if not piece.isspace()]
    return pieces[held[0] : held[-1] + 1] if held else []


def _bare(pieces: Pieces) -> Pieces:
    """Without brackets around all of it."""
    while pieces and pieces[0] == "(" and _closing(pieces, 0) == len(pieces) - 1:
        pieces = _trimmed(pieces[1:-1])
    return pieces


def _closing(pieces: Pieces, opening: int) -> int:
    """Where the bracket that is opened here is closed; the end where it is not."""
    depth = 0
    for place in range(opening, len(pieces)):
        depth += (pieces[place] in OPENING) - (pieces[place] in OPENING.values())
        if not depth:
            return place
    return len(pieces) - 1


def _depths(pieces: Pieces) -> Iterator[int]:
    """How many brackets are open at each piece; those that open and close are inside."""
    depth = 0
    for piece in pieces:
        depth += piece in OPENING
        yield depth
        depth -= piece in OPENING.values()


def _is_name(pieces: Pieces) -> bool:
    return bool(pieces) and (pieces[0][:1] == '"' or pieces[0][:1].isalnum() or pieces[0][:1] == "_")
