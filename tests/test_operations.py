"""What runs the program around the code: every variable documented, no secret in a file, the services in order."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[1]
COMPOSE = (ROOT / "compose.yaml").read_text()
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))

# environ["X"] = … and {**environ, "X": …} set a variable for a child process and read nothing.
READ_IN_PYTHON = re.compile(
    r"(?:environ|variables(?:\(\))?)(?:\.get\(|\[|, )\s*\"([A-Z][A-Z_]+)\"(?!\] = |: )|envvar=\"([A-Z_]+)\""
)
READ_IN_COMPOSE = re.compile(r"\$\{([A-Z_]+)")
DOCUMENTED = re.compile(r"^([A-Z_]+)=", re.MULTILINE)

# The operating system's and gunicorn's own, which nobody sets for this project's sake.
OF_OTHERS = {"PATH", "CI", "PYTEST_XDIST_WORKER"}
# How much the long campaigns of the release step and of readers try, said on their own command lines.
OF_A_CAMPAIGN = {"SEED", "REVISIONS", "KILLS", "FILES", "MINUTES"}
READ_BY_GUNICORN = {"PORT", "WEB_CONCURRENCY"}


def variables_read() -> set[str]:
    sources = [*(ROOT / "webapp").rglob("*.py"), *(ROOT / "migrations").rglob("*.py"), ROOT / "wsgi.py"]
    sources += (ROOT / "tests").rglob("*.py")
    found = {
        name for source in sources for pair in READ_IN_PYTHON.findall(source.read_text()) for name in pair
    }
    return (
        (found | set(READ_IN_COMPOSE.findall(COMPOSE)) | READ_BY_GUNICORN) - OF_OTHERS - OF_A_CAMPAIGN - {""}
    )


def test_every_variable_that_is_read_is_in_the_example_and_no_other() -> None:
    documented = DOCUMENTED.findall((ROOT / ".env.example").read_text())
    assert len(documented) == len(set(documented))
    assert set(documented) == variables_read()


def test_every_variable_of_the_example_is_explained_above_it() -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()
    for number, line in enumerate(lines):
        if DOCUMENTED.match(line):
            assert lines[number - 1].startswith("# "), line


def test_the_example_holds_no_secret() -> None:
    example = dict(
        line.split("=", 1)
        for line in (ROOT / ".env.example").read_text().splitlines()
        if DOCUMENTED.match(line)
    )
    for name in ("DATABASE_URL", "SECRET_KEY", "POSTGRES_PASSWORD", "TEST_DATABASE_URL", "EDINET_API_KEY"):
        assert example[name] == ""


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    loaded = yaml.safe_load(COMPOSE)
    assert "version" not in loaded
    return dict(loaded["services"])


def test_a_missing_secret_stops_compose(services: dict[str, Any]) -> None:
    for name in ("POSTGRES_PASSWORD", "SECRET_KEY", "TRUSTED_HOSTS"):
        uses = re.findall(r"\$\{" + name + r"(.?.?)", COMPOSE)
        assert uses
        assert set(uses) == {":?"}


def test_compose_believes_the_one_proxy_that_it_asks_for(services: dict[str, Any]) -> None:
    assert "Put a proxy that speaks HTTPS in front" in COMPOSE
    assert services["web"]["environment"]["BEHIND_PROXIES"] == "${BEHIND_PROXIES:-1}"
    assert "\nBEHIND_PROXIES=1\n" in (ROOT / ".env.example").read_text()


def test_services_wait_for_the_database_and_the_release_step(services: dict[str, Any]) -> None:
    assert services["migrate"]["depends_on"] == {"db": {"condition": "service_healthy"}}
    assert services["migrate"]["command"] == ["python", "migrations/run_migrations.py", "upgrade"]
    assert services["migrate"]["restart"] == "no"
    for name in ("web", "worker"):
        assert services[name]["depends_on"] == {"migrate": {"condition": "service_completed_successfully"}}


def test_our_containers_have_no_rights_and_the_database_no_port(services: dict[str, Any]) -> None:
    for name in ("migrate", "web", "worker"):
        service = services[name]
        assert service["read_only"] is True
        assert service["init"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
    assert "ports" not in services["db"]
    assert all(port.startswith("127.0.0.1:") for port in services["web"]["ports"])
    assert not any("container_name" in service for service in services.values())


def test_the_image_runs_as_nobody_in_particular_and_checks_itself_without_curl() -> None:
    lines = (ROOT / "Dockerfile").read_text()
    final = lines.split("\nFROM ")[-1]
    assert re.search(r"^USER \d+:\d+$", final, re.MULTILINE)
    assert "HEALTHCHECK" in final
    assert "curl" not in lines
    assert "apt-get" not in final


def test_the_image_gets_only_what_is_named() -> None:
    patterns = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and line[0] != "#"]
    assert patterns[0] == "*"
    assert not any(line.startswith("!") and ("var" in line or "env" in line) for line in patterns)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_runs_on_pull_requests_without_rights(path: Path) -> None:
    workflow = yaml.safe_load(path.read_text())
    assert workflow[True] == {"pull_request": None}  # YAML 1.1 reads the key `on` as true
    assert workflow["permissions"] == {}
    for job in workflow["jobs"].values():
        assert job["timeout-minutes"] > 0
        for step in job["steps"]:
            if "uses" in step:
                assert re.fullmatch(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}", step["uses"])
                assert step["with"]["persist-credentials"] is False


def test_continuous_integration_calls_what_people_call() -> None:
    assert (ROOT / ".ci" / "run").read_text().rstrip().endswith("make check test")
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111
