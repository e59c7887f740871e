"""Every English sentence of the sources that a reader may see, found by how it is written there."""

import ast
from collections.abc import Iterator
from inspect import cleandoc
from pathlib import Path

import click
from babel.messages.extract import extract_from_dir

from tests.house.sources import python
from webapp.cli.main import Commands
from webapp.words.speech import Speech

ROOT = Path(__file__).parents[2]
# Callable -> which of its arguments, or keywords, is a sentence.
PLACES: dict[str, tuple[int | str, ...]] = {
    "_": (0,),
    "gettext": (0,),
    "_say": (0,),
    "ngettext": (0,),
    "action": (1,),
    "Saying": (0,),
    "Pattern": (1, "says"),
    "Finding": (1,),
    "RefusedCell": (0,),
    "NotRead": (0,),
    "NoRecord": (0,),
    "RefusedRow": (2,),
    "about": ("hint",),
    "WrongFile": ("expected", "found"),
    "Refused": ("expected", "found"),
    "NotFetched": (0,),
    "WrongWish": (0,),
}
# Names of tables of sentences that are translated when shown, of default values, and of constants.
TABLES = {"SENTENCES"}
CONSTANTS = {"says"}


def of_templates() -> set[str]:
    """What templates say through _() and ngettext()."""
    found = extract_from_dir(ROOT / "templates", method_map=[("**.html", "jinja2")])
    return {said if isinstance(said, str) else said[0] for _file, _line, said, _notes, _context in found}


def of_code() -> set[str]:
    """What the code says: to gettext, in a rule or in a finding."""
    sources = (source for source in python() if source.path.startswith("webapp/"))
    return {text for source in sources for node in source.nodes for text in _said_by(node)}


def of_commands() -> set[str]:
    """What the commands of the command line tell of themselves and of their options."""
    return set(_told_by(Commands(Speech("en"))))


def _told_by(command: click.Command) -> Iterator[str]:
    options = (option for option in command.params if isinstance(option, click.Option))
    yield from (cleandoc(thing.help) for thing in (command, *options) if thing.help)
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            yield from _told_by(inner)


def _said_by(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Call):
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        for place in PLACES.get(name, ()):
            if isinstance(place, int) and len(node.args) > place:
                yield from _texts(node.args[place])
            yield from (text for word in node.keywords if word.arg == place for text in _texts(word.value))
    elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        names = {target.id for target in targets if isinstance(target, ast.Name)}
        if names & TABLES and isinstance(node.value, ast.Dict):
            yield from (text for value in node.value.values for text in _texts(value))
        if names & CONSTANTS or (names == {"message"}):
            yield from _texts(node.value)


def _texts(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _texts(node.body)
        yield from _texts(node.orelse)
    elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "get":
        yield from (text for argument in node.args[1:] for text in _texts(argument))
