"""The files for a team's containers are in form, pinned, unprivileged, and call Tadmor as it is."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tadmor.cli import cli

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    yaml = pytest.importorskip("yaml", reason="PyYAML is not installed")
    found = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def test_the_image_is_pinned_and_does_not_run_as_root() -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    bases = re.findall(r"^FROM (\S+)", text, re.M)
    assert set(bases) == {"python:${PYTHON}"}
    assert re.search(r"^ARG PYTHON=\d+\.\d+\.\d+-\S+$", text, re.M), "a version to the last digit"
    assert re.findall(r"^USER (\S+)", text, re.M)[-1].split(":")[0] not in ("0", "root")
    assert re.search(r"uv==\d", text)
    assert "--locked" in text
    for word in ("latest", "ADD ", "sudo", "PASSWORD"):
        assert word not in text


def test_every_service_is_pinned_and_may_do_no_more_than_it_must(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        if "build" not in service:
            assert re.fullmatch(r"[a-z]+:\d+\.\d+(\.\d+)?-[a-z]+", service["image"]), name
        assert "no-new-privileges:true" in service["security_opt"]
        assert not service.get("privileged")
        assert set(service["networks"]) <= set(compose["networks"])
    assert compose["networks"]["inside"]["internal"] is True
    assert "ports" not in compose["services"]["db"]
    assert "ports" not in compose["services"]["app"], "only the proxy, which does TLS, is reached from elsewhere"


def test_the_command_is_one_that_tadmor_knows(compose: dict[str, Any]) -> None:
    app = compose["services"]["app"]
    verb, *options = (re.sub(r"\$\{[^}]*\}", "tadmor.example.org", word) for word in app["command"])
    context = cli.make_context("tadmor", [verb])
    command = cli.get_command(context, verb)  # type: ignore[attr-defined]
    found = command.make_context(verb, options, parent=context).params
    assert found["team"] is True
    assert found["proxies"] == (compose["services"]["proxy"]["networks"]["outside"]["ipv4_address"],)
    port = compose["services"]["proxy"]["command"][-1].rpartition(":")[2]
    assert found["port"] == int(port)
    assert app["environment"]["TADMOR_LEDGER"].startswith("postgresql://")
    assert "@" in app["environment"]["TADMOR_LEDGER"]
    assert ":" not in app["environment"]["TADMOR_LEDGER"].split("//")[1].split("@")[0], "no password in the URL"
