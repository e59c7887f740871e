"""Front-end packages: each locked by its hash, from no particular host, under a licence that we may use."""

import json
from pathlib import Path

ROOT = Path(__file__).parents[1]
LOCKED = json.loads((ROOT / "package-lock.json").read_text())["packages"]
PACKAGES = {place: facts for place, facts in LOCKED.items() if place}
FOR_PAGES = {"MIT", "ISC", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause"}
# What only tests run is not handed to anybody.
FOR_TESTS = FOR_PAGES | {"MPL-2.0", "0BSD", "BlueOak-1.0.0", "(MIT OR CC0-1.0)"}


def test_every_package_is_locked_by_its_hash() -> None:
    assert PACKAGES
    for place, facts in PACKAGES.items():
        assert facts["integrity"].startswith("sha512-"), place


def test_the_lock_names_no_host() -> None:
    for place, facts in PACKAGES.items():
        assert "resolved" not in facts, place


def test_the_lock_is_of_this_package_file() -> None:
    wanted = json.loads((ROOT / "package.json").read_text())
    for kind in ("dependencies", "devDependencies"):
        assert LOCKED[""].get(kind, {}) == wanted.get(kind, {})


def test_every_licence_lets_us_use_the_package() -> None:
    for place, facts in PACKAGES.items():
        assert facts["license"] in (FOR_TESTS if facts.get("dev") else FOR_PAGES), place
