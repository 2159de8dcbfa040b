"""What votes and check say of the same disclosures is the same, however they are mixed."""

from __future__ import annotations

import random

from projections.consistency.checks import check
from projections.subjects.votes import AGREES
from tests.counted import votes
from tests.histories import Draft
from tests.projections.subjects.record import (
    COMMON,
    PREFERRED,
    at,
    on,
    opened,
    placed,
    record,
    settled,
    sold,
)  # fmt: skip

HISTORY = (
    opened("alice", 435), opened("bob", 435), opened("acme", 130), opened("carol", 40, PREFERRED),
    settled(), placed(100), sold("2020-06-01", "sold", "bob", "bank", 35),
    on("2020-09-01", "late", "voting-rights-suspended", issuer="acme", holder="bob", shares="200",
       share_class=COMMON, reason="late"),
)  # fmt: skip
BASES = ("votes", "gross-votes", "held-votes", "net-votes")
TRUE = ("24", "30", "31", "33", "35.5", "39", "2.5", "26.3")


def _stated(dice: random.Random, number: int) -> Draft:
    day = dice.choice(("2020-01-15", "2020-03-01", "2020-07-01", "2020-10-01"))
    if dice.random() < 0.2:
        total = dice.choice(BASES[1:])
        fields = {"share_class": COMMON, "total": total, "shares": dice.choice(("1270", "1400"))}
        return on(day, f"said-{number}", "balance-asserted", **fields)
    figure = dice.choice((
        {"percent": dice.choice(TRUE), "percent_of": dice.choice(BASES)},
        {"votes": dice.choice(("335", "400", "435", "35"))},
    ))  # fmt: skip
    named = {"issuer": "acme", "holder": dice.choice(("alice", "bob", "carol", "bank"))}
    more = {"interest": dice.choice(("direct", "aggregate", "group"))}
    more |= {"qualifier": dice.choice(("exactly", "at-most", "more-than"))}
    return on(day, f"said-{number}", "stake-disclosed", **named | figure | more)


def test_votes_and_check_agree_on_what_agrees_with_the_count() -> None:
    dice, told = random.Random(11), 0
    for _ in range(4):
        said = [_stated(dice, number) for number in range(8)]
        view = at(record(*HISTORY, *said))
        notes = votes(view, "acme").notes
        agreeing = [note for note in notes if AGREES in note]
        differing = {note.split()[0] for note in notes if ": differs, " in note}
        checked = check(view)
        assert checked.agreeing == len(agreeing), said
        found = {row["event"] for row in checked.rows if row["check"] == "disclosed-votes"}
        assert found == differing, said
        told += len(agreeing)
    assert told > 4
