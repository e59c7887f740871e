"""Whom imports find by what companies had before: a code that passed, or a name."""

from collections.abc import Collection, Mapping

from sqlalchemy import func, select

from webapp import db
from webapp.models.company_name import CompanyName


def by_code(kind: str, codes: Collection[str] | None = None) -> dict[str, int]:
    """The number of the company that had each code before, of these or of all; of codes that only one has had."""
    rows = (
        select(CompanyName.value, func.min(CompanyName.company_id))
        .where(CompanyName.kind == kind)
        .group_by(CompanyName.value)
        .having(func.count(CompanyName.company_id.distinct()) == 1)
    )
    if codes is not None:
        rows = rows.where(CompanyName.value.in_(list(codes)))
    return dict(db.session.execute(rows).all())


def names() -> Mapping[int, frozenset[str]]:
    """The keys of the Japanese names that each company had before."""
    of_company = func.array_agg(CompanyName.value_folded)
    rows = select(CompanyName.company_id, of_company).where(CompanyName.kind == "name_ja")
    by_company = db.session.execute(rows.group_by(CompanyName.company_id))
    return {number: frozenset(keys) for number, keys in by_company}
