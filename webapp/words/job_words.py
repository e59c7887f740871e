"""What jobs are called, in which state they are, and how long they take, as people read it."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from webapp.label import Label
from webapp.rules.findings import params_from
from webapp.services.changes.row_writing import ROWS
from webapp.words.speech import Speech

# By the names under which they are deferred.
NAMES: Mapping[str, Label] = {
    "apply import": Label("取込の書き込み", "Write an import"),
    "undo change set": Label("変更セットを元に戻す", "Undo a change set"),
    "compare upload": Label("ファイルと登録内容の比較", "Compare a file with what is stored"),
    "forget old sign-in attempts": Label("古いサインイン試行の削除", "Forget old sign-in attempts"),
    "decline forgotten imports": Label("放置された取込の却下", "Decline forgotten imports"),
    "reopen findings accepted until a day": Label(
        "容認期限の過ぎた指摘事項の再開", "Reopen findings accepted until a day"
    ),
    "look at what large changes moved": Label(
        "大きな変更の後の確認と計算", "Look at what large changes moved"
    ),
    "look at prices of late": Label(
        "大量に書き込まれた株価の確認", "Look at prices that were written in numbers"
    ),
    "look at all prices": Label("すべての株価の確認（毎晩）", "Look at all prices, each night"),
    "look for statements that are missing": Label(
        "未収録の財務諸表の確認", "Look for statements that are missing"
    ),
    "repair what was written from outside": Label(
        "外部からの書き込みの後の確認と計算（毎晩）", "Repair what was written from outside, each night"
    ),
    "count how often rules are kept": Label("ルールの適合数の集計", "Count how often rules are kept"),
    "forget old jobs": Label("古いジョブの削除", "Forget old jobs"),
    "forget old uploads": Label("古いアップロードの削除", "Forget old uploads"),
}
STATUSES: Mapping[str, tuple[Label, str]] = {
    "todo": (Label("待機中", "waiting"), "info"),
    "doing": (Label("実行中", "running"), "info"),
    "succeeded": (Label("済み", "done"), "good"),
    "failed": (Label("失敗", "failed"), "bad"),
    "cancelled": (Label("開始前に中止", "cancelled"), ""),
    "aborted": (Label("中止", "stopped"), "warn"),
}
# What is yet to be done when every row is; otherwise what follows from them.
AFTER_ROWS: Mapping[str, Label] = {
    "compare upload": Label("登録内容と比較しています", "comparing them with what is stored"),
}
FINISHING = Label("仕上げています", "finishing")
ENDING = Label("中止しています", "stopping"), "warn"


def name(of_job: str, speech: Speech) -> str:
    """What a job does; one of another release by its own name."""
    label = NAMES.get(of_job)
    return of_job if label is None else speech.say(label)


def status(of_job: str, *, is_to_end: bool = False) -> tuple[Label, str]:
    """The word for a state and its tone."""
    if is_to_end and of_job == "doing":
        return ENDING
    return STATUSES.get(of_job, (Label(of_job, of_job), ""))


def span(time: timedelta, speech: Speech) -> str:
    """How long something takes, in its largest unit."""
    seconds = max(0, round(time.total_seconds()))
    if seconds < 60:
        return speech.ngettext("%(num)s second", "%(num)s seconds", seconds)
    if seconds < 3600:
        return speech.ngettext("%(num)s minute", "%(num)s minutes", round(seconds / 60))
    if seconds < 86400:
        return speech.ngettext("%(num)s hour", "%(num)s hours", round(seconds / 3600))
    return speech.ngettext("%(num)s day", "%(num)s days", round(seconds / 86400))


def progress(job: Any, speech: Speech) -> str:
    """How far a job has come: rows, rows a second, how long yet, or what follows; blank where it has told nothing."""
    if job.total is None:
        return ""
    parts = [_counted(job, speech)]
    if job.is_past_rows:
        following = AFTER_ROWS.get(job.name, FINISHING) if job.counted == ROWS else FINISHING
        return " · ".join((*parts, speech.say(following)))
    if job.status == "doing" and job.counted == ROWS and job.rate:
        parts.append(speech.ngettext("%(num)s row a second", "%(num)s rows a second", round(job.rate)))
    if job.remaining is not None:
        parts.append(speech.gettext("%(time)s left", time=span(job.remaining, speech)))
    return " · ".join(parts)


def _counted(job: Any, speech: Speech) -> str:
    if job.counted == ROWS:
        done = f"{job.done:,}"
        return speech.ngettext("%(done)s of %(num)s row", "%(done)s of %(num)s rows", job.total, done=done)
    return speech.gettext("%(percent)s%% compared with what is stored", percent=job.done * 100 // job.total)


def outcome(findings: Iterable[Mapping[str, Any]], speech: Speech) -> list[str]:
    """What came of a job, sentence by sentence."""
    return [speech.gettext(one["message"], **params_from(one["params"])) for one in findings]
