"""The mapping is data that means something: real columns, one place each, no company."""

from webapp.files.edinet import mapping
from webapp.models.financial_statement import FinancialStatement
from webapp.services.changes import row_codec


def test_every_field_is_a_column_of_statements() -> None:
    columns = set(row_codec.table_of(FinancialStatement).columns.keys())
    assert {line.field for line in mapping.lines()} <= columns


def test_no_element_has_the_same_rank_twice_in_a_field() -> None:
    ranks = [(one.field, one.standard, one.industry_format, one.priority) for one in mapping.lines()]
    assert len(ranks) == len(set(ranks))


def test_every_line_says_what_it_needs() -> None:
    for line in mapping.lines():
        assert line.standard in ("JGAAP", "IFRS", "USGAAP", mapping.ANY), line
        assert line.industry_format in ("", "BNK", "INS", "SEC"), line
        assert line.period in ("duration", "instant"), line
        assert line.context in ("", "parent", "filer", "non_consolidated"), line
        for element in line.elements:
            assert element.partition(":")[0] in ("jppfs_cor", "jpigp_cor", "jpcrp_cor"), line


def test_an_industrys_own_elements_come_before_those_of_all() -> None:
    first, *_ = mapping.of("JGAAP", "BNK")["revenue"]
    assert first.element == "jppfs_cor:OrdinaryIncomeBNK"
    assert all(line.industry_format == "" for line in mapping.of("JGAAP", "")["revenue"])
