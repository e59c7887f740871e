"""The language that commands of stewards speak: --lang, or what the terminal's LC_ALL, LC_MESSAGES or LANG ask for."""

import gettext
from collections.abc import Mapping
from inspect import cleandoc
from pathlib import Path

import click

from webapp import environment
from webapp.files.rows import WrongFile
from webapp.rules.account import LANGUAGE
from webapp.rules.findings import Finding

LANGUAGES = LANGUAGE.words
CATALOGUES = Path(__file__).parents[1] / "translations"
# In the order in which they count (POSIX, 8.2).
VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")


class Speech:
    """Sentences in one language; English ones are their own keys."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._catalogue = gettext.translation("messages", CATALOGUES, [language], fallback=True)

    def gettext(self, message: str, **values: object) -> str:
        """A sentence with its values."""
        said = self._catalogue.gettext(message)
        return str(said % values if values else said)

    def finding(self, finding: Finding) -> str:
        """What is wrong with a row."""
        return self.gettext(finding.message, **finding.params)

    def wrong_file(self, error: WrongFile) -> str:
        """Why a file is not taken."""
        expected = self.gettext(error.expected, **error.values)
        found = self.gettext(error.found, **error.values)
        return self.gettext("Expected %(expected)s; found %(found)s.", expected=expected, found=found)


def wanted(asked: str | None, variables: Mapping[str, str] | None = None) -> Speech:
    """The language asked for, otherwise the terminal's, otherwise English."""
    if asked is not None:
        return Speech(asked)
    if variables is None:
        variables = environment.variables()
    terminal = next((variables[name] for name in VARIABLES if variables.get(name)), "")
    return Speech("ja" if terminal.lower().startswith("ja") else "en")


def explain(command: click.Command, speech: Speech) -> None:
    """Let a command, its options and the commands in it tell of themselves in a language; click's own words too."""
    gettext.bindtextdomain("click", str(CATALOGUES))
    gettext.textdomain("click")
    _explain(command, speech)


def _explain(command: click.Command, speech: Speech) -> None:
    english = cleandoc(command.help or "")
    told = speech.gettext(english) if english else ""
    if told != english:
        # click breaks lines and ends sentences at spaces; Japanese has none, so its lines stay as they are.
        command.help = "\n\n".join(f"\b\n{part}" for part in told.split("\n\n"))
        command.short_help = told.partition("\n")[0]
    for parameter in command.params:
        if isinstance(parameter, click.Option) and parameter.help:
            parameter.help = speech.gettext(parameter.help)
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            _explain(inner, speech)
