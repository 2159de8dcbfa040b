"""The tables of many ledgers in one dataset answer for each as it does itself, at any cut."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pytest

from cli.parquet import arranged, dataset
from ledger.events.envelope import Recorded
from ledger.events.validation import make_event
from ledger.model.movements import SIGNS
from ledger.model.register import Register, issuer_of
from ledger.time.history import WITHDRAWAL
from ledger.time.log import Log
from ledger.time.view import Cut, View
from projections.analysis.tables import added, as_dicts, rows
from tests import histories
from tests.projections.analysis.test_tables import (
    Asked,
    Held,
    Told,
    in_each,
    in_register,
    nowhere_counted,
    seen,
)

LARGE = 6 * 10**20
COUNTED = (
    "register-opened", "shares-issued", "shares-transferred", "shares-repurchased",
    "shares-cancelled", "shares-split", "shares-split", "shares-reclassified", "shares-converted",
    "stake-disclosed",
)  # fmt: skip
Ledgers = Mapping[str, list[Recorded]]


def told(*drafts: tuple[str, dict[str, Any]]) -> list[Recorded]:
    """Events on one day after another, recorded one after another."""
    found = []
    for number, (type, data) in enumerate(drafts, 1):
        day = f"2020-{(number - 1) // 28 + 1:02}-{(number - 1) % 28 + 1:02}"
        about = {"share_class": "acme/common", "effective_on": day, "standing": "official"}
        made = make_event(type, about | data)
        at = f"2026-01-01T{number // 60:02}:{number % 60:02}:00.000000Z"
        found.append(Recorded(number, "s", number, "i", f"k{number}", made.type, 1, at, made.data))
    return found


def issue(shares: int) -> tuple[str, dict[str, Any]]:
    return "shares-issued", {"holder": "alice", "shares": str(shares)}


def split(ratio: str) -> tuple[str, dict[str, Any]]:
    return "shares-split", {"ratio": ratio}


def drawn(random: Random, number: int) -> list[Recorded]:
    """A random history: of every kind of event, or of those whose shares tables can tell."""
    numbers = [random.getrandbits(24) for _ in range(30)]
    told = number % 3 > 0
    drafts = histories.drafted(numbers, True, number % 4 == 0, COUNTED if told else ())
    without = ("fractions", "fractions_to", "tense") if told else ()
    return histories.history(
        [
            (type, key, {name: value for name, value in data.items() if name not in without})
            for type, key, data in drafts
            if not (told and type == WITHDRAWAL)
        ]
    )


def ledgers() -> dict[str, list[Recorded]]:
    """Random histories, all of the same ids, and those that some tool once counted wrongly."""
    random = Random(17)
    found = {f"random {number:02}": drawn(random, number) for number in range(14)}
    turned = "shares-reclassified", {"into_class": "acme/preferred", "ratio": "2:1"}
    again = "shares-split", {"share_class": "acme/preferred", "ratio": "3:7"}
    found["beyond 64 bits"] = told(issue(LARGE), split("3:1"), turned, issue(1), again)
    found["104 splits"] = told(issue(5), *[split("2:1")] * 52, issue(7), *[split("3:4")] * 20,
                               *[split("1:2")] * 32)  # fmt: skip
    return found


def cuts(ledgers: Ledgers) -> Iterator[Cut]:
    """Twenty cuts on every clock, the widest first."""
    random = Random(20)
    longest = max(ledgers.values(), key=lambda events: events[-1].recorded_at)
    instants = [event.recorded_at for event in longest]
    yield Cut()
    for _ in range(19):
        yield Cut(
            as_of=random.choice(histories.CUTS[2:]),
            known_by=random.choice((*histories.CUTS[3:], "9999-12-31", "9999-12-31")),
            recorded_by=random.choice((None, *instants[len(instants) // 2 :])),
            standing=random.choice(("official", "reported", "any")),
        )


def expected(ledgers: Ledgers) -> Iterator[tuple[Cut, Held]]:
    """What each ledger answers at each cut, but for issuers of which its tables tell no sum."""
    uncounted = {name: nowhere_counted(rows(Told(e), e)) for name, e in ledgers.items()}
    for cut in cuts(ledgers):
        held = [in_register(seen(events, cut), name) for name, events in ledgers.items()]
        yield (
            cut,
            {
                key: shares
                for one in held
                for key, shares in one.items()
                if issuer_of(key[1]) not in uncounted[key[0]]
            },
        )


def write(ledgers: Ledgers, folder: Path) -> None:
    """Write the tables of histories, each as a ledger of its own."""
    with dataset(folder) as writer:
        for ledger, events in sorted(ledgers.items()):
            writer.add(arranged(rows(Told(events), events), ledger))


class Many(NamedTuple):
    """Ledgers and their tables."""

    ledgers: Ledgers
    folder: Path

    def held(self, most: int) -> list[tuple[Cut, Held]]:
        """What they hold at so many cuts."""
        return list(islice(expected(self.ledgers), most))


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Many:
    drawn, folder = ledgers(), tmp_path_factory.mktemp("many")
    write(drawn, folder)
    return Many(drawn, folder)


@pytest.fixture(scope="module")
def held(many: Many) -> list[tuple[Cut, Held]]:
    return many.held(5)


@in_each
def test_a_dataset_of_many_ledgers_answers_for_each(
    many: Many, held: list[tuple[Cut, Held]], ask: Asked
) -> None:
    for cut, expected in held:
        assert ask(many.folder, cut) == expected, cut


def test_the_ledgers_and_the_cuts_have_something_to_tell(
    many: Many, held: list[tuple[Cut, Held]]
) -> None:
    answers = [found for _, found in held]
    assert max(answers[0].values()) > 2**63
    assert len({ledger for ledger, *_ in answers[0]}) > 8
    assert len({tuple(sorted(found.items())) for found in answers}) > 3
    found = [row for events in many.ledgers.values() for row in rows(Told(events), events)]
    moved = [row for name, row in as_dicts(found) if name == "movements"]
    assert {row["does"] for row in moved} == {"add", "scale", "round", "reports"}
    assert [row for row in moved if row["into_class"] != row["share_class"] and row["into_class"]]
    for column in ("known_from", "known_until", "recorded_until", "depends", "repeats"):
        assert [row for row in moved if row[column]], column
    assert {row["floor_from"] for row in moved} > {0, 1}


def test_what_a_movement_adds_is_what_it_adds_to_an_empty_register(many: Many) -> None:
    compared = set[str]()
    for events in many.ledgers.values():
        for fact in View(Log(events), Cut()).every([*SIGNS]).certain:
            empty = Register()
            pairs = empty.apply(fact)
            assert added(fact) == [(*pair, empty.shares(*pair)) for pair in pairs], fact
            compared.add(fact.type)
    assert len(compared) > 3
