"""Floors and ceilings: whether a holding keeps to what a standstill or a lock-up names."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Literal, NamedTuple

from projections.obligations.binding import Bound
from projections.obligations.figures import Figure, Standing, figures, percent_text
from projections.told import COUNT, Told, told

CEILING, FLOOR = "standstill", "lock-up"
State = Literal["kept", "broken", "untold"]


class Judged(NamedTuple):
    """Whether a limit is kept on a day; the figure that shows it, and why it cannot be told."""

    state: State
    figure: Figure | None = None
    why: str = ""


def is_limit(clause: Bound) -> bool:
    """Whether a clause is a floor or a ceiling of a holding that is named by number."""
    named = clause.text("percent") or clause.text("shares")
    return clause.kind in (CEILING, FLOOR) and named is not None and clause.issuer is not None


def reach_of(clause: Bound) -> str | None:
    """Whose shares a clause counts: unless it says it, under a ceiling the party's own account,
    above a floor what is held in trust for it too."""
    return clause.text("reach") or ("own" if clause.kind == CEILING else None)


def number_of(at: Standing, clause: Bound, party: str) -> Fraction:
    """The shares that a clause counts as a party's."""
    return at.shares(party, reach_of(clause), clause.text("share_class"))


def judged(at: Standing, clause: Bound, party: str) -> Judged:
    """Whether a party keeps to a floor or a ceiling on a day."""
    reach, number = reach_of(clause), clause.shares
    found = figures(at, clause, party, reach)
    if clause.text("shares") and clause.splits is None:
        return Judged("untold", None, "shares were split since, and the clause names no class")
    if not found:
        return Judged("untold", None, "the register does not tell what it holds")
    if clause.text("percent") is None:
        shares = found[0]._replace(has=number_of(at, clause, party))
        return _decided(clause, [(shares, shares.has - Fraction(number or 0))])
    limit = Fraction(str(clause.text("percent")))
    told_of = [(one, share - limit) for one in found if (share := one.percent) is not None]
    if not told_of:
        return Judged("untold", found[0], "nothing is in issue")
    return _decided(clause, told_of)


def _decided(clause: Bound, above: Sequence[tuple[Figure, Fraction]]) -> Judged:
    """The judgement on figures that are so much above a limit."""
    ceiling = clause.kind == CEILING
    broken = [over > 0 if ceiling else over < 0 for _, over in above]
    figure = above[0][0]
    if any(broken) and not all(broken):
        one, other = (figure.words_beside(_percent_of(clause)) for figure, _ in above)
        return Judged("untold", figure, f"it is {one}, but {other}")
    if figure.at_least and broken[0] != ceiling:
        why = "its own and what is held in trust for it do not decide it, and the others that it"
        return Judged("untold", figure, f"{why} counts are not told")
    return Judged("broken" if broken[0] else "kept", figure)


def limit_text(clause: Bound) -> str | None:
    """The limit of a clause: as it was agreed, a number of shares as splits have left it."""
    named = clause.text("percent") or clause.text("shares")
    return named if clause.text("percent") or clause.shares is None else str(clause.shares)


def measured_text(clause: Bound, figure: Figure | None) -> str | None:
    """The figure of a clause beside its limit: a percentage, or a number of shares."""
    if figure is None:
        return None
    if clause.text("percent") is None:
        return str(figure.has)
    share, limit = figure.percent, Fraction(str(clause.text("percent")))
    return None if share is None else percent_text(share, limit)


def compared_words(clause: Bound, found: Judged, party: str) -> Told:
    """How a holding compares with a limit, in words."""
    ceiling = clause.kind == CEILING
    bound, issuer = told("party", party), told("party", clause.issuer)
    if found.state == "untold" or found.figure is None:
        return Told(f"{bound}, of {issuer}: {found.why}")
    percent = clause.text("percent")
    limit = f"{percent}%" if percent else f"{told(COUNT, limit_text(clause))} shares"
    if found.state == "broken":
        than = f"more than the ceiling of {limit}" if ceiling else f"less than the floor of {limit}"
    else:
        than = f"within the ceiling of {limit}" if ceiling else f"above the floor of {limit}"
        if not ceiling and _is_at(clause, found.figure):
            than = f"at the floor of {limit}"
    return Told(f"{bound} has {found.figure.words_beside(_percent_of(clause))} of {issuer}, {than}")


def _percent_of(clause: Bound) -> Fraction | None:
    percent = clause.text("percent")
    return None if percent is None else Fraction(percent)


def _is_at(clause: Bound, figure: Figure) -> bool:
    percent = clause.text("percent")
    if percent is None:
        return figure.has == clause.shares
    return figure.percent == Fraction(percent)
