"""The wheel as a user gets it: built, installed into an empty environment with the locked versions, read with no network."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from folders import DEMO, ROOT

UV = Path(sys.executable).with_name("uv")


def run(*command: str | Path, **options: object) -> str:
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, **options)  # type: ignore[call-overload]
    assert done.returncode == 0, done.stdout + done.stderr
    return str(done.stdout)


@pytest.mark.slow
def test_the_wheel_reads_a_report_in_an_empty_environment_without_network(tmp_path: Path) -> None:
    if not UV.exists():
        pytest.skip("uv is not in this environment; `make install` puts it there")
    dist, env = tmp_path / "dist", tmp_path / "env"
    run(UV, "build", "--wheel", "--out-dir", dist, ROOT)
    (wheel,) = dist.glob("tadmor-*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert "tadmor/resolve/data/gazetteer.sqlite" in names
    assert "tadmor/publish/templates/sitrep.html.j2" in names
    assert any(n.endswith("licenses/LICENSE") for n in names)
    assert not [n for n in names if n.startswith(("tests/", "training/", "demo/"))]

    # Wheels alone, as a user gets them; uv takes from its cache what `make install` has put there.
    locked = tmp_path / "locked.txt"
    run(UV, "export", "--locked", "--no-dev", "--no-emit-project", "-o", locked, cwd=ROOT)
    run(UV, "venv", "--python", sys.executable, env)
    install = (UV, "pip", "install", "--quiet", "--python", env / "bin/python")
    run(*install, "--only-binary", ":all:", "--require-hashes", "-r", locked)
    run(*install, "--no-deps", "--no-index", wheel)
    run(UV, "pip", "check", "--python", env / "bin/python")

    offline = ["unshare", "-rn"] if _can_unshare() else []
    # Without a network namespace, a proxy that nobody listens at stands in for the missing network.
    blind = {"PATH": os.environ["PATH"], "http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"}
    out = run(
        *offline,
        env / "bin/tadmor",
        "read",
        DEMO / "05-wire-2016-12-11.txt",
        "--format",
        "jsonl",
        cwd=tmp_path,
        env=blind,
    )
    reading = json.loads(out)
    assert reading["claims"]
    assert any(m.get("country") == "SY" for m in reading["mentions"])


def _can_unshare() -> bool:
    try:
        return subprocess.run(["unshare", "-rn", "true"], capture_output=True).returncode == 0
    except OSError:
        return False
