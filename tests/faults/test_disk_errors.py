"""A disk that fails or is full never brings about a false word, a traceback or a broken ledger."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ledger.storage.opening import peek
from tests import ROOT
from tests.faults import FIGURES
from tests.faults.test_kill import base, check_after  # noqa: F401 (a fixture)
from tests.faults.tracing import (
    Ending,
    appended,
    appended_at_once,
    ledger_like,
    needs_strace,
    points,
    traced,
)
from tests.faults.worker import acked, appending, recorded
from tests.helpers import assert_printable, run

WRITING = ("openat", "pwrite64", "write", "fdatasync", "fsync", "unlink", "ftruncate", "pread64")


def check_told(ending: Ending, present: bool) -> str:
    """What a failing run may say: the truth, in one line, with the exit code that goes with it."""
    assert_printable(ending.err)
    said = ending.out.count("Recorded #")
    if ending.code == 0:
        assert present
        assert said == 5
        return "recorded"
    told = [line for line in ending.err.splitlines() if not line.startswith("warning: ")]
    assert len(told) == 1, ending
    assert told[0].startswith("stakebook: ")
    if ending.code == 4:
        assert "status --key=party-new-0" in told[0], ending
        return "unknown"
    assert ending.code in (2, 5), ending
    assert not present, ending
    assert said == 0
    return "refused"


@needs_strace
@pytest.mark.parametrize("most", [3, pytest.param(10_000, marks=pytest.mark.whole)])
def test_an_error_at_every_storage_call(
    base: Path,  # noqa: F811
    tmp_path: Path,
    most: int,
    rng: random.Random,
) -> None:
    ledger_like(base, tmp_path / "whole")
    appended(tmp_path / "whole", base / "batch.jsonl")
    at = points(tmp_path / "whole" / "trace", WRITING)
    reading = rng.sample([point for point in at if point[0] == "pread64"], 20)
    at = [point for point in at if point[0] != "pread64"] + reading
    errors = [
        (name, number, error, onward)
        for name, number in at
        for error in ("EIO", "ENOSPC")
        for onward in ("", "+")
        if error == "EIO" or name not in ("pread64", "unlink")
    ]
    chosen = rng.sample(errors, most) if most < len(errors) else errors
    assert most < 1000 or len(chosen) >= 200
    runs = []
    for name, number, error, onward in chosen:
        folder = tmp_path / f"{name}-{number}{onward}-{error}"
        ledger_like(base, folder)
        runs.append((folder, f"--inject={name}:error={error}:when={number}{onward}"))
    before, told = peek(base / "deal.db").position, dict[str, int]()
    for ending in appended_at_once(base / "batch.jsonl", runs):
        word = check_told(ending, check_after(ending, before))
        told[word] = told.get(word, 0) + 1
    assert most < 1000 or set(told) == {"recorded", "refused", "unknown"}
    FIGURES.append(f"P3 a storage call fails: {len(runs)} runs, 0 false words; {told}")


@needs_strace
def test_control_of_errors_a_word_given_too_early_is_found_out(
    base: Path,  # noqa: F811
    tmp_path: Path,
) -> None:
    path = ledger_like(base, tmp_path / "early")
    given = path, "e", 3, path.with_name("out"), True
    traced(path.parent, appending, *given, options=["--inject=fdatasync:error=EIO:when=1"])
    said = {key for _, key in acked(tmp_path / "early" / "out")}
    assert said - {key for _, key in recorded(path)}


SMALL = """
import json, subprocess, sys
from pathlib import Path
from tests.helpers import lines, party, run

path, said, code, number = Path(sys.argv[1], "deal.db"), [], 0, 0
assert run(path, "init").code == 0
while code == 0 and number < 4000:
    batch = [party(f"p{number}-{n}", name="N" * 280) for n in range(40)]
    told = run(path, "append", "--file", "-", "--json", stdin=lines(*batch))
    code, number = told.code, number + 1
    if code == 0:
        said += [event["key"] for event in json.loads(told.out)["events"]]
full = {"code": code, "err": told.err, "said": said}
subprocess.run(["mount", "-o", "remount,size=16m", sys.argv[1]], check=True)
again = run(path, "append", "--file", "-", stdin=lines(*batch))
replayed = run(path, "replay", "--json")
backup = run(path, "backup", str(path.with_name("copy.db")))
print(json.dumps(full | {"again": again.code, "replayed": replayed.code, "backup": backup.code,
                         "events": json.loads(replayed.out)["events"]}))
"""


def _may_mount() -> bool:
    unshare = shutil.which("unshare")
    command = [str(unshare), "-rm", "mount", "-t", "tmpfs", "none", "/mnt"]
    return (
        bool(unshare) and not subprocess.run(command, capture_output=True, check=False).returncode
    )


@pytest.mark.skipif(not _may_mount(), reason="a file system cannot be mounted here (unshare -rm)")
def test_a_full_disk(tmp_path: Path) -> None:
    mounted = f'mount -t tmpfs -o size=1m none {tmp_path} && exec "$@"'
    done = subprocess.run(
        ["unshare", "-rm", "sh", "-c", mounted, "sh", sys.executable, "-c", SMALL, str(tmp_path)],
        capture_output=True, text=True, cwd=ROOT, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done
    found = json.loads(done.stdout)
    assert found["code"] in (2, 4)
    assert_printable(found["err"])
    assert found["err"].count("\n") == 1
    assert "No space" in found["err"] or "full" in found["err"], found
    assert (found["again"], found["replayed"], found["backup"]) == (0, 0, 0)
    assert found["events"] == len(found["said"]) + 40
    FIGURES.append(f"P3 full disk of 1 MiB: {len(found['said'])} said, none lost, then went on")


CROWDED = """
import json, os, sys
from pathlib import Path
from tests.helpers import lines, party, run

folder = Path(sys.argv[1])
path, new, export = folder / "deal.db", folder / "new.db", sys.argv[2]
assert run(path, "init").code == 0
batch = [party(f"p{number}", name="N" * 280) for number in range(400)]
assert run(path, "append", "--file", "-", stdin=lines(*batch)).code == 0
assert run(path, "export", "--audit", export).code == 0
key = str(folder / "deal.key")
assert run(path, "keygen", key).code == 0
(folder / "deal.views.db").unlink()
fill = os.open(folder / "fill", os.O_WRONLY | os.O_CREAT)
try:
    while True:
        os.write(fill, bytes(4096))
except OSError:
    os.close(fill)
before = sorted(os.listdir(folder))
told = [run(ledger, *words) for ledger, *words in (
    (path, "replay"), (new, "init"), (new, "import", export), (path, "backup", str(new)),
    (path, "export", "--audit", str(new)), (path, "keygen", str(new)),
    (path, "seal", "--key", key, "--out", str(new)), (path, "append", "--file", export))]
after = sorted(os.listdir(folder))
asked = [run(path, *words).code for words in (("holdings",), ("verify",), ("doctor",))]
os.unlink(folder / "fill")
again = [run(path, "replay").code, run(new, "import", export).code]
print(json.dumps({"codes": [one.code for one in told], "errs": [one.err for one in told],
                  "left": after == before, "asked": asked, "again": again}))
"""


@pytest.mark.skipif(not _may_mount(), reason="a file system cannot be mounted here (unshare -rm)")
def test_every_new_file_on_a_full_disk(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    mounted = f'mount -t tmpfs -o size=3m none {tmp_path / "disk"} && exec "$@"'
    done = subprocess.run(
        ["unshare", "-rm", "sh", "-c", mounted, "sh", sys.executable, "-c", CROWDED,
         str(tmp_path / "disk"), str(tmp_path / "deal.audit.jsonl")],
        capture_output=True, text=True, cwd=ROOT, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done
    found = json.loads(done.stdout)
    assert found["codes"] == [2] * 8, found
    assert all("full" in err or "No space" in err for err in found["errs"][:-1]), found
    assert found["left"], "nothing half-made is left"
    assert found["asked"] == [0, 0, 0]
    assert found["again"] == [0, 0]


def test_no_room_for_a_backup(tmp_path: Path, base: Path) -> None:  # noqa: F811
    """Nothing is left of a copy that fails."""
    path = ledger_like(base, tmp_path / "own")
    told = run(path, "backup", "/dev/full/copy.db")
    assert told.code == 2
    assert_printable(told.err)
    assert sorted(p.name for p in path.parent.iterdir()) == ["deal.db", "deal.views.db"]
