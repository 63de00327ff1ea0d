"""``tadmor serve``: the app on a ledger, for one person on this machine."""

from __future__ import annotations

import ipaddress
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tadmor.cli import options

if TYPE_CHECKING:
    import socket
    from types import FrameType

    from tadmor.reading.llm.settings import LlmSettings


@click.command("serve")
@options.ledger
@click.option("--host", default="127.0.0.1", show_default=True, help="An address of this machine's loopback.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8765, show_default=True, help="0 takes one that is free."
)
@click.option("--open", "show", is_flag=True, help="Open it in the browser.")
@options.reader
@options.actors
@options.gazetteer
@options.second
def command(
    ledger_path: Path,
    host: str,
    port: int,
    show: bool,
    reader: str,
    actors: Path | None,
    gazetteer: Path | None,
    second: LlmSettings | None,
) -> None:
    """Look at a ledger, decide about it and add to it in the browser; nobody but this machine is answered.

    Ctrl-C ends it. Nothing is asked of the network unless you give an address to be read.
    """
    address = _loopback(host)
    options.existing(ledger_path)
    try:
        import uvicorn

        from tadmor.web.app import create_app
    except ImportError as error:
        raise click.ClickException(f"{error.name} is not installed, which serve needs: pip install tadmor") from error
    from tadmor.cli.progress import Progress
    from tadmor.ledger import Store

    with Store(ledger_path) as store, Progress("grouping anew") as shown:
        store.group(lambda done, _: shown.reach(done))
    app = create_app(ledger_path, reader=reader, actors=actors, gazetteer=gazetteer, second=second, warm=True)
    with _listening(address, port) as listening:
        bound = listening.getsockname()[1]
        name = f"[{address}]" if ":" in address else address
        url = f"http://{name}:{bound}/"
        click.echo(f"Tadmor is at {url} with {ledger_path}; Ctrl-C ends it", err=True)
        if show:
            import threading
            import webbrowser

            # The socket listens already: the browser waits until the app answers.
            threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()
        config = uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            server_header=False,
            date_header=True,
            proxy_headers=False,
            timeout_graceful_shutdown=5,
            ws="none",
        )

        class Server(uvicorn.Server):
            def handle_exit(self, sig: int, frame: FrameType | None) -> None:
                app.state.jobs.leave()  # else whoever follows a job keeps the server from ending
                super().handle_exit(sig, frame)

        with suppress(KeyboardInterrupt):
            Server(config).run(sockets=[listening])
    click.echo("ended; everything that was decided or added is in the ledger", err=True)
    sys.stderr.flush()


def _loopback(host: str) -> str:
    """The address to listen on. Raises a usage error for one that others could reach."""
    name = "127.0.0.1" if host.lower() == "localhost" else host.strip("[]")
    try:
        loopback = ipaddress.ip_address(name).is_loopback
    except ValueError:
        loopback = False
    if not loopback or name not in ("127.0.0.1", "::1"):
        raise click.BadParameter(
            f"{host} is more than this machine: without accounts, whoever reaches it could read and change the ledger. "
            "It binds to 127.0.0.1, ::1 or localhost; team mode, with accounts, is not there yet",
            param_hint="--host",
        )
    return name


def _listening(address: str, port: int) -> socket.socket:
    import socket

    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((address, port))
        listening.listen(128)
    except OSError as error:
        listening.close()
        raise click.ClickException(
            f"{address} port {port} cannot be listened on ({error.strerror or error}): name another with --port"
        ) from error
    return listening
