"""Measurements beside their references, in one run: make bench [SCALE=…]. No tests: nothing here fails a build."""
