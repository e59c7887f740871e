"""Verbs on companies as a whole, through the door of `changes`; what lists say of companies is `intake`'s."""
