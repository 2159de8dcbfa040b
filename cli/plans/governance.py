"""Governance: the board, the officers, agreements and clauses, each in a section of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from cli.labels import Labels
from cli.plans.figures import UNKNOWN, date_words, dated, joined, listed
from cli.screen import DATES, Block, Column, Line, Screen
from ledger.values.dates import place_of
from projections.answer import Answer
from projections.rows import GovernanceRow
from projections.subjects.governance import SURVIVES, steps_in_force

SECTIONS = ("board", "officers", "agreements", "clauses")
KINDS = {  # of rows, by section
    "board": ("seat", "director"), "officers": ("officer",), "agreements": ("agreement",),
    "clauses": ("clause",),
}  # fmt: skip
_FEW = 4  # agreements that are told beside other sections
_OFFICES = (
    *("chair", "chief executive", "chief executive officer", "president", "secretary"),
    *("chief financial officer", "chief operating officer", "company secretary"),
)
_SEATS = ("board-seat-granted", "board-seat-withdrawn")
_LAST = (Column("standing", from_width=120), Column("events", "right", from_width=120))
_BOARD = (
    Column("director", wrap=True), Column("id", from_width=100), Column("role"),
    Column("since", most=DATES), Column("seat", wrap=True), *_LAST,
)  # fmt: skip
_OFFICERS = (
    Column("officer", wrap=True), Column("id", from_width=100), Column("role", wrap=True),
    Column("since", most=DATES), *_LAST,
)  # fmt: skip
_AGREEMENTS = (
    Column("status"), Column("since", most=DATES), Column("agreement", wrap=True),
    Column("id", from_width=100), Column("with", wrap=True), *_LAST,
)  # fmt: skip
_CLAUSES = (
    Column("kind"), Column("party", wrap=True), Column("%", "right"), Column("of", wrap=True),
    Column("since", yields=1, most=DATES), *_LAST,
)  # fmt: skip
_FLAT = {
    "board": ("person", "id", "role", "since", "until", "seat", "standing", "events"),
    "officers": ("person", "id", "role", "since", "until", "standing", "events"),
    "agreements": ("agreement", "id", "status", "since", "parties", "standing", "events"),
    "clauses": (
        *("kind", "party", "%", "of", "agreement", "id", "clause", "since", "standing", "events"),
        *("text", "status", "terms"),
    ),
}


@dataclass(frozen=True)
class GovernancePlan:
    """How the governance of a company is told: all of it, or some sections whole."""

    company: str
    sections: Collection[str] = ()
    kind: str | None = None

    def screen(self, answer: Answer[GovernanceRow], labels: Labels) -> Screen:
        """The governance as a person reads it."""
        told = _Told(self, answer.rows, labels)
        made = {
            "board": told.board, "officers": told.officers, "agreements": told.agreements,
            "clauses": told.clauses,
        }  # fmt: skip
        blocks = [
            block
            for name in SECTIONS
            if name in (self.sections or SECTIONS)
            for block in made[name]()
        ]
        title = f"Governance of {labels.heading('party', self.company)}"
        notes = [*told.offices_not_known(), *map(labels.read, answer.notes)]
        return Screen(title, blocks, notes)


@dataclass(frozen=True)
class _Told:
    plan: GovernancePlan
    rows: Sequence[GovernanceRow]
    labels: Labels

    def board(self) -> Iterator[Block]:
        """Who sits, each with the seat of the party that has the right to it, and seats besides."""
        seats = [row for row in self.rows if row["kind"] == "seat"]
        directors = [row for row in self.rows if row["kind"] == "director"]
        filled = {event: place for row, place in self._placed(seats) for event in row["events"]}
        sitting = {row["events"][0] for row in directors}
        lines = [self._director(row, filled.get(row["events"][0])) for row in directors]
        lines += [
            self._director(row, place)
            for row, place in self._placed(seats)
            if sitting.isdisjoint(row["events"])
        ]
        if not lines:
            return
        heading = (
            f"Board ({len(directors)} known; the record may be partial: no event gives the board's"
            " size)"
        )
        yield self._block("board", _BOARD, lines, heading, list(self._rights(seats)))

    def officers(self) -> Iterator[Block]:
        """Who holds which office, the newest first."""
        rows = [row for row in self.rows if row["kind"] == "officer"]
        rows.sort(key=lambda row: place_of(row["since"], row["at_latest"]), reverse=True)
        lines = []
        for row in rows:
            person = row["person"] or ""
            name, role = self.labels.name("party", person), _office(row)
            if self.labels.flat:
                since, until = dated(row["since"], row["at_latest"]), date_words(row["until"])
                lines.append(Line((name, person, role, since, until, *self._evidence(row))))
            else:
                cells = (
                    name,
                    person,
                    self._office(role, person),
                    self._since(row),
                    *self._evidence(row),
                )
                lines.append(Line(cells))
        if lines:
            yield self._block("officers", _OFFICERS, lines, "Officers")

    def agreements(self) -> Iterator[Block]:
        """What is signed and what is in force; beside other sections a few of them."""
        rows = [row for row in self.rows if row["kind"] == "agreement"]
        rows.sort(key=lambda row: place_of(row["since"], row["at_latest"]), reverse=True)
        rows.sort(key=lambda row: row["role"] != "in force")
        whole = "agreements" in self.plan.sections or self.labels.flat
        shown = rows if whole or len(rows) == _FEW + 1 else rows[:_FEW]
        left = len(rows) - len(shown)
        more = [f"{left} more: {self._command('--agreements')}"] if left else []
        lines = [self._agreement(row, whole) for row in shown]
        if lines:
            yield self._block("agreements", _AGREEMENTS, lines, f"Agreements ({len(rows)})", more)

    def clauses(self) -> Iterator[Block]:
        """What agreements and caps bind to; beside other sections their number."""
        rows = [row for row in self.rows if row["kind"] == "clause"]
        if not rows:
            return
        of = f" of kind {self.plan.kind}" if self.plan.kind else ""
        heading = f"Clauses{of} ({len(rows)}, of which {self._in_force(rows)} in force)"
        if "clauses" not in self.plan.sections and not self.labels.flat:
            kinds = Counter(row["role"] or "" for row in rows).most_common(1)
            more = f"{self._command('--clauses')} [--kind {kinds[0][0]}]"
            yield Block((), (), f"{heading}: {more}")
            return
        if self.labels.flat:
            yield self._block("clauses", _CLAUSES, list(map(self._clause, rows)), heading)
            return
        yield Block((), (), heading)
        for agreement, group in groupby(rows, lambda row: row.get("agreement")):
            found = list(group)
            lines = list(map(self._clause, found))
            of = self.labels.title("agreement", agreement) if agreement else "Of no agreement"
            binds = agreement is None or steps_in_force(self.labels.view, agreement)
            survives = any(row.get("status") == SURVIVES for row in found)
            of += ", ended" if survives else "" if binds else ", not in force"
            yield self._block("clauses", _CLAUSES, lines, of)

    def offices_not_known(self) -> Iterator[str]:
        """The offices of which only claims tell."""
        if "officers" not in (self.plan.sections or SECTIONS):
            return
        held = {row["role"] for row in self.rows}
        facts = self.labels.view.about(f"subject:{self.plan.company}", types=("claim-recorded",))
        claimed = Counter(
            fact.need("attribute").replace("-", " ").removeprefix("board ")
            for fact in facts.certain
        )
        for office in _OFFICES:
            if (number := claimed[office]) and office not in held:
                speak = "1 claim speaks" if number == 1 else f"{number} claims speak"
                claims = self.labels.command(f"claims {self.plan.company}")
                yield f"Not known: {office}; {speak} of it: {claims}"

    def _command(self, option: str) -> str:
        return self.labels.command(f"governance {self.plan.company} {option}")

    def _block(
        self,
        section: str,
        columns: Sequence[Column],
        lines: Sequence[Line],
        heading: str,
        closing: Sequence[str] = (),
    ) -> Block:
        if self.labels.flat:
            right = ("%", "events")
            columns = [Column(h, "right" if h in right else "left") for h in _FLAT[section]]
        return Block(columns, lines, heading, closing, headed=section == "clauses")

    def _since(self, row: GovernanceRow) -> str:
        """From when, how well that is known, and until when."""
        sign = self.labels.marks.sign(row["standing"])
        until = f"until {date_words(row['until'])}" if row["until"] else ""
        return joined(sign, dated(row["since"], row["at_latest"]), until)

    def _placed(self, seats: Sequence[GovernanceRow]) -> Iterator[tuple[GovernanceRow, str]]:
        """Each seat with whose it is, and which of how many."""
        rights = Counter(map(_right, seats))
        place = Counter[tuple[str | None, ...]]()
        for row in seats:
            right = _right(row)
            place[right] += 1
            many = rights[right] > 1 and "terms" not in row
            of = f" ({place[right]} of {rights[right]})" if many else ""
            yield row, f"{self._whose(row)}{of}{', by steps' if 'terms' in row else ''}"

    def _whose(self, row: GovernanceRow) -> str:
        """Whose seat it is: a party's, or of who holds a class."""
        of_class = row.get("holders_of")
        party = self.labels.short("party", row["party"]) if row["party"] else ""
        if of_class is None:
            return party
        held = f"whoever holds {self.labels.short('class', of_class)}"
        return f"{held}, now {party}" if party else held

    def _director(self, row: GovernanceRow, place: str | None) -> Line:
        person, party = row["person"], row["party"]
        vacant, role = row["kind"] == "seat", row["role"] or "director"
        name = self.labels.name("party", person)
        if person is None:
            name = "nobody known" if vacant else "name not known"
        seat = f"seat of {place}" if place else ""
        seat = ", ".join(filter(None, (seat, row.get("status"))))
        if place is None and party is not None:
            seat = f"nominated by {self.labels.short('party', party)}"
        if self.labels.flat:
            since, until = dated(row["since"], row["at_latest"]), date_words(row["until"])
            cells = (name, person or UNKNOWN, role, since, until, seat or UNKNOWN)
            return Line((*cells, *self._evidence(row)))
        since = "" if vacant else self._since(row)
        role = self._office(role, person)
        return Line((name, person or "", role, since, seat, *self._evidence(row)))

    def _office(self, role: str, person: str | None) -> str:
        """An office, which leads to why a person holds it."""
        return self.labels.figure(role, "seats", self.plan.company, person) if person else role

    def _rights(self, seats: Sequence[GovernanceRow]) -> Iterator[str]:
        rights = Counter(map(_right, seats))
        for row in {_right(row): row for row in reversed(seats)}.values():
            number, since = rights[_right(row)], self._granted(row)
            seat = {"chair": "chair's seat", "observer": "observer's seat"}.get(
                row["role"] or "", "seat"
            )
            count = f"1 {seat}" if number == 1 else f"{number} {seat}s"
            if "terms" in row:
                count = f"seats {self.labels.read(row['terms'])}"
            whose = self._whose(row)
            yield f"{whose[:1].upper()}{whose[1:]} has a right to {count} since {since}."

    def _granted(self, row: GovernanceRow) -> str:
        """From when there is a right to a seat, and from when to as many as there are."""
        since = dated(row["since"], row["at_latest"])
        found = (self.labels.fact(key) for key in row["events"])
        changes = [fact for fact in found if fact and fact.type in _SEATS]
        if len(changes) < 2:
            return since
        return f"{since}, to so many since {dated(changes[-1].since, changes[-1].at_latest)}"

    def _agreement(self, row: GovernanceRow, whole: bool) -> Line:
        id, status = row.get("agreement") or "", row["role"] or UNKNOWN
        others = [party for party in row.get("parties", []) if party != self.plan.company]
        names = listed(self.labels.short("party", party) for party in others)
        title = self.labels.linked("agreement", id or None, row.get("title") or id)
        if self.labels.flat:
            since = dated(row["since"], row["at_latest"])
            return Line((title, id, status, since, names, *self._evidence(row)))
        if len(others) > 1 and not whole:
            names = f"{len(others)} others"
        return Line((status, self._since(row), title, id, names, *self._evidence(row)))

    def _clause(self, row: GovernanceRow) -> Line:
        labels, agreement = self.labels, row.get("agreement")
        kind = row["role"] or UNKNOWN
        issuer, text = labels.short("party", row.get("issuer")), row.get("text") or ""
        cells = (kind, labels.short("party", row["party"]), row.get("percent") or UNKNOWN, issuer)
        if labels.flat:
            title = labels.name("agreement", agreement)
            since = dated(row["since"], row["at_latest"])
            ids = agreement or UNKNOWN, row.get("clause") or UNKNOWN
            told = (row.get("status") or UNKNOWN, labels.read(row.get("terms") or UNKNOWN))
            return Line((*cells, title, *ids, since, *self._evidence(row), text or UNKNOWN, *told))
        terms = labels.read(row["terms"]) if "terms" in row else ""
        under = [", ".join(filter(None, (row.get("status"), text))), terms]
        return Line((*cells, self._since(row), *self._evidence(row)), list(filter(None, under)))

    def _evidence(self, row: GovernanceRow) -> tuple[str, str]:
        return row["standing"], self.labels.evidence(row["events"])

    def _in_force(self, rows: Sequence[GovernanceRow]) -> int:
        """How many clauses bind: those in force or that survive, and caps that rest on none."""
        found = {row.get("agreement") for row in rows} - {None}
        binding = {one for one in found if one and steps_in_force(self.labels.view, one)}
        of_agreements = (r for r in rows if "clause" in r and "status" not in r)
        others = sum("clause" not in row or row.get("status") == SURVIVES for row in rows)
        return others + sum(row.get("agreement") in binding for row in of_agreements)


def _right(row: GovernanceRow) -> tuple[str | None, ...]:
    """What tells the right to a seat from others: whose it is, by which class, to which seat."""
    return row["party"], row.get("holders_of"), row["role"]


def _office(row: GovernanceRow) -> str:
    """An office, and whether its holder may sign for the company."""
    powers = {"alone": "signs alone", "jointly": "signs jointly", "no": "does not sign"}
    power = powers.get(row.get("signs") or "")
    return ", ".join(filter(None, (row["role"] or UNKNOWN, power)))
