"""Where a ledger lies: not on network file systems, whose locks cannot be relied on, and not under
the name of a read model."""

from __future__ import annotations

import os
import re
from pathlib import Path

from ledger.values.refusals import Refusal, Refused

READ_MODEL = ".views.db"  # the end of a read model's name
LONGEST_NAME = 220  # bytes; the longest that is allowed is 255
MOUNTS = Path("/proc/self/mountinfo")
_NETWORK = frozenset(
    (
        *("9p", "acfs", "afs", "beegfs", "ceph", "cifs", "coda", "davfs", "gfs2", "glusterfs"),
        *("gpfs", "lustre", "ncpfs", "nfs", "nfs4", "ocfs2", "orangefs", "pvfs2", "smb2", "smb3"),
        *("smbfs", "vboxsf"),
    )
)
_NETWORK_FUSE = frozenset(
    (
        *("afpfs", "beegfs", "blobfuse", "blobfuse2", "ceph", "cephfs", "curlftpfs", "davfs"),
        *("davfs2", "gcsfuse", "glusterfs", "goofys", "juicefs", "mfs", "rclone", "s3fs", "s3ql"),
        *("smbnetfs", "sshfs", "vmhgfs-fuse"),
    )
)


def file_system(path: Path) -> str | None:
    """The type of the file system that a path lies on; None where that cannot be found out."""
    try:
        mounts, real = MOUNTS.read_text("utf-8", "surrogateescape"), f"{path.resolve()}/"
    except (OSError, RuntimeError):  # no such list here, or links in a circle
        return None
    found, depth = None, 0
    for line in mounts.splitlines():
        before, separator, after = line.partition(" - ")
        fields = before.split(" ")
        if not separator or len(fields) < 5:
            continue
        point = f"{_unescaped(fields[4]).rstrip('/')}/"
        if len(point) >= depth and real.startswith(point):
            found, depth = after.split(" ", 1)[0], len(point)  # a later mount lies on top
    return found


def is_network(kind: str | None) -> bool:
    """Whether a type of file system is known to lie on another machine."""
    name = kind or ""
    if name.startswith("fuse."):
        return name.removeprefix("fuse.") in _NETWORK_FUSE
    return name in _NETWORK


def refuse_network(path: Path) -> None:
    """Refuse a ledger on a network file system."""
    kind = file_system(path)
    if is_network(kind):
        raise Refused(
            Refusal.NETWORK_FILE_SYSTEM,
            f"{path} lies on a network file system ({kind}), where locks and durable writes cannot"
            " be relied on.",
            "Keep the ledger on a disk of this machine.",
        )


def refuse_new_ledger(path: Path) -> None:
    """Refuse a new ledger on a network file system, or under a name that none can be kept under."""
    refuse_network(path)
    if len(os.fsencode(path.name)) > LONGEST_NAME:
        raise Refused(
            Refusal.LONG_NAME,
            f"{path} has a name of over {LONGEST_NAME} bytes: the names of the files beside a"
            " ledger are longer than its own.",
            "Give the ledger a shorter name.",
        )
    if path.name.lower().endswith(READ_MODEL):
        raise Refused(
            Refusal.NAMED_LIKE_READ_MODEL,
            f"{path} is named like the read model of another ledger, {READ_MODEL} at the end.",
            "Give the ledger another name, such as deal.db.",
        )


def _unescaped(point: str) -> str:
    return re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), point)
