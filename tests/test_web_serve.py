"""``tadmor serve``: it says where it is, answers there, and ends with Ctrl-C; it listens nowhere else."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner

from tadmor.cli import cli
from test_web_made import API, fill, war


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "example.org", "127.0.0.2", "::ffff:127.0.0.1", ""])
def test_other_hosts_are_refused(tmp_path: Path, host: str) -> None:
    path = fill(tmp_path / "war.db", [])
    result = CliRunner().invoke(cli, ["serve", "--ledger", str(path), "--host", host])
    assert result.exit_code == 2
    assert "team mode" in result.stderr


def test_a_ledger_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    path = tmp_path / "none.db"
    result = CliRunner().invoke(cli, ["serve", "--ledger", str(path)])
    assert result.exit_code == 1
    assert "tadmor add" in result.stderr
    assert not path.exists()


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    path = fill(tmp_path / "war.db", [])
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        result = CliRunner().invoke(cli, ["serve", "--ledger", str(path), "--port", port])
    assert result.exit_code == 1
    assert "--port" in result.stderr


def test_it_answers_until_it_is_ended(tmp_path: Path) -> None:
    path = fill(tmp_path / "war.db", war())
    command = [sys.executable, "-m", "tadmor", "serve", "--ledger", str(path), "--port", "0"]
    with subprocess.Popen(
        command,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler) and None,
    ) as process:
        assert process.stderr is not None
        try:
            line = process.stderr.readline()
            assert str(path) in line
            address = next(word for word in line.split() if word.startswith("http://127.0.0.1:"))
            answer = httpx.get(address.rstrip("/") + API + "/info", timeout=30)
            assert answer.json()["reports"] == 9
            assert "server" not in answer.headers
            port = int(address.rstrip("/").rpartition(":")[2])
            with socket.socket() as other:  # the machine's other addresses are not listened on
                other.settimeout(2)
                assert other.connect_ex(("127.0.0.2", port)) != 0
            process.send_signal(signal.SIGINT)
            assert process.wait(30) == 0
            rest = process.stderr.read()
        finally:
            process.kill()
    assert "ended" in rest
    assert "Traceback" not in rest
