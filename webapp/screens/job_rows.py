"""A job as pages show it: `jobs/progress.html` on whatever page it concerns."""

from typing import Any

from flask import url_for

from webapp.services.queueing.watching import Job
from webapp.web.speaking import speech
from webapp.words import formatters, job_words


def shown(job: Job) -> dict[str, Any]:
    """What templates need of a job."""
    spoken = speech()
    label, tone = job_words.status(job.status, is_to_end=job.is_to_end)
    return {
        "id": job.id,
        "name": job_words.name(job.name, spoken),
        "status": spoken.say(label),
        "tone": tone,
        "done": job.done,
        "total": job.total,
        "progress": job_words.progress(job, spoken),
        "outcome": job_words.outcome(job.outcome, spoken),
        "is_running": job.status == "doing",
        "is_past_rows": job.is_past_rows,
        "has_ended": job.has_ended,
        "may_begin_anew": job.has_ended and job.asked_by is not None,
        "asked_by": job.asked_by,
        "asked_at": formatters.instant(job.asked_at, spoken),
        "age": job_words.span(job.age(), spoken),
        "change_set": job.change_set_id,
        "url": url_for("jobs.watch", number=job.id),
    }
