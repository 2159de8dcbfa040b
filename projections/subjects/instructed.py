"""Instructed votes: how many of the votes on an account each may instruct who has its benefit.

Nobody instructs a part of a vote: each has the whole votes of its part, what is left is
uninstructed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from projections.answer import whole
from projections.rows import InstructedRow, VoteRow
from projections.subjects.ballots import counting
from projections.subjects.entitlements import Entitlements, Registers
from projections.subjects.register_at_cut import RegisterAtCut
from projections.subjects.vote_lines import AnyLine, Line
from projections.subjects.voting_rights import Rights
from projections.told import COUNT, Told, told

_NOTHING = Fraction()
_INSTRUCTED = "as-instructed"


def add_instructed(
    at_cut: RegisterAtCut, rights: Rights, lines: Iterable[AnyLine], rows: Iterable[VoteRow]
) -> None:
    """Let the rows of trusts, nominees and depositaries say who instructs how many votes."""
    registers = Registers(at_cut.view)
    registers.add(at_cut)
    entitled = registers.of(at_cut.issuer)
    for line, row in zip(lines, rows, strict=True):
        if isinstance(line, Line) and not all(
            entitled.is_plain((share_class, line.account)) for share_class in line.ballot.parts
        ):
            _add(at_cut, rights, entitled, line, row)


def _add(
    at_cut: RegisterAtCut, rights: Rights, entitled: Entitlements, line: Line, row: VoteRow
) -> None:
    trust, digits = at_cut.trusts.get(line.account), at_cut.digits
    exercisable = line.ballot.exercisable
    if trust is not None and trust.terms.get("instructed_by") and trust.voting == _INSTRUCTED:
        alone = len(trust.instructed_by) == 1
        votes = whole(exercisable, digits) if alone else None
        row["instructed"] = [{"party": one, "votes": votes} for one in trust.instructed_by]
        row["uninstructed"] = "0" if alone else None
        return
    parts = _parts(rights, entitled, line)
    if not parts:
        return
    told = [(party, None if n is None else n // 1) for party, n in parts.items()]
    row["instructed"] = [
        {"party": party, "votes": None if n is None else whole(n, digits)} for party, n in told
    ]
    known = [n for _, n in told if n is not None]
    left = exercisable - sum(known, _NOTHING) if len(known) == len(told) else None
    row["uninstructed"] = None if left is None else whole(left, digits)
    if left != 0 or len(told) > 1:
        row["reasons"] = [*row["reasons"], _words(row["instructed"], row["uninstructed"])]


def _parts(rights: Rights, entitled: Entitlements, line: Line) -> dict[str, Fraction | None]:
    """The votes of each part that somebody instructs; None where they cannot be told: the part is
    not, or some of the votes are suspended and nobody knows whose."""
    found: dict[str, Fraction | None] = {}
    for share_class, counted in line.ballot.parts.items():
        pair = share_class, line.account
        held, votes = entitled.held(pair), rights.votes(share_class, counting(counted))
        for part in entitled.parts(pair):
            if part.voting != _INSTRUCTED or part.of == "income" or part.votes_by is None:
                continue
            whole_part = part.low == held
            told = part.low == part.high and (whole_part or not line.ballot.suspended)
            in_lots = pair in rights.lots and part.through == "nominee" and not whole_part
            before = found.get(part.votes_by, _NOTHING)
            more = votes * part.low / held if told and not in_lots else None
            if whole_part:
                more = votes - line.ballot.suspended
            found[part.votes_by] = None if more is None or before is None else before + more
    return found


def _words(instructed: Sequence[InstructedRow], left: str | None) -> Told:
    each = ", ".join(f"{told('party', one['party'])} {_number(one)}" for one in instructed)
    rest = "what is left is not told" if left is None else f"{told(COUNT, left)} uninstructed"
    return Told(f"votes that each instructs: {each}; {rest}")


def _number(one: InstructedRow) -> str:
    return "(not told)" if one["votes"] is None else told(COUNT, one["votes"])
