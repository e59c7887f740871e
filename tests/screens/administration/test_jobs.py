"""The page of jobs: what administrators see of the queue and do to it, and what everybody may watch."""

import pytest
from flask import Flask
from sqlalchemy import delete, text, update

from tests.screens.browsing import Browser
from webapp import db
from webapp.jobs.deferred import DEFERRED
from webapp.jobs.periodic import PERIODIC
from webapp.models.jobs import job_queue
from webapp.models.jobs.job_progress import JobProgress
from webapp.services.changes.proposals import Author
from webapp.services.queueing import deferring, watching
from webapp.words import job_words

PAGE = "/admin/jobs/"
pytestmark = pytest.mark.usefixtures("connection")


def job(status: str = "todo", **progress: object) -> int:
    number = deferring.defer("apply import", Author("an operator"), {})
    jobs = job_queue.JOBS
    db.session.execute(update(jobs).where(jobs.c.id == number).values(status=status))
    for name, value in progress.items():
        statement = f"UPDATE job_progress SET {name} = {value} WHERE job_id = :number"
        db.session.execute(text(statement), {"number": number})
    db.session.commit()
    return number


def test_every_job_has_a_word_and_no_other() -> None:
    assert set(job_words.NAMES) == {*DEFERRED, *PERIODIC}
    assert set(job_queue.STATUSES) - set(job_words.STATUSES) == {"aborting"}  # which the library sets no more


def test_the_queue_is_shown_newest_first_and_by_state_and_kind(app: Flask) -> None:
    waiting, failed = job(), job(
        "failed", outcome="""'[{"message": "Somebody else has to decide on it.", "params": {}}]'"""
    )
    browser = Browser(app, "admin")
    page = browser.get(PAGE).text
    assert page.index(f"<td>#{failed} ") < page.index(f"<td>#{waiting} ")
    assert "Somebody else has to decide on it." in page
    assert "an operator" in page
    assert f"<td>#{waiting} " not in browser.get(PAGE, status="failed").text
    assert "No jobs." in browser.get(PAGE, name="forget old jobs").text
    assert f"<td>#{waiting} " in browser.get(PAGE, before=failed, status="no such").text


def test_a_state_counts_the_jobs_that_it_leads_to(app: Flask) -> None:
    job("failed")
    browser = Browser(app, "admin")
    for asked, number in ({}, 1), ({"name": "apply import"}, 1), ({"name": "forget old jobs"}, 0):
        assert f">failed {number}</a>" in browser.get(PAGE, **asked).text


def test_what_came_by_itself_and_was_done_is_shown_where_it_is_asked_for(app: Flask) -> None:
    numbers = {status: job(status) for status in ("succeeded", "failed")}
    db.session.execute(delete(JobProgress))
    db.session.commit()
    browser = Browser(app, "admin")
    shown = {
        which: {
            status
            for status, number in numbers.items()
            if f"<td>#{number} " in browser.get(PAGE, **asked).text
        }
        for which, asked in {"usually": {}, "all": {"all": 1}, "done": {"status": "succeeded"}}.items()
    }
    assert shown == {"usually": {"failed"}, "all": {"succeeded", "failed"}, "done": {"succeeded"}}
    assert "<td>periodic</td>" in browser.get(PAGE).text


def test_it_speaks_japanese(app: Flask) -> None:
    job("doing", began_at="now() - interval '10 s'", told_at="now()", done=500, total=2000)
    page = Browser(app, "admin", "ja").get(PAGE).text
    assert "取込の書き込み" in page
    assert "2,000 行中 500 行 · 毎秒 50 行 · 残り 30 秒" in page


def test_a_job_is_cancelled_and_begun_anew(app: Flask) -> None:
    number = job()
    browser = Browser(app, "admin")
    assert browser.post(f"{PAGE}{number}/cancel/", {}).status_code == 303
    assert f"Job {number} is cancelled." in browser.get(PAGE).text
    browser.post(f"{PAGE}{number}/cancel/", {})
    assert f"Job {number} had ended already." in browser.get(PAGE).text
    browser.post(f"{PAGE}{number}/again/", {})
    newest, _ = watching.newest(2)
    assert (newest.status, newest.asked_by) == ("todo", browser.user_name)
    assert browser.post(f"{PAGE}{newest.id}/again/", {}).status_code == 404


@pytest.mark.parametrize("role", ["viewer", "steward", "approver"])
def test_only_administrators_see_the_queue_and_everybody_the_progress_of_one(app: Flask, role: str) -> None:
    number = job("doing", began_at="now() - interval '10 s'", told_at="now()", done=500, total=2000)
    browser = Browser(app, role)
    assert browser.get(PAGE).status_code == 403
    assert browser.post(f"{PAGE}{number}/cancel/", {}).status_code == 403
    piece = browser.get(f"{PAGE}{number}/").text
    assert '<progress max="2000" value="500"' in piece
    assert f'data-job="/admin/jobs/{number}/"' in piece
    assert "500 of 2,000 rows · 50 rows a second · 30 seconds left" in piece


@pytest.mark.parametrize(("name", "follows"), [
    ("compare upload", "comparing them with what is stored"), ("apply import", "finishing"),
])  # fmt: skip
def test_when_every_row_is_done_it_says_what_follows_and_promises_no_time(
    app: Flask, name: str, follows: str
) -> None:
    number = job("doing", began_at="now() - interval '10 s'", told_at="now()", done=2000, total=2000)
    db.session.execute(update(job_queue.JOBS).where(job_queue.JOBS.c.id == number).values(task_name=name))
    db.session.commit()
    piece = Browser(app).get(f"{PAGE}{number}/").text
    assert f"2,000 of 2,000 rows · {follows}<" in piece
    assert "<progress aria-label=" in piece


@pytest.mark.parametrize(("lang", "said"), [
    ("en", "25% compared with what is stored · 30 seconds left"), ("ja", "登録内容との比較 25% · 残り 30 秒"),
])  # fmt: skip
def test_comparing_a_long_file_is_told_by_hundredths_and_how_long_it_takes_yet(
    app: Flask, lang: str, said: str
) -> None:
    facts = {"began_at": "now() - interval '10 s'", "told_at": "now()", "counted": "'comparing'"}
    piece = Browser(app, "steward", lang).get(f"{PAGE}{job('doing', **facts, done=25, total=100)}/").text
    assert said in piece
    assert '<progress max="100" value="25"' in piece
    compared = Browser(app).get(f"{PAGE}{job('doing', **facts, done=100, total=100)}/").text
    assert "100% compared with what is stored · finishing<" in compared


def test_a_job_that_has_ended_is_not_asked_for_again(app: Flask) -> None:
    piece = Browser(app).get(f"{PAGE}{job('succeeded')}/").text
    assert "data-job" not in piece
    assert "done" in piece


@pytest.mark.parametrize("number", [99, 2**63, 2**70])
def test_what_is_no_job_is_not_found(app: Flask, number: int) -> None:
    browser = Browser(app, "admin")
    assert browser.get(f"{PAGE}{number}/").status_code == 404
    assert browser.post(f"{PAGE}{number}/again/", {}).status_code == 404


def test_it_says_whether_anybody_is_there_to_do_them(app: Flask) -> None:
    browser = Browser(app, "admin")
    absent = "No worker is there"
    db.session.execute(
        text("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 minute')")
    )
    db.session.commit()
    assert absent in browser.get(PAGE).text
    db.session.execute(text("INSERT INTO procrastinate_workers DEFAULT VALUES"))
    db.session.commit()
    page = browser.get(PAGE).text
    assert absent not in page
    assert "1 worker<" in page
