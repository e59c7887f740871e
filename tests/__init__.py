"""The tests, in folders like those of the source; of those with random examples, no single one has a time limit."""

from hypothesis import settings

# A busy machine is no failure.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
