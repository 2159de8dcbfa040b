"""stakebook serve"""

from __future__ import annotations

import re
from collections.abc import Sequence
from ipaddress import ip_address
from socket import AF_INET, AF_INET6, create_server, socket

import click

from cli.context import OpenedLedger, warn
from cli.safe_text import safe
from ledger.storage.opening import peek
from ledger.storage.server import Place
from ledger.values.refusals import shown

HERE = "127.0.0.1"
_LONGEST = 2**21  # bytes of an address, which may have the events of a what-if in it
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\]")
_NAMES = ("127.0.0.1", "localhost", "[::1]")


@click.command("serve")
@click.option(
    "--host", default=HERE, show_default=True, metavar="ADDRESS", help="The address to listen at."
)
@click.option(
    "--port", type=click.IntRange(1, 65535), default=8877, show_default=True, help="The port."
)
@click.option(
    "--allow-host",
    "allowed",
    multiple=True,
    metavar="NAME",
    help="A name by which browsers reach it; repeatable. Needed for every other ADDRESS.",
)
@click.pass_obj
def command(path: Place, host: str, port: int, allowed: tuple[str, ...]) -> None:
    """Pages of the ledger in a browser, and the same answers in JSON; nothing can be written.

    Every page has the whole question in its address: when, known by when, recorded by when. The
    JSON interface is described at /api/v1/openapi.json. It needs stakebook[web].

    \b
    Example:
      stakebook serve
      stakebook serve --port 8080
      stakebook serve --host 0.0.0.0 --allow-host ledger.example
    """
    if not is_here(host) and not allowed:
        raise click.UsageError(
            f"Whoever reaches {host} reads everything. Name with --allow-host the name by which"
            f" browsers reach it, or leave out --host."
        )
    for name in allowed:
        if not _HOST.fullmatch(name):
            raise click.UsageError(
                f"{shown(name)} is not the name of a host. Write --allow-host as it stands in an"
                " address, without scheme and port: ledger.example."
            )
    try:
        import uvicorn

        from cli.web.app import app
        from cli.web.connections import Timed
    except ModuleNotFoundError as missing:
        raise click.UsageError(
            f"Pages need a package that is not installed, {missing.name}. Install it:"
            " pip install 'stakebook[web]'"
        ) from None
    peek(path)
    with OpenedLedger(path, "ro") as opened:
        opened.ask(lambda index: index.position)  # the read model is built before anybody waits
    with listening(host, port) as listener:
        if not is_here(host):
            warn(f"everybody who reaches {host} reads all of {path.name}.")
        named = f"[{host}]" if ":" in host else host
        own = [named] if is_here(host) else []
        click.echo(safe(f"Serving {path} at http://{named}:{port}/ until Ctrl-C."), err=True)
        config = uvicorn.Config(
            app(path, hosts_of([*own, *allowed], port)), log_level="warning", access_log=False,
            server_header=False, proxy_headers=False, timeout_keep_alive=5, limit_concurrency=128,
            h11_max_incomplete_event_size=_LONGEST, http=Timed,
        )  # fmt: skip
        uvicorn.Server(config).run(sockets=[listener])


def listening(host: str, port: int) -> socket:
    """A socket that listens at an address; a usage error where none can."""
    try:
        return create_server((host, port), family=AF_INET6 if ":" in host else AF_INET)
    except OSError as error:
        raise click.UsageError(
            f"Nothing can listen at {host}, port {port}: {error.strerror or error}."
            " Give another --port, or end what listens there."
        ) from None


def is_here(host: str) -> bool:
    """Whether an address is reached from this machine alone."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def hosts_of(given: Sequence[str], port: int) -> list[str]:
    """What a request may name as its host: the names of this machine and those given, with the
    port, which browsers leave out where it is the usual one."""
    named = [f"{name}:{port}" for name in (*_NAMES, *given)]
    return named + ([*_NAMES, *given] if port == 80 else [])
