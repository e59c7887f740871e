"""What PostgreSQL spells otherwise after it has read its own words is one definition; whatever else differs is two."""

import pytest

from migrations.release_step.schema import spelling

pytestmark = pytest.mark.release

ONE = [
    (
        "CHECK (a::text = ANY (ARRAY['x'::character varying, 'y, ]'::character varying]::text[]))",
        "CHECK (a::text = ANY (ARRAY['x'::character varying::text, 'y, ]'::character varying::text]))",
    ),
    (
        "((a)::text = ANY ((ARRAY['x'::character varying, 'it''s'::character varying])::text[]))",
        "((a)::text = ANY (ARRAY[('x'::character varying)::text, ('it''s'::character varying)::text]))",
    ),
    ("ARRAY[a + b, c]::numeric(20,4)[]", "ARRAY[(a + b)::numeric(20,4), c::numeric(20,4)]"),
    (
        "ARRAY[ARRAY[1, 2], ARRAY[3, 4]]::bigint[]",
        "ARRAY[ARRAY[1::bigint, 2::bigint], ARRAY[3::bigint, 4::bigint]]",
    ),
    (
        "ARRAY[f(ARRAY['a'::name]::text[], 2)]::integer[]",
        "ARRAY[f(ARRAY['a'::name::text], 2)::integer]",
    ),
    ('ARRAY[x."Y", NULL]::"Ours".mood[]', 'ARRAY[x."Y"::"Ours".mood, NULL::"Ours".mood]'),
    (
        "ARRAY[a, b]::timestamp(3) without time zone[]",
        "ARRAY[a::timestamp(3) without time zone, b::timestamp(3) without time zone]",
    ),
    ("ARRAY[]::text[]", "ARRAY[]::text[]"),
]
TWO = [
    ("ARRAY[a + b::numeric]", "ARRAY[(a + b)::numeric]"),
    ("ARRAY['x', 'y']::text[]", "ARRAY['y', 'x']::text[]"),
    ("ARRAY['x', 'y']::text[]", "ARRAY['x']::text[]"),
    ("ARRAY['x']::text[]", "ARRAY['x']::citext[]"),
    ("f(ARRAY['x'])::text[]", "f(ARRAY['x'::text])"),
    ("ARRAY['x']::text[] || y", "ARRAY['x']::text[] || z"),
    ("a = 'ARRAY[x]::text[]'", "a = 'ARRAY[x::text]'"),
    # What nobody can read stays as it is.
    ("ARRAY['x'::text", "ARRAY['y'::text"),
    ("a = 1", "a = 2"),
]


@pytest.mark.parametrize(("written", "read_again"), ONE)
def test_both_spellings_are_one(written: str, read_again: str) -> None:
    assert spelling.are_one(written, read_again)
    assert spelling.are_one(read_again, written)
    assert spelling.canonical(spelling.canonical(written)) == spelling.canonical(written)


@pytest.mark.parametrize(("one", "other"), TWO)
def test_what_means_something_else_is_two(one: str, other: str) -> None:
    assert not spelling.are_one(one, other)
