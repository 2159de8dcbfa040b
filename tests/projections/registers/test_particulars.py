"""Registers print what the record has of a party, and leave it out with the names of persons."""

from __future__ import annotations

from ledger.time.log import Log
from ledger.time.view import View
from projections.registers.agreements import agreements
from projections.registers.certificate import certificate
from projections.registers.directors import directors
from projections.registers.document import Document, Terms
from projections.registers.members import members
from projections.registers.redaction import Redaction
from tests.histories import COMMON, WORLD, Draft, history

DATED = {"effective_on": "2020-02-01", "standing": "official"}


def changed(key: str, party: str, **fields: str) -> Draft:
    return ("party-details-changed", key, {"party": party, **fields, **DATED})


MORE: list[Draft] = [
    ("party-registered", "party-zoe", {"party": "zoe", "kind": "person", "name": "Zoe"}),
    changed("number", "acme", registration="13300001"),
    changed("office", "acme", address="1 Mill Lane", address_kind="registered-office"),
    changed("books", "acme", address="2 Mill Lane", address_kind="inspection-place"),
    changed("zoe-at", "zoe", address="3 Mill Lane", nationality="British"),
    ("shares-issued", "paid", {
        "share_class": COMMON, "holder": "zoe", "shares": "20", "price": "EUR 5",
        "paid_per_share": "EUR 2", **DATED,
    }),
    ("director-appointed", "zoe-joins", {"company": "acme", "person": "zoe", **DATED}),
    ("agreement-in-force", "articles", {
        "agreement": "articles", "title": "Articles", "form": "articles", "binds": "members",
        "of": "acme", **DATED,
    }),
    ("agreement-signed", "sha", {
        "agreement": "sha", "title": "Shareholders agreement", "parties": ["acme", "zoe"],
        **DATED,
    }),
    ("agreement-amended", "adherence", {
        "agreement": "sha", "parties_joined": ["boreal"], **DATED, "effective_on": "2020-03-01",
    }),
]  # fmt: skip
VIEW = View(Log(history([*WORLD, *MORE])))


def terms(document: Document) -> dict[str, object]:
    blocks = [block for part in document.parts for block in part.blocks]
    return {term: value for b in blocks if isinstance(b, Terms) for term, value in b.items}


def test_the_register_of_members_has_number_place_and_addresses() -> None:
    register = members(VIEW, "acme", "none")
    assert terms(register)["Registered number"] == "13300001"
    assert terms(register)["Place where the register is kept"] == "2 Mill Lane"
    common = next(t for t in register.tables if t.title == "Common shares")
    assert {row[1]: row[4] for row in common.rows}["Zoe"] == "3 Mill Lane"
    unnamed = register.reworded(Redaction(VIEW).words)
    common = next(t for t in unnamed.tables if t.title == "Common shares")
    assert "left out" in {row[4] for row in common.rows}
    assert all("3 Mill Lane" not in row for table in unnamed.tables for row in table.rows)


def test_directors_have_particulars_and_what_is_missing_is_said() -> None:
    register = directors(VIEW, "acme", "none")
    row = next(row for row in register.tables[0].rows if row[0] == "Zoe")
    assert row[1] == ("3 Mill Lane; month of birth not recorded; British; occupation not recorded")


def test_a_certificate_has_the_address_of_its_holder() -> None:
    found = terms(certificate(VIEW, "acme", "zoe", COMMON, "7", "none"))
    assert (found["Registered number"], found["Address"]) == ("13300001", "3 Mill Lane")


def test_articles_are_listed_and_who_joined_is_a_party() -> None:
    listed = {row[0]: row[3] for row in agreements(VIEW, "acme").tables[0].rows}
    assert listed["Articles"] == "the members of Acme"
    assert listed["Shareholders agreement"] == "Acme, Zoe, Boreal"
