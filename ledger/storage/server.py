"""Where a ledger lies: in a file, or in the database of a PostgreSQL server, named by a URL."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

from ledger.values.refusals import Refusal, Refused

SAFE = {  # what each setting of a server must be where it is appended to
    "fsync": ("on",),
    "full_page_writes": ("on",),
    "synchronous_commit": ("on", "remote_apply"),
    "session_replication_role": ("origin",),  # with another no guard of the tables looks
}
_SCHEMES = ("postgresql", "postgres")
_SECRET = ("password", "sslpassword")


class Server(NamedTuple):
    """The database of a server, by its URL; ``insecure`` where less than full TLS is allowed,
    ``offline`` where only what was read before is asked."""

    url: str
    insecure: bool = False
    offline: bool = False

    def __str__(self) -> str:
        return self.url

    @property
    def database(self) -> tuple[str, str, str]:
        """What the URL leads to, whoever asks: hosts with ports, database, service."""
        split = urlsplit(self.url)
        return split.netloc.rpartition("@")[2], split.path, self.options.get("service", "")

    @property
    def name(self) -> str:
        """The name of the database."""
        return unquote(urlsplit(self.url).path.strip("/")) or self.options.get("service", "")

    @property
    def hosts(self) -> list[str]:
        """The hosts that the URL names, in order."""
        split = urlsplit(self.url)
        named = split.netloc.rpartition("@")[2].split(",") if split.netloc else []
        given = parse_qs(split.query)
        asked = [
            host for key in ("host", "hostaddr") for host in ",".join(given.get(key, ())).split(",")
        ]
        return [host for host in (*map(_bare, named), *asked) if host]

    @property
    def unguarded(self) -> bool:
        """Whether less than full TLS is allowed on the way to a machine that may be another one."""
        return self.insecure and not (self.hosts and all(map(is_here, self.hosts)))

    @property
    def options(self) -> dict[str, str]:
        """The options that the URL gives."""
        return {key: values[-1] for key, values in parse_qs(urlsplit(self.url).query).items()}


Place = Path | Server


def place_of(text: str, *, insecure: bool = False, offline: bool = False) -> Place:
    """The place that a user named: a file, or a server; Refused where a URL cannot be used so."""
    scheme, separator, _ = text.partition("://")
    if not separator or scheme not in _SCHEMES:
        return Path(text)
    server = Server(text, insecure, offline)
    try:
        split = urlsplit(text)
        secret = split.password is not None or any(key in _SECRET for key in server.options)
    except ValueError as error:
        raise unreadable(str(error)) from None
    if secret:
        raise _refused(
            "The URL of the ledger holds a password, which other users of this machine could read",
            "Keep it in the password file of libpq, or use a certificate",
        )
    return server


def refuse_weak(server: Server, host: str, sslmode: str) -> None:
    """Refuse a host that is another machine, unless its certificate is checked to the full."""
    if server.insecure or is_here(host) or sslmode == "verify-full":
        return
    raise _refused(
        f"The server {host} would be used with sslmode={sslmode}",
        "Give it a certificate and say sslmode=verify-full, or allow less with"
        " --insecure-transport",
    )


def is_here(host: str) -> bool:
    """Whether a host is this machine: a loopback address, or the folder of a Unix socket."""
    if host == "localhost" or host.startswith(("/", "@")):
        return True
    from ipaddress import ip_address  # seldom needed

    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _bare(host: str) -> str:
    """A host without its port."""
    return re.sub(r":\d*$", "", host).strip("[]") if not host.endswith("]") else host.strip("[]")


def unreadable(wrong: str) -> Refused:
    """The refusal of a URL that is none."""
    return _refused(f"The URL of the ledger is unreadable: {wrong}", "Write it as libpq reads URLs")


def _refused(wrong: str, remedy: str) -> Refused:
    return Refused(Refusal.SERVER_UNSAFE, f"{wrong}.", f"{remedy}.", "--ledger")
