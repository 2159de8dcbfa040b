"""What disclosures and assertions state of votes, of diluted and of authorised shares, beside their
count on the day that they name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from ledger.model.fact import Fact
from ledger.values.dates import parse_days
from projections.subjects.attributed import attributed
from projections.subjects.ballots import is_unregistered
from projections.subjects.bases import OF_VOTES, WORDS, asserted, is_counted, is_of_votes, meant
from projections.subjects.checked_figures import CheckedFigure, agrees_within
from projections.subjects.counts import Count, count_on
from projections.subjects.reaching import Members
from projections.subjects.register_at_cut import RegisterAtCut
from projections.subjects.remainder import NOT_KNOWN
from projections.subjects.stated import (
    asserted_words,
    classes_meant,
    not_told,
    percent_figure,
)
from projections.told import Told, told


def checked_counts(at_cut: RegisterAtCut, members: Members) -> Iterator[CheckedFigure]:
    """Each figure that a register alone does not tell, against the count on its own day."""
    known: dict[str, Count] = {}

    def on(day: str) -> Count:
        if day not in known:
            known[day] = count_on(at_cut, day, members)
        return known[day]

    for fact in at_cut.disclosures:
        if "votes" in fact.data or is_counted(fact.text("percent_of") or ""):
            day = fact.text("base_on")
            base_on = parse_days(day).last if day else fact.order[0]
            later = base_on > at_cut.view.cut.as_of
            then = None if later else on(base_on)
            yield from _disclosed(fact, on(fact.order[0]), then, members)
    for fact in at_cut.asserted:
        if is_counted(fact.need("total")):
            yield _asserted(fact, on(fact.order[0]))


def _disclosed(
    fact: Fact, count: Count, then: Count | None, members: Members
) -> Iterator[CheckedFigure]:
    stated, of, at_cut = fact.text("votes"), fact.text("percent_of") or "", count.at_cut
    if not at_cut.classes:
        return  # there is no register
    why = not_told(at_cut, fact, at_cut.classes)
    if why is None and NOT_KNOWN in count.ballots and is_unregistered(at_cut, fact):
        holder, issuer = told("party", fact.need("holder")), told("party", at_cut.issuer)
        why = Told(f"{holder} has no line in the register of {issuer}, which is known in part")
    if why or not count.ballots:
        yield CheckedFigure(fact, "votes", stated or "", "votes", (), None, why=why)
        return
    interest = attributed(at_cut, fact, at_cut.classes, members)
    if stated is not None:
        has = count.part("held-votes", interest.accounts) or Fraction()
        near = agrees_within(stated, has, fact.text("qualifier") or "exactly")
        yield interest.settles(
            CheckedFigure(fact, "votes", stated, "votes", (has,), near, digits=at_cut.digits)
        )
    if is_counted(of):
        found = list(_percentages(fact, of, count, then, interest.accounts))
        figure = percent_figure(
            fact, "percent of votes" if is_of_votes(of) else "percent", of, found
        )
        yield interest.settles(figure) if found else figure._replace(agrees=None)


def _percentages(
    fact: Fact, of: str, count: Count, then: Count | None, accounts: Mapping[str, Fraction]
) -> Iterator[tuple[str, Fraction]]:
    """What a holder has of each base that a word can mean, and of what is asserted of it."""
    classes = classes_meant(count.at_cut, fact)
    for base in meant(of):
        has = count.part(base, accounts, classes)
        if has is None:
            continue
        if then is not None and (all_of := then.whole(base, classes)):
            yield WORDS[base], has / all_of * 100
        if "base_on" not in fact.data:
            for one in asserted(count.at_cut, base, classes):
                yield asserted_words(base, one), has / one.shares() * 100


def _asserted(fact: Fact, count: Count) -> CheckedFigure:
    stated, total = fact.need("shares"), fact.need("total")
    (base,) = meant(total)
    votes = base in OF_VOTES  # a register known in part has as many as were asserted
    known = not votes or (bool(count.ballots) and NOT_KNOWN not in count.ballots)
    found = count.whole(base, [fact.need("share_class")]) if known else None
    if found is None:
        return CheckedFigure(fact, "balance", stated, total, (), None)
    digits, agrees = count.at_cut.digits, found == fact.shares()
    return CheckedFigure(fact, "balance", stated, total, (found,), agrees, digits=digits)


def why_uncounted(figure: CheckedFigure) -> Told:
    """Why a figure that cannot be compared cannot be."""
    if figure.why is not None:
        return figure.why
    fact = figure.fact
    total, base = fact.text("total"), fact.text("percent_of") or ""
    if total is not None:
        words = WORDS[meant(total)[0]]
        return Told(f"no event tells the {words} of its day, or those of named holders alone")
    if base in ("diluted", "authorised"):
        return Told(f"no event tells {WORDS[base]}")
    if day := fact.text("base_on"):
        return Told(f"no event tells the votes on {day}")
    return Told("its holder has no line in the register")
