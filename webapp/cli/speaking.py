"""The language that commands of stewards speak: --lang, or what the terminal's LC_ALL, LC_MESSAGES or LANG ask for."""

import gettext
from collections.abc import Mapping
from inspect import cleandoc

import click

from webapp import environment
from webapp.words import speech as speeches
from webapp.words.speech import CATALOGUES, ENGLISH, JAPANESE, Speech

# In the order in which they count (POSIX, 8.2).
VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")


def chosen(asked: str | None, variables: Mapping[str, str] | None = None) -> Speech:
    """The language asked for, otherwise the terminal's, otherwise English."""
    if asked is not None:
        return speeches.of_language(asked)
    if variables is None:
        variables = environment.variables()
    terminal = next((variables[name] for name in VARIABLES if variables.get(name)), "")
    return speeches.of_language(JAPANESE if terminal.lower().startswith(JAPANESE) else ENGLISH)


def explain(command: click.Command, speech: Speech) -> None:
    """Let a command, its options and the commands in it tell of themselves in a language; click's own words too."""
    gettext.bindtextdomain("click", str(CATALOGUES))
    gettext.textdomain("click")
    _explain(command, speech)


def _explain(command: click.Command, speech: Speech) -> None:
    english = cleandoc(command.help or "")
    translation = speech.gettext(english) if english else ""
    if translation != english:
        # click breaks lines and ends sentences at spaces; Japanese has none, so its lines stay as they are.
        command.help = "\n\n".join(f"\b\n{part}" for part in translation.split("\n\n"))
        command.short_help = translation.partition("\n")[0]
    for parameter in command.params:
        if isinstance(parameter, click.Option) and parameter.help:
            parameter.help = speech.gettext(parameter.help)
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            _explain(inner, speech)
