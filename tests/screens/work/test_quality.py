"""The queue of findings: each row a sentence that leads to its field; assigned, accepted and counted."""

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl

import pytest
from flask import Flask
from sqlalchemy import select

from tests import factories, people
from tests.screens.browsing import Browser, statements
from webapp import db
from webapp.models.company import Company
from webapp.models.findings.finding import FiledFinding
from webapp.models.findings.finding_decision import FindingDecision
from webapp.models.stock_price import StockPrice
from webapp.rules import calendar
from webapp.screens.work.standing import decisions
from webapp.services.changes import door
from webapp.services.changes.proposals import Wish
from webapp.services.checking import findings

pytestmark = pytest.mark.usefixtures("connection")

QUALITY = "/admin/quality/"
LATER = (calendar.today() + timedelta(days=7)).isoformat()


def against_source(number: int = 1) -> list[int]:
    """Findings of companies whose English names a steward has set otherwise than a list."""
    named = ({"name_ja": f"担当{place}株式会社", "name_en": "By hand"} for place in range(number))
    rows = factories.companies(*named)
    says = [
        {"table": "companies", "row_key": str(row.id), "field": "name_en", "value": "Of the list"}
        for row in rows
    ]
    findings.compare("edinet-codes", says)
    db.session.commit()
    return list(db.session.scalars(select(FiledFinding.id).order_by(FiledFinding.id)))


def now(number: int) -> FiledFinding:
    return db.session.get_one(FiledFinding, number, populate_existing=True)


def decide(browser: Browser, chosen: list[int], verb: str, **typed: Any) -> Any:
    sent = {"rowid": [str(one) for one in chosen], "verb": verb, "seen": decisions.seen(chosen), **typed}
    return browser.post(f"{QUALITY}decide/", sent)


def test_a_row_is_the_sentence_in_both_languages_with_a_link_to_the_field(app: Flask) -> None:
    (one,) = against_source()
    japanese = Browser(app, language="ja").get(QUALITY).text
    assert (
        "担当0株式会社 英文商号：担当者が決めた値が出典の値と異なります（登録値 By hand、出典 Of the list）"
        in japanese
    )
    english = Browser(app).get(QUALITY).text
    assert (
        "a steward set this value; the source says otherwise (stored By hand, source Of the list)" in english
    )
    assert f'href="/admin/companies/edit/?id={now(one).row_key}#name_en"' in english


def test_a_broken_rule_of_accounting_names_its_statement_and_says_its_sentence(app: Flask) -> None:
    company = factories.company(ticker_symbol="7974", name_ja="任天堂株式会社")
    figures = {"total_assets": Decimal(100), "total_liabilities": Decimal(30), "net_assets": Decimal(60)}
    factories.statement(company_id=company.id, **figures)
    db.session.commit()
    page = Browser(app, language="ja").get(QUALITY).text
    assert (
        "7974 任天堂株式会社 2025年3月期 通期 連結：資産合計 100 円は、負債合計と純資産合計の和 90 円と 10 円"
        in page
    )


def test_of_two_statements_of_a_year_the_sentence_says_by_which_standard_it_is(app: Flask) -> None:
    company = factories.company(ticker_symbol="6762", name_ja="ＴＤＫ株式会社", name_en="TDK Corporation")
    figures = {"total_assets": Decimal(100), "total_liabilities": Decimal(30), "net_assets": Decimal(60)}
    factories.statement(company_id=company.id, accounting_standard="IFRS", **figures)
    db.session.commit()
    assert "ＴＤＫ株式会社 2025年3月期 通期 連結 IFRS：" in Browser(app, language="ja").get(QUALITY).text
    assert "FY2025/3, full year, consolidated, IFRS: " in Browser(app).get(QUALITY).text


def test_an_odd_price_names_its_day_and_leads_to_its_row(app: Flask) -> None:
    company = factories.company(ticker_symbol="7974", name_ja="任天堂株式会社", name_en="Nintendo Co., Ltd.")
    number = company.id
    day = {"company_id": number, "data_source": "a test"}
    closes = {date(2025, 6, 2): Decimal(1000), date(2025, 6, 3): Decimal("1310.5")}
    rows = [{**day, "traded_on": on, **dict.fromkeys(factories.OHLC, close)} for on, close in closes.items()]
    factories.create_together(StockPrice, *rows)
    db.session.commit()
    japanese = Browser(app, language="ja").get(QUALITY).text
    assert (
        "7974 任天堂株式会社 2025/06/03 終値：前の終値 1,000 から制限値幅 ±300 を超えて動いています"
        in japanese
    )
    assert "株価の制限値幅" in japanese
    english = Browser(app).get(QUALITY).text
    assert "has moved by more than the limit of ±300 from the last close, 1,000" in english
    assert f'href="/admin/prices/edit/?id={number},2025-06-03#close"' in english


def test_findings_on_a_half_year_call_what_was_earned_as_it_prints_it_and_name_the_half_year(
    app: Flask,
) -> None:
    half = {"period_type": "HY", "period_end_on": date(2024, 9, 30)}
    earned = {"income_before_taxes": Decimal(100), "income_taxes": Decimal(30), "profit": Decimal(60)}
    company = factories.company(ticker_symbol="7974", name_ja="任天堂株式会社")
    row = factories.statement(company_id=company.id, **half, **earned)
    wish = Wish(type(row), "update", {"profit": Decimal(61)}, (row.id,), row.version)
    door.carry([wish], factories.intent())
    says = {"table": "financial_statements", "row_key": str(row.id), "field": "profit", "value": "60"}
    findings.compare("edinet-filing", [says])
    db.session.commit()
    page = Browser(app, language="ja").get(QUALITY).text
    named = "7974 任天堂株式会社 2025年3月期 半期 連結"
    assert f"{named}：中間純利益 61 円は、税金等調整前中間純利益－法人税等合計" in page
    assert f"{named} 中間純利益：担当者が決めた値が出典の値と異なります" in page


def test_a_findings_page_says_its_sentence_once_with_its_rule_and_how_grave_it_is(app: Flask) -> None:
    (one,) = against_source()
    main = Browser(app, language="ja").get(f"{QUALITY}details/", id=one).text.split("<main")[1]
    assert main.count("担当者が決めた値が出典の値と異なります") == 1
    assert '<a href="/admin/rules/#rule-steward_against_source">担当者の値と出典の相違</a>' in main
    assert '<span class="badge warn">要確認</span>' in main
    assert '<span class="badge warn">未解決</span>' in main
    assert "To the field</a>" in Browser(app).get(f"{QUALITY}details/", id=one).text


def test_the_page_of_accepted_figures_says_until_when_and_why_to_whoever_reads_it(app: Flask) -> None:
    (one,) = against_source()
    decide(Browser(app), [one], "waive", waived_until=LATER, reason_of_list="As the company filed it")
    main = Browser(app, "viewer", "ja").get(f"{QUALITY}details/", id=one).text.split("<main")[1]
    assert "<dt>容認の理由</dt><dd>開示どおり（提出者の表示）</dd>" in main
    assert f"<dt>容認の期限</dt><dd>{LATER.replace('-', '/')}</dd>" in main


def test_a_row_has_as_many_cells_as_there_are_headings(app: Flask) -> None:
    against_source()
    for browser in (Browser(app), Browser(app, "viewer")):
        page = browser.get(QUALITY).text
        rows = page.split("<tbody")[1].split("</tbody>")[0]
        assert rows.count("<td") == page.split("<thead")[1].split("</thead>")[0].count("<th ")


def test_findings_are_narrowed_by_rule_severity_table_state_company_and_owner(app: Flask) -> None:
    one, other = against_source(2)
    browser, owner = Browser(app), people.user("steward")
    decide(browser, [one], "assign", owner_id=str(owner.id), due_on=LATER)
    shown = {
        "flt0_rule_is": "steward_against_source",
        "flt1_severity_is": "review",
        "flt2_table_name_is": "companies",
        "flt3_status_is": "open",
    }
    narrow = {"flt4_company_is": f"#{now(one).company_id}", "flt5_owner_is": str(owner.id)}
    page = browser.get(QUALITY, **shown).text
    assert all(f"id={number}" in page for number in (one, other))
    page = browser.get(QUALITY, **shown, **narrow).text
    assert f"quality/details/?id={one}" in page
    assert f"quality/details/?id={other}" not in page
    assert "Not understood" not in page
    counts = browser.get(f"{QUALITY}facets/").get_json()
    assert "owner_is" in str(counts)


def test_a_value_of_a_row_that_stands_nowhere_leads_to_no_field(app: Flask) -> None:
    (one,) = against_source()
    assert "To the field</a>" in Browser(app).get(QUALITY).text
    now(one).params = {"is_stored": False}
    db.session.commit()
    assert "To the field</a>" not in Browser(app).get(QUALITY).text


def test_selected_findings_are_assigned_at_once_with_a_due_date_and_the_change_can_be_undone(
    app: Flask,
) -> None:
    chosen = against_source(3)
    browser, owner = Browser(app), people.user("steward")
    asked = browser.post(f"{QUALITY}action/", {"action": "decide", "rowid": [str(one) for one in chosen]})
    assert asked.status_code == 200
    assert "3 findings" in asked.text
    assert decide(browser, chosen, "assign", owner_id=str(owner.id), due_on=LATER).status_code == 303
    assert {(now(one).owner_id, str(now(one).due_on)) for one in chosen} == {(owner.id, LATER)}
    number = db.session.scalars(select(FindingDecision.change_set_id).limit(1)).one()
    assert number is not None
    assert isinstance(door.undo(number, factories.AUTHOR, "a mistake"), door.Applied)
    assert {now(one).owner_id for one in chosen} == {None}


def test_figures_are_accepted_with_a_reason_until_a_day_and_that_is_taken_back(app: Flask) -> None:
    (one,) = against_source()
    browser = Browser(app)
    for lacking in (
        {"waived_until": LATER, "reason": ""},
        {"waived_until": "2020-01-01", "reason": "as filed"},
    ):
        answer = decide(browser, [one], "waive", **lacking)
        assert answer.status_code == 422
        # What was typed is there to be mended.
        assert all(f'value="{text}"' in answer.text for text in lacking.values())
        assert "Say until when and why it is accepted" in answer.text
    assert now(one).status == "open"
    assert decide(browser, [one], "waive", waived_until=LATER, reason="as filed").status_code == 303
    assert (now(one).status, str(now(one).waived_until)) == ("waived", LATER)
    assert "as filed" in browser.get("/admin/finding-decisions/").text
    assert decide(browser, [one], "take-back").status_code == 303
    assert (now(one).status, now(one).waived_until) == ("open", None)


def test_an_accepted_finding_comes_back_when_its_figures_change(app: Flask) -> None:
    (one,) = against_source()
    decide(Browser(app), [one], "waive", waived_until=LATER, reason="as filed")
    door.carry(
        [Wish(Company, "update", {"name_en": "Otherwise"}, (now(one).company_id,))], factories.intent()
    )
    assert (now(one).status, now(one).observed) == ("open", "Otherwise")


def test_figures_that_have_changed_since_the_page_was_shown_are_not_accepted(app: Flask) -> None:
    (one,) = against_source()
    seen = decisions.seen([one])
    door.carry(
        [Wish(Company, "update", {"name_en": "Otherwise"}, (now(one).company_id,))], factories.intent()
    )
    answer = decide(Browser(app), [one], "waive", waived_until=LATER, reason="as filed", seen=seen)
    assert answer.status_code == 422
    assert "Something has changed since the preview" in answer.text
    assert (now(one).status, db.session.query(FindingDecision).count()) == ("open", 0)


def test_home_counts_what_stands_open_and_leads_to_it(app: Flask) -> None:
    assert "flt0_status_is=open" not in Browser(app).get("/admin/").text
    chosen = against_source(2)
    browser = Browser(app)
    decide(browser, chosen[:1], "assign", owner_id=str(browser.user_id), due_on="2020-01-01")
    page = browser.get("/admin/").text
    for narrowed in ("flt0_status_is=open", f"flt1_owner_is={browser.user_id}", "flt1_due_on_to="):
        assert narrowed in page, narrowed
        start = page.index(narrowed)
        address = page[page.rindex('"', 0, start) + 1 : page.index('"', start)].replace("&amp;", "&")
        path, _mark, asked = address.partition("?")
        assert "Not understood" not in browser.get(path, **dict(parse_qsl(asked))).text


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ({"verb": "nonsense"}, 422),
        ({"verb": "assign", "owner_id": "999999"}, 422),
        ({"verb": "assign", "owner_id": "9" * 5000}, 422),
        ({"verb": "assign", "due_on": "31 March"}, 422),
        ({"rowid": []}, 400),
    ],
)
def test_what_no_page_of_ours_sends_decides_nothing(app: Flask, typed: Any, status: int) -> None:
    (one,) = against_source()
    sent = {"rowid": [str(one)], "verb": "assign", "owner_id": "", "due_on": "", **typed}
    assert Browser(app).post(f"{QUALITY}decide/", sent).status_code == status
    assert db.session.query(FindingDecision).count() == 0


def test_a_reader_sees_findings_and_decides_nothing(app: Flask) -> None:
    (one,) = against_source()
    browser = Browser(app, "viewer")
    page = browser.get(f"{QUALITY}details/", id=one)
    assert page.status_code == 200
    assert "Accept these figures" not in page.text
    assert decide(browser, [one], "assign", owner_id="").status_code == 403


def test_everything_that_a_list_finds_is_decided_on_at_once(app: Flask) -> None:
    chosen = against_source(25)
    browser = Browser(app, language="ja")
    asked = {"flt0_rule_is": "steward_against_source"}
    assert "all/?flt0_rule_is=steward_against_source" in browser.get(QUALITY, **asked).text
    page = browser.get(f"{QUALITY}all/", **asked).text
    assert "ほか 5 件" in page
    sent = {"verb": "waive", "waived_until": LATER, "reason_of_list": "As the company filed it"}
    refused = browser.post(f"{QUALITY}all/", {**sent, "seen": decisions.seen(chosen[1:])}, **asked)
    assert refused.status_code == 422
    (shown,) = re.findall('name="seen" value="([0-9a-f]{64})"', page)
    assert browser.post(f"{QUALITY}all/", {**sent, "seen": shown}, **asked).status_code == 303
    assert {now(one).status for one in chosen} == {"waived"}
    assert len(set(db.session.scalars(select(FindingDecision.change_set_id)))) == 1
    assert "開示どおり（提出者の表示）" in browser.get("/admin/finding-decisions/").text
    assert "開示どおり（提出者の表示）" in browser.get(f"{QUALITY}trend/").text


def test_a_list_of_nothing_or_a_misread_one_is_not_decided_on(app: Flask) -> None:
    against_source()
    browser = Browser(app)
    assert browser.get(f"{QUALITY}all/", flt0_status_is="closed").status_code == 302
    assert browser.get(f"{QUALITY}all/", flt0_status_is="nonsense").status_code == 400


def test_a_reason_is_one_of_the_list_or_ones_own(app: Flask) -> None:
    (one,) = against_source()
    browser = Browser(app)
    assert decide(browser, [one], "waive", waived_until=LATER, reason_of_list="Nonsense").status_code == 422
    typed = {"reason_of_list": "The source is in error", "reason": "my own"}
    decide(browser, [one], "waive", waived_until=LATER, **typed)
    assert db.session.scalars(select(FindingDecision.reason)).one() == "my own"


def test_the_menu_counts_what_stands_open_of_ones_own_in_the_statement_that_finds_who_asks(
    app: Flask,
) -> None:
    chosen = against_source(3)
    browser = Browser(app)
    with statements() as before:
        browser.get("/admin/industries/")
    decide(browser, chosen[:2], "assign", owner_id=str(browser.user_id))
    with statements() as after:
        side = browser.get("/admin/industries/").text.split('<nav class="side"')[1].split("</nav>")[0]
    entry = next(link for link in side.split("<a ") if "/admin/quality/" in link)
    assert "2 waiting" in entry
    assert len(after) == len(before)
    decide(browser, chosen[:1], "waive", waived_until=LATER, reason="as filed")
    assert "1 waiting" in browser.get("/admin/industries/").text
    assert "1 waiting" not in Browser(app, "viewer").get("/admin/industries/").text


def test_the_queue_costs_what_every_list_costs_whatever_its_sentences_name(app: Flask) -> None:
    against_source(3)
    company = factories.company(ticker_symbol="7974", name_ja="任天堂株式会社")
    figures = {"total_assets": Decimal(100), "total_liabilities": Decimal(30), "net_assets": Decimal(60)}
    factories.statement(company_id=company.id, **figures)
    db.session.commit()
    browser = Browser(app)
    browser.get(QUALITY)
    with statements() as asked:
        browser.get(QUALITY)
    assert len(asked) == 2


@pytest.mark.parametrize(
    ("language", "name", "rule", "sentence"),
    [
        (
            "ja",
            "英文商号",
            "担当者の値と出典の相違",
            "担当0株式会社 英文商号：担当者が決めた値が出典の値と異なります",
        ),
        (
            "en",
            "Name (en)",
            "Steward’s value against the source",
            "a steward set this value; the source says otherwise",
        ),
    ],
)
def test_decisions_are_called_after_their_rule_and_say_the_finding_that_they_are_on(
    app: Flask, language: str, name: str, rule: str, sentence: str
) -> None:
    (one,) = against_source()
    browser = Browser(app, language=language)
    decide(browser, [one], "waive", waived_until=LATER, reason="right")
    page = browser.get("/admin/finding-decisions/").text
    main = page[page.index("<tbody") : page.index("</tbody>")]
    assert rule in main
    assert sentence in main
    assert f'href="/admin/quality/details/?id={one}"' in main
    (decision,) = db.session.scalars(select(FindingDecision))
    details = browser.get("/admin/finding-decisions/details/", id=decision.id).text
    assert re.search(rf"<h1[^>]*>\s*{rule}", details)
    facts = re.findall(r"<dd>(.*?)</dd>", details[: details.index("</dl>")], re.DOTALL)
    assert sentence in facts[0]
    assert re.sub(r"<[^>]+>", "", facts[1]).strip() == name
    assert not {decision.row_key, "name_en"} & set(facts)
    db.session.delete(now(one))
    db.session.commit()
    page = browser.get("/admin/finding-decisions/").text
    assert f"{decision.row_key}" in page[page.index("<tbody") : page.index("</tbody>")]
    assert sentence not in page
