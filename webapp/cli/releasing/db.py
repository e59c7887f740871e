"""stockcode db ...: the release step under the name that operators already type."""

from webapp.cli.releasing import step


def db(arguments: tuple[str, ...]) -> None:
    """Whatever the release step is asked."""
    step.run(arguments)
