"""The floors of what only reads: questions, the whole market, and verifying against a seal.

python -m benchmarks.floor_reads NAME ARGUMENTS...
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from benchmarks.floor_answers import EVER, balances, market, printed, question
from benchmarks.floor_fold import Wrong, read_only, run_named
from benchmarks.timing import say, timed
from ledger.transparency.merkle import Frontier
from ledger.transparency.signed_notes import read_checkpoint, read_note, read_verifier

PAGE = 20_000
_INSTANT = 27  # bytes


def verify(ledger: str, key: str) -> None:
    """The root over the bytes of every event held against the signed checkpoint and the kept tree,
    each event in its place and none before the last; prints the root."""
    reading, verifier = read_only(ledger), read_verifier(Path(key).read_text().split("\n")[0])
    (id,) = reading.execute("SELECT id FROM ledger").fetchone()
    notes = reading.execute("SELECT note FROM checkpoints ORDER BY number").fetchall()
    checkpoint, tree, last, sealed = read_checkpoint(read_note(notes[-1][0])), Frontier(), b"", b""
    rows = reading.execute("SELECT position, state FROM stored_events ORDER BY position")
    while page := rows.fetchmany(PAGE):
        for expected, (position, state) in enumerate(page, tree.size + 1):
            mark = b',"ledger":"%b","position":%d,"recorded_at":"' % (id.encode(), expected)
            at = state.rpartition(mark)[2][:_INSTANT]
            if position != expected or not last <= at < b":":
                raise Wrong(f"#{expected} is not in its place")
            last = at
        few = max(0, checkpoint.size - tree.size)
        leaves = [sha256(b"\0" + state).digest() for _, state in page]
        tree.extend(leaves[:few])
        sealed = tree.root() if tree.size == checkpoint.size else sealed
        tree.extend(leaves[few:])
    kept = reading.execute("SELECT size, peaks FROM frontier").fetchone()
    if sealed != checkpoint.root or kept != (tree.size, tree.peaks()):
        raise Wrong("the root is not the one that was sealed, or kept")
    if not all(verifier.signed(read_note(note)) for (note,) in notes):
        raise Wrong("a checkpoint is not signed by the key")
    print(tree.root().hex())


def ask(model: str, issuer: str, as_of: str, times: str) -> None:
    """The holdings in an issuer again and again in one process; prints the median."""
    reading = read_only(model)
    say([timed(lambda: question(reading, issuer, as_of, EVER)) for _ in range(int(times))])


def everybody(model: str, as_of: str) -> None:
    """The holdings of all issuers, as JSON."""
    print(printed(market(read_only(model), as_of, EVER)))


def sums(model: str, as_of: str, times: str) -> None:
    """The balances of all issuers again and again in one process; prints the median."""
    reading = read_only(model)
    say([timed(lambda: balances(reading, as_of, EVER)) for _ in range(int(times))])


FLOORS: dict[str, Callable[..., None]] = {
    "question": ask,
    "market": everybody,
    "balances": sums,
    "verify": verify,
}

if __name__ == "__main__":
    run_named(FLOORS, "benchmarks.floor_reads")
