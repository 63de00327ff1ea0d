"""The guide's commands run as they stand there, in its order, on the demo reports; its pictures and keys are there."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs/guide.md"
TADMOR = [sys.executable, "-m", "tadmor"]


def commands() -> list[str]:
    """The lines of the guide's blocks for the shell."""
    blocks = re.findall(r"^```sh\n(.*?)^```", GUIDE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    return [line for block in blocks for line in block.splitlines() if line.strip()]


def serves(argv: list[str], folder: Path) -> None:
    """The server says where it is and answers there."""
    command = [*TADMOR, *argv[1:], "--port", "0"]
    env = os.environ | {"PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, cwd=folder, env=env, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr is not None
            address = next(w for line in process.stderr for w in line.split() if w.startswith("http://127.0.0.1:"))
            with urlopen(address.rstrip("/") + "/api/v1/info", timeout=30) as answer:
                assert json.load(answer)["reports"] == 11
        finally:
            process.terminate()
            process.wait(20)


@pytest.mark.slow
def test_its_commands_run(tmp_path: Path) -> None:
    (tmp_path / "demo").symlink_to(ROOT / "demo")
    told = {}
    for line in commands():
        argv = shlex.split(line)
        assert argv[0] == "tadmor", line
        if argv[1] == "serve":
            serves(argv, tmp_path)
            continue
        done = subprocess.run([*TADMOR, *argv[1:]], cwd=tmp_path, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, f"{line}\n{done.stderr}"
        told[line] = done.stdout
    said = "\n".join(told.values())
    assert "ISIS" in said
    assert "2 of" in next(out for line, out in told.items() if "progress" in line)
    assert "Ana" in next(out for line, out in told.items() if line.startswith("tadmor audit"))
    for name in ("claims.csv", "incidents.geojson", "acled.csv", "sitrep.html"):
        assert (tmp_path / name).stat().st_size > 500, name
    assert list((tmp_path / "gold").glob("*.json*"))


def test_its_pictures_are_there_and_small() -> None:
    for name in re.findall(r"!\[[^]]+\]\(([^)]+)\)", GUIDE.read_text(encoding="utf-8")):
        path = GUIDE.parent / name
        assert path.is_file(), name
        assert path.read_bytes().startswith(b"\x89PNG"), name
        assert path.stat().st_size < 250_000, name
