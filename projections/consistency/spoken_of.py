"""What is recorded of one subject together with what it has to be compared with."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from ledger.events.references import COMMON, REFERENCES
from ledger.model.fact import Fact
from ledger.model.texts import searched
from ledger.time.history import KINDS
from ledger.time.view import View
from projections.subjects.search import parts_of


def speaking(view: View, id: str, types: Collection[str]) -> Sequence[Fact]:
    """The certain facts of some types that name an id, as a reference or in words; others may be
    among them."""
    found = view.history.having(parts_of([searched(id)]))
    said = [f"key:{recorded.key}" for recorded in found if recorded.type in types]
    kinds = (f"{kind}:{id}" for kind in sorted(KINDS))
    return view.about(*kinds, *said, types=types).certain


def claims_and_signatures(view: View, asked: str | None) -> tuple[Sequence[Fact], Sequence[Fact]]:
    """The claims and the signatures of agreements; with an id, those compared with any of it."""
    claim, signed = ("claim-recorded",), ("agreement-signed",)
    if asked is None:
        return view.every(claim).certain, view.every(signed).certain
    about = {fact.need("subject") for fact in speaking(view, asked, claim)}
    about |= {fact.need("agreement") for fact in speaking(view, asked, signed)}
    claims = view.about(*(f"subject:{id}" for id in sorted(about)), types=claim).certain
    return claims, view.about(*(f"agreement:{id}" for id in sorted(about)), types=signed).certain


def grouped_facts(
    view: View,
    id: str | None,
    types: Collection[str],
    fields: Sequence[str],
) -> Sequence[Fact]:
    """The certain facts of some types, which are compared where they agree in some fields; with an
    id, at least all that are compared with one that names it."""
    if id is None:
        return view.every(types).certain
    groups = {_group(fact, fields) for fact in speaking(view, id, types)}
    return view.about(*sorted(groups - {""}), types=types).certain


def _group(fact: Fact, fields: Sequence[str]) -> str:
    """The subject under which a fact is found with all that agree with it in some fields."""
    references = (*REFERENCES[fact.type], *COMMON)
    kinds = {field: kind for field, part, kind, _ in references if not part}
    named = [name for name in fields if name in kinds and name in fact.data]
    return f"{kinds[named[-1]]}:{fact.need(named[-1])}" if named else ""
