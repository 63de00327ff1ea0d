"""``tadmor serve``: the app on a ledger, for one person on this machine, or with ``--team`` for several."""

from __future__ import annotations

import ipaddress
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tadmor.cli import options
from tadmor.cli.verb import Verb

if TYPE_CHECKING:
    import socket
    from types import FrameType

    from tadmor.reading.llm.settings import LlmSettings
_FILE = click.Path(path_type=Path, dir_okay=False, exists=True)


@click.command("serve", cls=Verb)
@options.ledger
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="The address to listen on: one of this machine's loopback, with --team any.",
)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8765, show_default=True, help="0 takes one that is free."
)
@click.option("--open", "show", is_flag=True, help="Open it in the browser.")
@click.option(
    "--team", is_flag=True, help="For several people, who sign in (`tadmor members`); each may do what the role lets."
)
@click.option(
    "--name",
    "names",
    multiple=True,
    metavar="HOST",
    help="With --team: a name under which people open it; may be given again.",
)
@click.option(
    "--proxy",
    "proxies",
    multiple=True,
    metavar="ADDRESS",
    help="With --team: a proxy whose X-Forwarded-For and -Proto are believed, which it must set itself.",
)
@click.option("--tls-cert", type=_FILE, help="With --team: a certificate (PEM), for TLS without a proxy.")
@click.option("--tls-key", type=_FILE, help="Its key (PEM).")
@click.option(
    "--tiles",
    envvar="TADMOR_TILES",
    metavar="ADDRESS",
    help="A map of one's own under the marks: https://.../{z}/{x}/{y}.png, or a PMTiles archive of pictures (a path or an "
    "address). Browsers ask that server then; without it they ask nobody but this one.",
)
@options.reader
@options.actors
@options.gazetteer
@options.second
def command(
    ledger_path: options.Where,
    host: str,
    port: int,
    show: bool,
    team: bool,
    names: tuple[str, ...],
    proxies: tuple[str, ...],
    tls_cert: Path | None,
    tls_key: Path | None,
    tiles: str | None,
    reader: str,
    actors: Path | None,
    gazetteer: Path | None,
    second: LlmSettings | None,
) -> None:
    """Look at a ledger, decide about it and add to it in the browser; nobody but this machine is answered.

    With --team, members sign in from elsewhere (docs/team.md). Ctrl-C ends it. Nothing is asked of the network unless you give an
    address to be read.
    """
    if not team and (names or proxies or tls_cert or tls_key):
        raise click.UsageError("--name, --proxy and --tls-cert are of team mode: give --team as well")
    if (tls_cert is None) != (tls_key is None):
        raise click.UsageError("--tls-cert and --tls-key go together")
    if tiles:
        _checked(tiles)
    address = _anywhere(host) if team else _loopback(host)
    hosts = _hosts(address, names) if team else None
    options.existing(ledger_path)
    try:
        import uvicorn

        from tadmor.web.app import create_app
    except ImportError as error:
        raise click.ClickException(f"{error.name} is not installed, which serve needs: pip install tadmor") from error
    from tadmor.cli.progress import Progress
    from tadmor.ledger import Store
    from tadmor.web.security import LOOPBACK

    with Store(ledger_path) as store, Progress("grouping anew") as shown:
        if team and not any(m.role == "admin" and m.disabled_at is None for m in store.team.members()):
            raise click.ClickException(
                "nobody could let others in: make an admin first, with "
                f"`tadmor members add NAME --role admin --ledger {options.shown(ledger_path)}`"
            )
        store.group(shown.reach)
    app = create_app(
        ledger_path,
        reader=reader,
        actors=actors,
        gazetteer=gazetteer,
        second=second,
        warm=True,
        team=team,
        tiles=tiles or None,
        hosts=LOOPBACK if hosts is None else hosts,
    )
    with _listening(address, port) as listening:
        bound = listening.getsockname()[1]
        name = f"[{address}]" if ":" in address else address
        url = f"{'https' if tls_cert else 'http'}://{name}:{bound}/"
        click.echo(f"Tadmor is at {url} with {options.shown(ledger_path)}; Ctrl-C ends it", err=True)
        if team and not tls_cert and not proxies:
            click.echo(
                "without TLS, passwords can be read on the way: put a proxy before it, or give --tls-cert", err=True
            )
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
            proxy_headers=bool(proxies),
            forwarded_allow_ips=list(proxies),
            ssl_certfile=tls_cert,
            ssl_keyfile=tls_key,
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


def _checked(given: str) -> None:
    """Raises a usage error for tiles that the app cannot show."""
    from tadmor.errors import InputError
    from tadmor.web.tiles import tiles

    try:
        tiles(given)
    except InputError as error:
        raise click.BadParameter(str(error), param_hint="--tiles") from error


def _loopback(host: str) -> str:
    """The address to listen on. Raises a usage error for one that others could reach."""
    name = "127.0.0.1" if host.lower() == "localhost" else host.strip("[]")
    try:
        loopback = ipaddress.ip_address(name).is_loopback
    except ValueError:
        loopback = False
    if not loopback or name not in ("127.0.0.1", "::1"):
        raise click.BadParameter(
            f"{host} is more than this machine: without members, whoever reaches it could read and change the ledger. "
            "It binds to 127.0.0.1, ::1 or localhost; for several people there is team mode (--team)",
            param_hint="--host",
        )
    return name


def _anywhere(host: str) -> str:
    """The address to listen on in team mode. Raises a usage error for what is no address."""
    name = "127.0.0.1" if host.lower() == "localhost" else host.strip("[]")
    try:
        return str(ipaddress.ip_address(name))
    except ValueError:
        raise click.BadParameter(
            f"{host} is no address of this machine, such as 0.0.0.0", param_hint="--host"
        ) from None


def _hosts(address: str, names: tuple[str, ...]) -> frozenset[str]:
    """The names under which the app answers in team mode, so that no page has its own name resolved to it."""
    from tadmor.web.security import LOOPBACK, host_of

    found = {host_of(n if ":" not in n or n.startswith("[") else f"[{n}]") for n in names}
    if None in found:
        raise click.BadParameter("give a name without scheme and path, as tadmor.example.org", param_hint="--name")
    open_to_all = ipaddress.ip_address(address).is_unspecified
    if open_to_all and not names:
        raise click.UsageError(
            f"{address} is every address of this machine: say under which name people open it, with --name"
        )
    return LOOPBACK | {n for n in found if n} | (frozenset() if open_to_all else {address})


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
