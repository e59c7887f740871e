"""What every template must keep to: the policy, the sprite, and colours that can be read."""

import re
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import Environment, nodes

from webapp import placed

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
STATIC = ROOT / "webapp" / "static"
PACKAGES = [STATIC / name for name in placed.PACKAGES]
OURS = [path for path in (*STATIC.rglob("*.js"), *STATIC.rglob("*.css")) if path not in PACKAGES]
INLINE = re.compile(r"<script(?![^>]*\bsrc=)|<style\b|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE)
SCRIPT = re.compile(r"<script type=\"module\" src=\"{{ url_for\('static', filename='([^']+)'\) }}\"")
FOREIGN = re.compile(r"https?://(?!www\.w3\.org/)|bootstrap|jquery", re.IGNORECASE)
ICON = re.compile(r"icon\('([a-z]+)'|#([a-z]+)\"/>")


# What Flask-Admin asks for by name, and what pages of others extend.
NAMES = (
    *(f"admin/{name}.html" for name in ("base", "layout", "index", "actions")),
    *(f"admin/model/{name}.html" for name in ("list", "create", "edit", "details", "layout")),
)


def template_name(path: Path) -> str:
    return str(path.relative_to(ROOT / "templates"))


@pytest.mark.parametrize("name", NAMES)
def test_a_template_of_flask_admin_is_ours(app: Flask, name: str) -> None:
    assert app.jinja_env.get_template(name).filename == str(ROOT / "templates" / name)


@pytest.mark.parametrize("path", TEMPLATES, ids=template_name)
def test_nothing_in_a_template_needs_a_weaker_policy(path: Path) -> None:
    assert INLINE.findall(path.read_text()) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=template_name)
def test_no_filter_of_a_constant_freezes_the_language_and_moment_of_the_first_reader(path: Path) -> None:
    parsed = Environment(extensions=["jinja2.ext.i18n"]).parse(path.read_text())
    filters = parsed.find_all(nodes.Filter)
    assert [one.name for one in filters if isinstance(one.node, nodes.Const)] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=template_name)
def test_a_template_says_what_it_is_for_in_its_first_lines(path: Path) -> None:
    assert "{#" in path.read_text()[:400]


def test_a_page_loads_one_script_and_that_is_a_bundle() -> None:
    scripts = {template_name(path): SCRIPT.findall(path.read_text()) for path in TEMPLATES}
    named = [name for names in scripts.values() for name in names]
    assert (
        {"built/shell.js", "built/list.js", "built/form.js", "built/upload.js"}
        == set(named)
        <= set(placed.BUNDLES)
    )
    assert max(len(names) for names in scripts.values()) == 1


@pytest.mark.parametrize("path", PACKAGES, ids=lambda p: p.name)
def test_a_package_fetches_nothing_from_another_host(path: Path) -> None:
    assert re.findall(r"https?://", path.read_text()) == []


@pytest.mark.parametrize("path", [*TEMPLATES, *OURS], ids=lambda p: p.name)
def test_nothing_comes_from_another_host_or_another_framework(path: Path) -> None:
    assert FOREIGN.findall(path.read_text()) == []


@pytest.mark.parametrize("path", [*STATIC.glob("js/**/*.js")], ids=lambda p: p.name)
def test_scripts_never_turn_text_into_markup_or_code(path: Path) -> None:
    assert (
        re.findall(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", path.read_text()
        )
        == []
    )


def test_every_icon_that_a_template_names_is_in_the_sprite() -> None:
    drawn = set(re.findall(r'<symbol id="([a-z]+)"', (STATIC / "icons.svg").read_text()))
    named = {name for path in TEMPLATES for pair in ICON.findall(path.read_text()) for name in pair if name}
    assert named - drawn == set()


def tokens(theme: int) -> dict[str, str]:
    css = (STATIC / "css" / "tokens.css").read_text()
    return {
        name: pair[theme] for name, *pair in re.findall(r"--([a-z0-9-]+): light-dark\((#\w+), (#\w+)\)", css)
    }


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


GROUNDS = ("bg", "surface", "sunken", "hover")
TEXT_PAIRS = [
    (ink, ground) for ink in ("ink", "ink-2", "ink-3", "accent", "bad", "good", "warn") for ground in GROUNDS
]
TEXT_PAIRS += [("good", "good-soft"), ("bad", "bad-soft"), ("warn", "warn-soft"), ("accent-2", "accent-soft")]
TEXT_PAIRS += [
    ("accent-ink", "accent"),
    ("accent-ink", "accent-2"),
    ("ink", "accent-soft"),
    ("ink-2", "accent-soft"),
]


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXT_PAIRS)
def test_text_can_be_read_on_every_ground(theme: int, ink: str, ground: str) -> None:
    # WCAG 2.2, 1.4.3
    colours = tokens(theme)
    assert contrast(colours[ink], colours[ground]) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ground", GROUNDS)
def test_the_edge_of_a_field_can_be_seen(theme: int, ground: str) -> None:
    # WCAG 2.2, 1.4.11
    colours = tokens(theme)
    assert contrast(colours["edge"], colours[ground]) >= 3


def test_every_file_of_style_is_in_the_bundle() -> None:
    named = re.findall(r'@import "\./(\w+\.css)";', (STATIC / "css" / "admin.css").read_text())
    assert sorted([*named, "admin.css"]) == sorted(path.name for path in (STATIC / "css").rglob("*.css"))
