"""stockcode companies: verbs on companies as a whole, a file a verb."""

from webapp.cli.companies.merging import merge

__all__ = ["merge"]
