"""The console script `stockcode`: lists its commands without loading one, and loads the one that is called."""

import json
import logging
from collections.abc import Sequence
from copy import deepcopy
from typing import Any

import click

from webapp.cli import speaking, table
from webapp.words.speech import Speech

# Whether whoever calls reads JSON, in what a call of click knows.
READS_JSON = "webapp.cli.reads_json"
# As Python itself ends by what nobody catches.
EXIT_FAILED = 1

log = logging.getLogger(__name__)


class Commands(click.Group):
    """The commands of the table, in click's documented lazy way."""

    def __init__(self, speech: Speech) -> None:
        super().__init__(
            "stockcode", help="Stock Code Admin: run it, fill it, and look after who may use it."
        )
        self.speech = speech
        speaking.explain(self, speech)

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return sorted(table.COMMANDS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in table.COMMANDS:
            return None
        # A copy: the command itself stays as it was written, whatever language it is asked in.
        command = deepcopy(table.declared(cmd_name))
        command.help, command.short_help = table.COMMANDS[cmd_name].help, None
        speaking.explain(command, self.speech)
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click does; what is called wrongly ends before its own `--json` is understood."""
        ctx.meta[READS_JSON] = "--json" in _options(args)
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """As click does; where an error ends the command, whoever reads JSON gets that as one object, too."""
        try:
            return super().invoke(ctx)
        except click.ClickException as error:
            if ctx.meta[READS_JSON]:
                _print("refused", error.format_message(), error.exit_code)
            raise
        except Exception as error:  # whatever nobody has thought of; its details are for operators alone
            if not ctx.meta[READS_JSON] or _is_of_click(error):
                raise
            log.exception("the command failed")
            _print("failed", self.speech.gettext("It ended with an error; the log says which."), EXIT_FAILED)
            ctx.exit(EXIT_FAILED)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """As click writes it, of commands that know no more than their help."""
        named = [click.Command(name, help=table.COMMANDS[name].help) for name in self.list_commands(ctx)]
        for command in named:
            speaking.explain(command, self.speech)
        click.Group(commands=named).format_commands(ctx, formatter)


def _print(status: str, reason: str, exit_code: int) -> None:
    facts = {"status": status, "reason": reason, "exit_code": exit_code}
    click.echo(json.dumps(facts, ensure_ascii=False))


def _is_of_click(error: Exception) -> bool:
    """Whether click ends the command by it: told already, declined at a prompt, or nobody reads any more."""
    return isinstance(error, click.exceptions.Exit | click.Abort | BrokenPipeError)


def _options(args: Sequence[str]) -> Sequence[str]:
    """The words of a call that may be options: after -- there are none."""
    return args[: args.index("--")] if "--" in args else args


def main() -> None:
    """Run `stockcode` in the language of the terminal."""
    Commands(speaking.chosen(None)).main(prog_name="stockcode")
