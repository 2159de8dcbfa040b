"""What things are called at a cut, and which names stand for which ids."""

from __future__ import annotations

import pytest

from ledger.time.log import Log
from ledger.values.names import folded, short
from projections.names import Names, called, near
from tests.histories import Draft
from tests.projections.subjects.record import at, on, published, record

STORY = (
    ("party-registered", "fund", {"party": "fund", "kind": "fund", "name": "Milo Fund plc"}),
    ("party-registered", "late", {
        "party": "late", "kind": "company", "name": "Late & Co. KG",
        "citations": [{"source": "gazette-12"}],
    }),
    ("share-class-created", "class-a", {"share_class": "acme/a", "name": "Class A shares"}),
    on("2020-01-01", "first-name", "party-renamed", party="acme", name="Acme Brewing Ltd"),
    on("2024-05-02", "new-name", "party-renamed", party="acme", name="Acme Ltd"),
    on("2023-01-01", "round", "investment-planned",
       investment="round", investor="fund", investee="acme"),
    on("2023-01-01", "ipo", "offering-planned",
       offering="ipo", issuer="acme", window="2025", deal="listing"),
)  # fmt: skip


@pytest.fixture(scope="module")
def history() -> Log:
    return record(published("gazette-12", "2024-05-03"), *STORY)


def names_at(history: Log, **limits: str) -> Names:
    return Names(at(history, **limits))


def test_a_party_bears_its_name_at_the_cut(history: Log) -> None:
    before, after = (names_at(history, as_of=day) for day in ("2024-05-01", "2024-05-02"))
    assert before.name("party", "acme") == "Acme Brewing Ltd"
    assert after.name("party", "acme") == "Acme Ltd"
    assert before.former("acme") == [("Acme", "2020-01-01")]
    assert after.former("acme")[1:] == [("Acme Brewing Ltd", "2024-05-02")]


def test_a_source_is_called_under_the_id_that_a_correction_gives_it() -> None:
    field = {"field": "source", "value": "gazette-21"}
    spelt = {"event": "gazette-12", "because": "misspelt", "changes": [field]}
    log = record(published("gazette-12", "2024-05-03"), ("event-corrected", "spelt", spelt))
    assert names_at(log).found("source", "gazette-21") == "Press, 2024-05-03"
    assert names_at(log).found("source", "gazette-12") is None


def test_a_party_is_named_before_it_is_known(history: Log) -> None:
    assert names_at(history, known_by="2024-05-02").name("party", "late") == "Late & Co. KG"


@pytest.mark.parametrize(
    ("kind", "id", "name"),
    [
        ("class", "acme/a", "Class A shares"),
        ("class", "acme/preferred", "preferred"),
        ("source", "gazette-12", "Press, 2024-05-03"),
        ("investment", "round", "Milo Fund in Acme"),
        ("offering", "ipo", "Listing of Acme"),
        ("deal", "listing", "listing"),
        ("party", "nobody", "nobody"),
        ("class", "acme/nothing", "acme/nothing"),
    ],
)
def test_things_are_called(history: Log, kind: str, id: str, name: str) -> None:
    assert names_at(history, as_of="2025-01-01").name(kind, id) == name


def test_a_title_has_the_id_once(history: Log) -> None:
    names = names_at(history, as_of="2025-01-01")
    assert names.title("party", "acme") == "Acme Ltd (acme)"
    assert names.title("party", "nobody") == "nobody"
    assert names.short("party", "acme") == "Acme"


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("Nissan Motor Co., Ltd.", "Nissan Motor"),
        ("Natixis S.A.", "Natixis"),
        ("Foo GmbH & Co. KG", "Foo"),
        ("Acme S.p.A.", "Acme"),
        ("Société Générale SA", "Société Générale"),
        ("株式会社日産", "日産"),
        ("日産自動車株式会社", "日産自動車"),
        ("Renault Group", "Renault Group"),
        ("Casa", "Casa"),
        ("AS Roma", "AS Roma"),
        ("SE", "SE"),
        ("Ltd", "Ltd"),
    ],
)
def test_the_legal_form_is_no_part_of_a_short_name(name: str, bare: str) -> None:
    assert short(name) == bare


@pytest.mark.parametrize(
    ("typed", "ids"),
    [
        ("Acme Ltd", ["acme"]),
        ("Acme Brewing Ltd", ["acme"]),
        ("ACME", ["acme"]),
        ("acme brewing limited", ["acme"]),
        ("Late & Co", ["late"]),
        ("Acm", []),
        ("", []),
    ],
)
def test_a_name_of_any_date_stands_for_the_party(history: Log, typed: str, ids: list[str]) -> None:
    assert [id for _, id in called(history, typed, ("party",))] == ids


def test_an_equal_name_wins_over_one_that_is_alike() -> None:
    history = record(*map(_registered, ("ACME LTD", "Acme Ltd.")))
    assert called(history, "ACME LTD", ("party",)) == [("party", "party-8")]
    found = {id for _, id in called(history, "acme limited", ("party",))}
    assert found == {"acme", "party-8", "party-9"}


def _registered(name: str) -> Draft:
    id = f"party-{len(name)}"
    return "party-registered", id, {"party": id, "kind": "company", "name": name}


def test_a_beginning_is_only_suggested(history: Log) -> None:
    assert near(history, "Mil", ("party",)) == ["fund"]
    assert near(history, "Milo Fnud", ("party",)) == ["fund"]


def test_names_are_folded() -> None:
    assert folded("Éclair  S.A.") == folded("ECLAIR") == "eclair"
