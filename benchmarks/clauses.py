"""How long `breaches` and `radar` take with the movements of a register under ten clauses.

    python -m benchmarks.clauses [--holders 300] [--most 30000]

Prints a line for each size, and how the time grows: the b of time = a * size ** b.
"""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.curve import exponent
from benchmarks.measure import run, stakebook

BOUND, DAYS, LIMIT, HELD = 10, 5_000, 600.0, 1_000_000
CLASS, FIRST = "co/common", date(2010, 1, 1)
ASKED = {"breaches": ("breaches",), "radar": ("radar", "co")}


def events(movements: int, holders: int) -> Iterator[dict[str, Any]]:
    """A register of equal holders, under French law; half of the sales are of those bound."""
    names = [f"h{number}" for number in range(holders)]
    yield _party("co")
    yield from map(_party, names)
    yield {"type": "share-class-created", "share_class": CLASS}
    yield _on(0, "party-details-changed", party="co", jurisdiction="fr")
    yield from (
        _on(0, "register-opened", share_class=CLASS, holder=name, shares=str(HELD))
        for name in names
    )
    yield _on(0, "agreement-signed", agreement="pact", title="Pact", parties=names[:BOUND],
              clauses=list(_clauses(names, holders)))  # fmt: skip
    yield _on(0, "agreement-in-force", agreement="pact")
    random, left = Random(1), dict.fromkeys(names, HELD)
    for number in range(movements):
        giver, taker = random.sample(names, 2)
        if number % 2:
            both = random.choice(names[:BOUND]), random.choice(names[BOUND:])
            giver, taker = random.sample(both, 2)
        shares = random.randrange(1, 60_000)
        if left[giver] > shares:
            left[giver] -= shares
            left[taker] += shares
            yield _on(1 + number * DAYS // movements, "shares-transferred", share_class=CLASS,
                      transferor=giver, transferee=taker, shares=str(shares))  # fmt: skip


def _clauses(names: list[str], holders: int) -> Iterator[dict[str, Any]]:
    part = 100 / holders
    for number, name in enumerate(names[:BOUND]):
        floor = number % 2 == 1
        yield {
            "clause": f"clause-{number}", "kind": "lock-up" if floor else "standstill",
            "party": name, "issuer": "co", "percent": f"{part * (0.95 if floor else 1.05):.4f}",
            "text": "as agreed", **({"base": "issued"} if number % 4 < 2 else {}),
        }  # fmt: skip


def _party(id: str) -> dict[str, Any]:
    return {"type": "party-registered", "party": id, "kind": "company", "name": id}


def _on(day: int, type: str, **fields: Any) -> dict[str, Any]:
    on = (FIRST + timedelta(days=day)).isoformat()
    return {"type": type, "effective_on": on, "known_on": on, "standing": "official"} | fields


def main() -> None:
    """Measure at three sizes, each twice the one before."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--holders", type=int, default=300)
    parser.add_argument("--most", type=int, default=30_000)
    asked = parser.parse_args()
    sizes = [asked.most // 4, asked.most // 2, asked.most]
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in ASKED}
    for size in sizes:
        with TemporaryDirectory() as folder:
            ledger, file = Path(folder) / "co.db", Path(folder) / "co.jsonl"
            lines = (json.dumps(event) for event in events(size, asked.holders))
            file.write_text("\n".join(lines) + "\n", encoding="ascii")
            ours = [*stakebook(), "--ledger", str(ledger)]
            run([*ours, "init"], LIMIT)
            run([*ours, "append", "--file", str(file)], LIMIT)
            for name, words in ASKED.items():
                found = run([*ours, *words, "--format", "json"], LIMIT)
                taken[name].append((size, found.seconds))
                print(f"{name:9} {size:7,} movements {found.seconds:7.2f} s {found.peak:6.0f} MiB")
    for name, points in taken.items():
        grown = exponent(points)
        print(f"{name:9} grows as size ** {grown:.2f}" if grown is not None else name)


if __name__ == "__main__":
    main()
