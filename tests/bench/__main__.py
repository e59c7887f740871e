"""make bench: build the data, measure, print a table, write var/bench.json. A missed goal fails nothing."""

import json
import os
import platform
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import click

from tests.bench import (
    applications,
    beside_feeds,
    calls,
    data,
    exports,
    facts,
    feeds,
    filings,
    forms,
    history,
    imports,
    lists,
    long_tables,
    place,
    releases,
    starting,
    statements,
)
from tests.bench.applications import Applications, PageFailed
from tests.bench.measuring import Measurement
from tests.bench.place import ROOT, CommandFailed, Place
from tests.bench.sets import indicators, rules
from webapp.cli.cluster import EmbeddedError

# In this order. The cold ones first, while the server has nothing else to remember.
COLD: dict[str, Callable[[Place], Iterable[Measurement]]] = {
    "starting": starting.measure,
    "imports": imports.measure,
    "filings": filings.measure,
    "releases": releases.measure,
    "history": history.measure,
}
SIZED: dict[str, Callable[[Place, data.Size], Iterable[Measurement]]] = {
    "feeds": feeds.measure,
    "long tables": long_tables.measure,
}
ON_DATA: dict[str, Callable[[Place, str], Iterable[Measurement]]] = {
    "exports": exports.measure,
    "rules": rules.measure,
    "indicators": indicators.measure,
}
ON_PAGES: dict[str, Callable[[Applications], Iterable[Measurement]]] = {
    "lists": lists.measure,
    "calls": calls.measure,
    "prices": lists.measure_prices,
    "forms": forms.measure,
    "facts": facts.measure,
    "statements": statements.measure,
    # The last one: it adds to the data.
    "beside feeds": beside_feeds.measure,
}
SECTIONS = (*COLD, *SIZED, *ON_DATA, *ON_PAGES)
MARKS = {True: "holds", False: "MISSED", None: ""}


def _scale(_context: click.Context, _option: click.Parameter, value: float) -> data.Size:
    try:
        return data.size_at(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


@click.command()
@click.option(
    "--scale", "size", type=float, default=1.0, envvar="SCALE", callback=_scale, help="1 is full size."
)
@click.option("--only", multiple=True, type=click.Choice(SECTIONS), help="Measure just this; repeatable.")
@click.option("--output", type=click.Path(path_type=Path), default=ROOT / "var" / "bench.json")
def main(size: data.Size, only: tuple[str, ...], output: Path) -> None:
    """Measure ours beside its references in one run."""
    # Without a handler, SIGTERM would leave the database and its directory behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    _say(_surroundings(size))
    found: list[Measurement] = []
    try:
        with place.opened() as here:
            for measurement in _measurements(here, size, only or SECTIONS):
                found.append(measurement)
                # After each one: what was measured stays when something later fails.
                _write(found, output)
                _say(f"  {measurement.name}: {_figure(measurement)} {MARKS[measurement.holds]}".rstrip())
    except (CommandFailed, PageFailed, EmbeddedError) as failure:
        raise click.ClickException(str(failure)) from None
    _say("")
    for line in _table(found):
        _say(line)
    missed = sum(measurement.holds is False for measurement in found)
    held = sum(measurement.holds is True for measurement in found)
    _say(f"\n{held} goals hold, {missed} missed. Written to {output}.")


def _measurements(here: Place, size: data.Size, chosen: Iterable[str]) -> Iterator[Measurement]:
    for name, section in COLD.items():
        if name in chosen:
            yield from section(here)
    for name, sized in SIZED.items():
        if name in chosen:
            yield from sized(here, size)
    if not {*ON_DATA, *ON_PAGES} & {*chosen}:
        return
    began = time.monotonic()
    url = here.migrated_database()
    data.build(here.as_superuser(url), size)
    _say(f"  data built in {time.monotonic() - began:,.0f} s")
    for name, on_data in ON_DATA.items():
        if name in chosen:
            yield from on_data(here, url)
    if {*ON_PAGES} & {*chosen}:
        pages = applications.both(url)
        for name, on_pages in ON_PAGES.items():
            if name in chosen:
                yield from on_pages(pages)


def _surroundings(size: data.Size) -> str:
    load = os.getloadavg()[0]
    return (
        f"{size.companies:,} companies, {size.statements:,} statements, {size.prices:,} prices;"
        f" Python {platform.python_version()}, {os.cpu_count()} cores, load {load:.1f}."
        " Only ratios of one run are worth keeping; the goals are meant for SCALE=1."
    )


def _table(found: list[Measurement]) -> Iterator[str]:
    rows = [("measured", "", "goal", "", "beside")]
    rows += [(one.name, _figure(one), one.goal or "", MARKS[one.holds], one.reference) for one in found]
    widths = [max(len(row[place]) for row in rows) for place in range(4)]
    for row in rows:
        cells = [
            row[0].ljust(widths[0]),
            row[1].rjust(widths[1]),
            row[2].ljust(widths[2]),
            row[3].ljust(widths[3]),
        ]
        yield "  ".join((*cells, row[4])).rstrip()


def _figure(one: Measurement) -> str:
    return (
        f"{one.measured:,.{0 if one.measured >= 100 or one.measured == int(one.measured) else 2}f} {one.unit}"
    )


def _write(found: list[Measurement], output: Path) -> None:
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(json.dumps([one.as_json() for one in found], ensure_ascii=False, indent=2) + "\n")


def _say(line: str) -> None:
    click.echo(line)


if __name__ == "__main__":
    main()
