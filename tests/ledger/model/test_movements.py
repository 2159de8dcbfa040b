"""What each movement does to a register, written out by hand beside the table of movements."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from ledger.model.movements import BY_TYPE, MOVEMENTS, TRANSFERS
from ledger.model.register import Register
from ledger.time.log import Log
from ledger.time.view import View
from ledger.values.refusals import Unhandled
from tests import histories

HELD = {"acme/common": {"alice": 1000, "bob": 600}, "acme/preferred": {"carol": 60}}
COMMON, PREFERRED = "acme/common", "acme/preferred"
BECOMES: dict[str, tuple[dict[str, str], dict[tuple[str, str], int]]] = {  # with 30 shares
    "register-opened": ({"holder": "bob"}, {(COMMON, "bob"): 630}),
    "shares-issued": ({"holder": "carol"}, {(COMMON, "carol"): 30}),
    "shares-transferred": (
        {"transferor": "alice", "transferee": "acme"},
        {(COMMON, "alice"): 970, (COMMON, ""): 30},
    ),
    "shares-repurchased": ({"holder": "bob"}, {(COMMON, "bob"): 570, (COMMON, ""): 30}),
    "shares-cancelled": ({"holder": "alice"}, {(COMMON, "alice"): 970}),
    "shares-split": ({"ratio": "3:1"}, {(COMMON, "alice"): 3000, (COMMON, "bob"): 1800}),
    "shares-converted": (
        {"into_class": PREFERRED, "holder": "bob", "ratio": "1:2"},
        {(COMMON, "bob"): 570, (PREFERRED, "bob"): 15},
    ),
    "shares-reclassified": (
        {"into_class": PREFERRED, "ratio": "1:2"},
        {
            (COMMON, "alice"): 0, (COMMON, "bob"): 0,
            (PREFERRED, "alice"): 500, (PREFERRED, "bob"): 300,
        },
    ),
    "shares-placed-in-trust": (
        {"holder": "bob", "trust": "acme-trust"},
        {(COMMON, "bob"): 570, (COMMON, "acme-trust"): 30},
    ),
    "shares-released-from-trust": (
        {"trust": "acme-trust", "transferee": "bob", "manner": "return"},
        {(COMMON, "bob"): 630, (COMMON, "acme-trust"): -30},
    ),
    "instrument-exercised": (
        {"instrument": "option-1", "holder": "bob", "settled": "new"}, {(COMMON, "bob"): 630}
    ),
    "shares-distributed": (
        {"distributed_class": COMMON, "ratio": "1:10", "supply": "new"},
        {(COMMON, "alice"): 1100, (COMMON, "bob"): 660},
    ),
    "shares-exchanged": (
        {"holder": "bob", "into_class": PREFERRED, "ratio": "1:2"},
        {(COMMON, "bob"): 0, (PREFERRED, "bob"): 300},
    ),
}  # fmt: skip


def world(type_name: str = "", **fields: Any) -> Log:
    """The shares of ``HELD``, and one event more."""
    log = Log(histories.history(list(histories.WORLD)))
    dated = {"effective_on": "2021-01-01", "standing": "official"}
    event = type_name and histories.made((type_name, "more", fields | dated), log)
    if event:
        log.add(event)
    return log


def register_of(log: Log, *types: str) -> Register:
    """What movements, and facts of other types, make of a register, fact by fact."""
    view = View(log)
    register = Register(around=view.across.around("acme"))
    for fact in view.about("issuer:acme", types=(*MOVEMENTS, *types)).counted:
        register.apply(fact)
    return register


def test_every_movement_is_written_out() -> None:
    assert not set(MOVEMENTS) - BECOMES.keys(), "write here what it does"


@pytest.mark.parametrize("name", MOVEMENTS)
def test_a_movement_does_what_is_written_here(name: str) -> None:
    given, changed = BECOMES[name]
    shares = {"shares": "30"} if BY_TYPE[name].legs else {}
    register = register_of(world(name, share_class=COMMON, **given, **shares))
    before = {(of, on): n for of, held in HELD.items() for on, n in held.items()}
    for (share_class, account), balance in (before | changed).items():
        assert register.shares(share_class, account) == balance, (share_class, account)
    issued = register.issued(COMMON) + register.issued(PREFERRED)
    assert issued == Fraction(sum((before | changed).values())), "and nothing beside it"


@pytest.mark.parametrize("name", MOVEMENTS)
def test_a_movement_between_accounts_creates_and_ends_no_shares(name: str) -> None:
    before = {(of, on): n for of, held in HELD.items() for on, n in held.items()}
    same = sum((before | BECOMES[name][1]).values()) == sum(before.values())
    if BY_TYPE[name].variants:
        assert name not in TRANSFERS, "its fields decide whether shares are created or end"
    else:
        assert same == (name in TRANSFERS)


@pytest.mark.parametrize(
    ("fields", "changed"),
    [
        ({"settled": "treasury"}, {"": -30, "bob": 630}),
        ({"settled": "transfer", "counterparty": "alice"}, {"alice": 970, "bob": 630}),
        (
            {"settled": "transfer", "counterparty": "alice", "delivers": "holder"},
            {"alice": 1030, "bob": 570},
        ),
        ({"settled": "cash"}, {}),
    ],
)
def test_the_fields_of_a_movement_choose_its_legs(
    fields: dict[str, str], changed: dict[str, int]
) -> None:
    given = {"share_class": COMMON, "instrument": "option-1", "holder": "bob", "quantity": "30"}
    register = register_of(world("instrument-exercised", **given, **fields))
    for account, balance in ({"alice": 1000, "bob": 600, "": 0} | changed).items():
        assert register.shares(COMMON, account) == balance, account


def test_what_moves_no_shares_is_none_of_a_register() -> None:
    log = world("dividend-declared", share_class=COMMON, per_share="EUR 1")
    with pytest.raises(Unhandled, match="the register is given dividend-declared"):
        register_of(log, "dividend-declared")
