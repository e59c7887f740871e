"""Which companies a command is about, as all of these commands ask it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import click

Command = Callable[..., None]


def companies(command: Command) -> Command:
    """`--company`, or `--all`, which is what is meant where neither is given; hands on `codes`."""

    @wraps(command)
    def asked(*, codes: tuple[str, ...], is_all: bool, **given: Any) -> None:
        if codes and is_all:
            raise click.UsageError("--company and --all exclude each other.")
        command(codes=codes, **given)

    named = click.option(
        "--company",
        "codes",
        multiple=True,
        help="A securities code or EDINET code; repeatable. Default: all.",
    )
    every = click.option("--all", "is_all", is_flag=True, help="Every company, as without --company.")
    wrapped: Command = named(every(asked))
    return wrapped
