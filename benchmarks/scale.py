"""How long control and ownership of a whole made-up network take, and those of one company.

    python -m benchmarks.scale --companies 1000000
    python -m benchmarks.scale --companies 1000 --ledger 100000 --work FOLDER

In memory, from the network alone, in seconds of the processor: all pairs of who controls whom, and
who has every company in the end. From a ledger of ``--ledger`` companies, which is made by an
ordinary append and kept in ``--work``: the commands as whole processes, the least of ``--times``
runs, and, in one process, control of a company and the thresholds crossed in it after one more
transfer.
"""

from __future__ import annotations

import gc
import json
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any

from benchmarks.measure import run, stakebook
from benchmarks.network import Plan, company, events, holdings
from cli.main import COLLECTED
from projections.control.polls import Poll, Polls
from projections.control.vectors import Stakes, ends

AS_OF, LATER, LIMIT = "2026-01-01", "2025-12-31", 36_000.0


def in_memory(plan: Plan) -> None:
    """All pairs and all owners of a network."""
    polls, taken = _timed(lambda: Polls.of(_polls(plan)))
    _say(f"network of {len(polls):,} companies made", taken)
    found, taken = _timed(lambda: sum(len(polls.controlled(one) or ()) for one in polls.voters))
    _say(f"{found:,} pairs of who controls whom", taken)
    stakes = {name: Stakes(poll.base, poll.votes) for name, poll in _polls(plan)}

    def owners() -> tuple[int, int]:
        parts = left = 0
        for one in ends(stakes, {}):
            parts += len(one.ends.parts) if one.ends else 0
            left += one.ends is None
        return parts, left

    (parts, left), taken = _timed(owners)
    _say(f"{parts:,} parts of owners in the end, {left:,} companies not solved", taken)


def _polls(plan: Plan) -> Any:
    return ((one.company, Poll(sum(one.shares.values()), one.shares)) for one in holdings(plan))


def ledger_of(plan: Plan, folder: Path) -> Path:
    """The ledger of a network, made once."""
    ledger, lines = folder / f"network-{plan.companies}-{plan.seed}.db", folder / "network.jsonl"
    if not ledger.exists():
        folder.mkdir(parents=True, exist_ok=True)
        making = ledger.with_suffix(".making")
        making.unlink(missing_ok=True)
        run([*stakebook(), "--ledger", str(making), "init"], LIMIT)
        with lines.open("w", encoding="ascii") as out:
            out.writelines(f"{json.dumps(event)}\n" for event in events(plan))
        taken = run([*stakebook(), "--ledger", str(making), "append", "--file", str(lines)], LIMIT)
        lines.unlink()
        making.rename(ledger)
        _say("appended", taken.seconds)
    return ledger


def processes(ledger: Path, plan: Plan, times: int) -> None:
    """The questions as whole processes."""
    ours, one = [*stakebook(), "--ledger", str(ledger)], company(plan.companies - 1)
    limits = ["--as-of", AS_OF, "--format", "csv"]
    run([*ours, "group", one, *limits], LIMIT)  # the read model is made
    for words, often in (
        (["group", one], times),
        (["owners", one], times),
        (["group", "--all"], 1),
        (["owners", "--all", "--at", "25"], 1),
    ):
        runs = [run([*ours, *words, *limits], LIMIT) for _ in range(often)]
        least = min(runs, key=lambda done: done.seconds)
        _say(f"{' '.join(words)}, {least.peak:,.0f} MiB", least.seconds)


def after_a_transfer(ledger: Path, plan: Plan) -> None:
    """Control and thresholds of a company, in one process, after one more transfer."""
    from cli.context import OpenedLedger, new_id
    from ledger.batch import Draft
    from ledger.events.validation import make_event
    from ledger.time.view import Cut, View
    from projections.control.group import group
    from projections.radar.radar import radar

    held = list(holdings(plan))[-1]
    seller, buyer = [*held.shares, "p0000001"][:2]
    data = {
        "share_class": f"{held.company}/common", "transferor": seller, "transferee": buyer,
        "shares": "1", "effective_on": LATER, "known_on": LATER, "standing": "official",
    }  # fmt: skip
    with OpenedLedger(ledger, "rw") as opened:
        for name, ask in (("group", group), ("radar", radar)):
            draft = Draft(make_event("shares-transferred", data), new_id())
            opened.ledger.append([draft], opened.read_model)
            index = opened.index
            _, taken = _timed(lambda: ask(View(index, Cut(as_of=AS_OF)), held.company))  # noqa: B023
            _say(f"{name} of a company after a transfer", taken)


def _timed(job: Callable[[], Any]) -> tuple[Any, float]:
    start = process_time()
    found = job()
    return found, process_time() - start


def _say(what: str, seconds: float) -> None:
    print(f"{seconds:9.3f} s  {what}", flush=True)


def main() -> None:
    """Measure in memory, then from a ledger where one is asked for."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--companies", type=int, default=100_000)
    parser.add_argument("--ledger", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--work", type=Path)
    asked = parser.parse_args()
    gc.set_threshold(*COLLECTED)
    in_memory(Plan(asked.companies, asked.seed))
    if asked.ledger:
        with TemporaryDirectory() as temporary:
            plan = Plan(asked.ledger, asked.seed)
            ledger = ledger_of(plan, asked.work or Path(temporary))
            processes(ledger, plan, asked.times)
            after_a_transfer(ledger, plan)


if __name__ == "__main__":
    main()
