"""Every question as a method, written from the classes by docs/generate.py."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, overload

from cli.notebook import rows
from cli.notebook.answers import Checked, Differences, Explanation, Graph, Picture, Rows
from cli.notebook.asked import Asks, Instant, Limits, Number, Supposed, When

# fmt: off


class Questions(Asks):
    """A question each."""

    @overload
    def holdings(self, issuer: str | None = None, *, holder: str | None = None, digits: int = 2,
        range: bool = False, beneficial: bool = False, indirect: Literal[True],
        evidence: bool = False, as_of: When | None = None, known_by: When | None = None,
        recorded_by: Instant | None = None,
        standing: Literal["official", "reported", "any"] = "any", policy: str = "standing",
        with_: Supposed = (), without: str | Sequence[str] = ()) -> Rows[rows.IndirectRow]: ...

    @overload
    def holdings(self, issuer: str | None = None, *, holder: str | None = None, digits: int = 2,
        range: bool = False, beneficial: bool = False, indirect: Literal[False] = False,
        evidence: bool = False, as_of: When | None = None, known_by: When | None = None,
        recorded_by: Instant | None = None,
        standing: Literal["official", "reported", "any"] = "any", policy: str = "standing",
        with_: Supposed = (), without: str | Sequence[str] = ()) -> Rows[rows.HoldingRow]: ...

    def holdings(self, issuer: str | None = None, *, holder: str | None = None, digits: int = 2,
        range: bool = False, beneficial: bool = False, indirect: bool = False,
        evidence: bool = False, as_of: When | None = None, known_by: When | None = None,
        recorded_by: Instant | None = None,
        standing: Literal["official", "reported", "any"] = "any", policy: str = "standing",
        with_: Supposed = (), without: str | Sequence[str] = ()) -> Rows[Any]:
        """Who holds what: in `issuer`, of a holder, or in everything."""
        given = locals()
        return self._rows("holdings", given, rows.HoldingRow, indirect=rows.IndirectRow)

    @overload
    def votes(self, issuer: str, *, digits: int = 2, range: bool = False, lots: Literal[True],
        classes: Literal[False] = False, totals: Literal[False] = False, monthly: bool = False,
        from_: When | None = None, to: When | None = None, law: str | None = None,
        as_of: When | None = None, known_by: When | None = None,
        recorded_by: Instant | None = None,
        standing: Literal["official", "reported", "any"] = "any", policy: str = "standing",
        with_: Supposed = (), without: str | Sequence[str] = ()) -> Rows[rows.LotRow]: ...

    @overload
    def votes(self, issuer: str, *, digits: int = 2, range: bool = False,
        lots: Literal[False] = False, classes: Literal[True], totals: Literal[False] = False,
        monthly: bool = False, from_: When | None = None, to: When | None = None,
        law: str | None = None, as_of: When | None = None, known_by: When | None = None,
        recorded_by: Instant | None = None,
        standing: Literal["official", "reported", "any"] = "any", policy: str = "standing",
        with_: Supposed = (), without: str | Sequence[str] = ()) -> Rows[rows.ClassVoteRow]: ...

    @overload
    def votes(self, issuer: str, *, digits: int = 2, range: bool = False,
        lots: Literal[False] = False, classes: Literal[False] = False, totals: Literal[True],
        monthly: bool = False, from_: When | None = None, to: When | None = None,
        law: str | None = None, as_of: When | None = None, known_by: When | None = None,
        recorded_by: Instant | None = None,
        standing: Literal["official", "reported", "any"] = "any", policy: str = "standing",
        with_: Supposed = (), without: str | Sequence[str] = ()) -> Rows[rows.TotalRow]: ...

    @overload
    def votes(self, issuer: str, *, digits: int = 2, range: bool = False,
        lots: Literal[False] = False, classes: Literal[False] = False,
        totals: Literal[False] = False, monthly: bool = False, from_: When | None = None,
        to: When | None = None, law: str | None = None, as_of: When | None = None,
        known_by: When | None = None, recorded_by: Instant | None = None,
        standing: Literal["official", "reported", "any"] = "any", policy: str = "standing",
        with_: Supposed = (), without: str | Sequence[str] = ()) -> Rows[rows.VoteRow]: ...

    def votes(self, issuer: str, *, digits: int = 2, range: bool = False, lots: bool = False,
        classes: bool = False, totals: bool = False, monthly: bool = False,
        from_: When | None = None, to: When | None = None, law: str | None = None,
        as_of: When | None = None, known_by: When | None = None,
        recorded_by: Instant | None = None,
        standing: Literal["official", "reported", "any"] = "any", policy: str = "standing",
        with_: Supposed = (), without: str | Sequence[str] = ()) -> Rows[Any]:
        """Who can vote what in `issuer`, with the reason for every reduction."""
        given = locals()
        return self._rows("votes", given, rows.VoteRow, lots=rows.LotRow,
            classes=rows.ClassVoteRow, totals=rows.TotalRow)

    def diluted(self, issuer: str, *, digits: int = 2, detail: bool = False,
        as_of: When | None = None, known_by: When | None = None,
        recorded_by: Instant | None = None,
        standing: Literal["official", "reported", "any"] = "any", policy: str = "standing",
        with_: Supposed = (), without: str | Sequence[str] = ()) -> Rows[rows.DilutedRow]:
        """Who would hold what of `issuer` if all that may become shares did so."""
        given = locals()
        return self._rows("diluted", given, rows.DilutedRow)

    def rights(self, subject: str, *, holder: str | None = None, matter: str | None = None,
        as_of: When | None = None, known_by: When | None = None,
        recorded_by: Instant | None = None,
        standing: Literal["official", "reported", "any"] = "any", policy: str = "standing",
        with_: Supposed = (), without: str | Sequence[str] = ()) -> Rows[rows.RightRow]:
        """Rights in shares of ISSUER: pledges, usufructs, nominees, custody, loans, proxies."""
        given = locals()
        return self._rows("rights", given, rows.RightRow)

    def graph(self, party: str, *, depth: int | None = None, min: Number | None = None,
        group: Literal["open", "closed"] = "open", max_nodes: int = 150, as_of: When | None = None,
        known_by: When | None = None, recorded_by: Instant | None = None,
        standing: Literal["official", "reported", "any"] = "any", policy: str = "standing",
        with_: Supposed = (), without: str | Sequence[str] = ()) -> Graph:
        """Who has what of whom around `party`: all above it, and all below."""
        given = locals()
        return self._graph("graph", given)

    def graph_between(self, party: str, *, depth: int | None = None,
        group: Literal["open", "closed"] = "open", before: Limits | None = None,
        after: Limits | None = None, max_nodes: int = 150, as_of: When | None = None,
        known_by: When | None = None, recorded_by: Instant | None = None,
        standing: Literal["official", "reported", "any"] = "any", policy: str = "standing",
        with_: Supposed = (), without: str | Sequence[str] = ()) -> Picture:
        """Who has what of whom around `party`: all above it, and all below."""
        given = locals()
        return self._picture("graph_between", given)

    @overload
    def group(self, company: str | None = None, *, all: Literal[True], law: str | None = None,
        for_: Literal["accounting", "takeover-law", "disclosure-law", "agreement"] | None = None,
        over_time: bool = False, digits: int = 2, as_of: When | None = None,
        known_by: When | None = None, recorded_by: Instant | None = None,
        standing: Literal["official", "reported", "any"] = "any", policy: str = "standing",
        with_: Supposed = (), without: str | Sequence[str] = ()) -> Rows[rows.ControlRow]: ...

    @overload
    def group(self, company: str | None = None, *, all: Literal[False] = False,
        law: str | None = None, for_: Literal["accounting", "takeover-law", "disclosure-law",
        "agreement"] | None = None, over_time: bool = False, digits: int = 2,
        as_of: When | None = None, known_by: When | None = None,
        recorded_by: Instant | None = None,
        standing: Literal["official", "reported", "any"] = "any", policy: str = "standing",
        with_: Supposed = (), without: str | Sequence[str] = ()) -> Rows[rows.GroupRow]: ...

    def group(self, company: str | None = None, *, all: bool = False, law: str | None = None,
        for_: Literal["accounting", "takeover-law", "disclosure-law", "agreement"] | None = None,
        over_time: bool = False, digits: int = 2, as_of: When | None = None,
        known_by: When | None = None, recorded_by: Instant | None = None,
        standing: Literal["official", "reported", "any"] = "any", policy: str = "standing",
        with_: Supposed = (), without: str | Sequence[str] = ()) -> Rows[Any]:
        """Who controls `company`, and what `company` controls, directly or through others."""
        given = locals()
        return self._rows("group", given, rows.GroupRow, all=rows.ControlRow)

    @overload
    def owners(self, company: str | None = None, *, all: Literal[True],
        rule: Literal["economic", "amlr", "amld", "psc", "ofac"] = "economic",
        blocked: str | Sequence[str] = (), at: Number | None = None, digits: int = 4,
        as_of: When | None = None, known_by: When | None = None,
        recorded_by: Instant | None = None,
        standing: Literal["official", "reported", "any"] = "any", policy: str = "standing",
        with_: Supposed = (), without: str | Sequence[str] = ()) -> Rows[rows.EconomicRow]: ...

    @overload
    def owners(self, company: str | None = None, *, all: Literal[False] = False,
        rule: Literal["economic", "amlr", "amld", "psc", "ofac"] = "economic",
        blocked: str | Sequence[str] = (), at: Number | None = None, digits: int = 4,
        as_of: When | None = None, known_by: When | None = None,
        recorded_by: Instant | None = None,
        standing: Literal["official", "reported", "any"] = "any", policy: str = "standing",
        with_: Supposed = (), without: str | Sequence[str] = ()) -> Rows[rows.OwnerRow]: ...

    def owners(self, company: str | None = None, *, all: bool = False,
        rule: Literal["economic", "amlr", "amld", "psc", "ofac"] = "economic",
        blocked: str | Sequence[str] = (), at: Number | None = None, digits: int = 4,
        as_of: When | None = None, known_by: When | None = None,
        recorded_by: Instant | None = None,
        standing: Literal["official", "reported", "any"] = "any", policy: str = "standing",
        with_: Supposed = (), without: str | Sequence[str] = ()) -> Rows[Any]:
        """Who owns `company` in the end, by a rule that is always named, since when and until
        when."""
        given = locals()
        return self._rows("owners", given, rows.OwnerRow, all=rows.EconomicRow)

    def power(self, issuer: str, *, quota: Number = "50%+1",
        rest: Literal["absent", "block", "listed"] = "absent", top: int | None = None,
        digits: int = 2, as_of: When | None = None, known_by: When | None = None,
        recorded_by: Instant | None = None,
        standing: Literal["official", "reported", "any"] = "any", policy: str = "standing",
        with_: Supposed = (), without: str | Sequence[str] = ()) -> Rows[rows.PowerRow]:
        """Who decides in `issuer`: in how many coalitions of votes each holder turns the vote."""
        given = locals()
        return self._rows("power", given, rows.PowerRow)

    def radar(self, issuer: str, *, holder: str | None = None, from_: When | None = None,
        to: When | None = None, rule: str | Sequence[str] = (), rules: str | Path | None = None,
        calendar: str | Path | None = None, distance: bool = False, as_of: When | None = None,
        known_by: When | None = None, recorded_by: Instant | None = None,
        standing: Literal["official", "reported", "any"] = "any", policy: str = "standing",
        with_: Supposed = (), without: str | Sequence[str] = ()) -> Rows[rows.RadarRow]:
        """The thresholds that holders of `issuer` crossed, and the notices due for it."""
        given = locals()
        return self._rows("radar", given, rows.RadarRow)

    def governance(self, company: str, *, board: bool = False, officers: bool = False,
        agreements: bool = False, clauses: bool = False, kind: str | None = None,
        as_of: When | None = None, known_by: When | None = None,
        recorded_by: Instant | None = None,
        standing: Literal["official", "reported", "any"] = "any", policy: str = "standing",
        with_: Supposed = (), without: str | Sequence[str] = ()) -> Rows[rows.GovernanceRow]:
        """The board, officers, agreements and clauses in force of `company`."""
        given = locals()
        return self._rows("governance", given, rows.GovernanceRow)

    def meetings(self, company: str, *, as_of: When | None = None, known_by: When | None = None,
        recorded_by: Instant | None = None,
        standing: Literal["official", "reported", "any"] = "any", policy: str = "standing",
        with_: Supposed = (), without: str | Sequence[str] = ()) -> Rows[rows.MeetingRow]:
        """The meetings of `company`, called and held, and its resolutions with their votes."""
        given = locals()
        return self._rows("meetings", given, rows.MeetingRow)

    def deals(self, deal: str | None = None, *, limit: int | None = None, after: str | None = None,
        as_of: When | None = None, known_by: When | None = None,
        recorded_by: Instant | None = None,
        standing: Literal["official", "reported", "any"] = "any", policy: str = "standing",
        with_: Supposed = (), without: str | Sequence[str] = ()) -> Rows[rows.DealRow]:
        """Deals, investments, offerings, milestones and projects, with the status their steps
        give."""
        given = locals()
        return self._rows("deals", given, rows.DealRow)

    def offer(self, offer: str, *, as_of: When | None = None, known_by: When | None = None,
        recorded_by: Instant | None = None,
        standing: Literal["official", "reported", "any"] = "any", policy: str = "standing",
        with_: Supposed = (), without: str | Sequence[str] = ()) -> Rows[rows.OfferRow]:
        """Who accepted `offer` for how much, what of it is taken, and what has moved so far."""
        given = locals()
        return self._rows("offer", given, rows.OfferRow)

    def pending(self, subject: str | None = None, *, limit: int | None = None,
        after: str | None = None, as_of: When | None = None, known_by: When | None = None,
        recorded_by: Instant | None = None,
        standing: Literal["official", "reported", "any"] = "any", policy: str = "standing",
        with_: Supposed = (), without: str | Sequence[str] = ()) -> Rows[rows.DealRow]:
        """What is announced but not done: open deals and plans, and dated events still to come."""
        given = locals()
        return self._rows("pending", given, rows.DealRow)

    def dividends(self, subject: str | None = None, *, as_of: When | None = None,
        known_by: When | None = None, recorded_by: Instant | None = None,
        standing: Literal["official", "reported", "any"] = "any", policy: str = "standing",
        with_: Supposed = (), without: str | Sequence[str] = ()) -> Rows[rows.DividendRow]:
        """What each holder is due of the dividends of `subject`, an issuer or a share class."""
        given = locals()
        return self._rows("dividends", given, rows.DividendRow)

    def breaches(self, agreement: str | None = None, *, as_of: When | None = None,
        known_by: When | None = None, recorded_by: Instant | None = None,
        standing: Literal["official", "reported", "any"] = "any", policy: str = "standing",
        with_: Supposed = (), without: str | Sequence[str] = ()) -> Rows[rows.BreachRow]:
        """When clauses were broken: of `agreement`, or of all agreements."""
        given = locals()
        return self._rows("breaches", given, rows.BreachRow)

    def claims(self, subject: str, *, as_of: When | None = None, known_by: When | None = None,
        recorded_by: Instant | None = None,
        standing: Literal["official", "reported", "any"] = "any", policy: str = "standing",
        with_: Supposed = (), without: str | Sequence[str] = ()) -> Rows[rows.ClaimRow]:
        """What sources say of `subject`: attributes that have no event type of their own."""
        given = locals()
        return self._rows("claims", given, rows.ClaimRow)

    def timeline(self, subject: str | None = None, *, limit: int = 1000, oldest: bool = False,
        after: str | None = None, before: str | None = None,
        kind: str | Sequence[Literal["parties", "relationships", "sources", "capital", "register",
        "dividends", "votes", "disclosures", "trusts", "rights", "instruments", "offers", "deals",
        "investments", "offerings", "agreements", "conditions", "proceedings", "projects", "board",
        "meetings", "claims", "local", "corrections", "keys"]] = (), from_: When | None = None,
        to: When | None = None, as_of: When | None = None, known_by: When | None = None,
        recorded_by: Instant | None = None,
        standing: Literal["official", "reported", "any"] = "any", policy: str = "standing",
        with_: Supposed = (), without: str | Sequence[str] = ()) -> Rows[rows.EventRow]:
        """The events at a cut, in the order in which they took effect."""
        given = locals()
        return self._rows("timeline", given, rows.EventRow)

    def parties(self, text: str | None = None, *, limit: int | None = None,
        after: str | None = None, as_of: When | None = None, known_by: When | None = None,
        recorded_by: Instant | None = None,
        standing: Literal["official", "reported", "any"] = "any", policy: str = "standing",
        with_: Supposed = (), without: str | Sequence[str] = ()) -> Rows[rows.PartyRow]:
        """Who is recorded: companies, persons, trusts, states, with their names and roles."""
        given = locals()
        return self._rows("parties", given, rows.PartyRow)

    def classes(self, issuer: str | None = None, *, limit: int | None = None,
        after: str | None = None, as_of: When | None = None, known_by: When | None = None,
        recorded_by: Instant | None = None,
        standing: Literal["official", "reported", "any"] = "any", policy: str = "standing",
        with_: Supposed = (), without: str | Sequence[str] = ()) -> Rows[rows.ClassRow]:
        """The share classes of `issuer`, or of everybody, with votes and what is issued."""
        given = locals()
        return self._rows("classes", given, rows.ClassRow)

    def sources(self, text: str | None = None, *, limit: int | None = None,
        after: str | None = None, as_of: When | None = None, known_by: When | None = None,
        recorded_by: Instant | None = None,
        standing: Literal["official", "reported", "any"] = "any", policy: str = "standing",
        with_: Supposed = (), without: str | Sequence[str] = ()) -> Rows[rows.SourceEntryRow]:
        """The documents that events cite: title, publisher, publication date, and how often."""
        given = locals()
        return self._rows("sources", given, rows.SourceEntryRow)

    def show(self, event: str, *, as_of: When | None = None, known_by: When | None = None,
        recorded_by: Instant | None = None,
        standing: Literal["official", "reported", "any"] = "any", policy: str = "standing",
        with_: Supposed = (), without: str | Sequence[str] = ()) -> Rows[rows.WholeEventRow]:
        """One event whole: `event` is its key, its position (as '#12' or 12) or its id."""
        given = locals()
        return self._rows("show", given, rows.WholeEventRow)

    def check(self, *, as_of: When | None = None, known_by: When | None = None,
        recorded_by: Instant | None = None,
        standing: Literal["official", "reported", "any"] = "any", policy: str = "standing",
        with_: Supposed = (), without: str | Sequence[str] = ()) -> Checked:
        """Whether the record agrees with itself: every disclosure, and what must always hold."""
        given = locals()
        return self._checked("check", given)

    def conflicts(self, subject: str | None = None, *, limit: int | None = None,
        after: str | None = None, as_of: When | None = None, known_by: When | None = None,
        recorded_by: Instant | None = None,
        standing: Literal["official", "reported", "any"] = "any", policy: str = "standing",
        with_: Supposed = (), without: str | Sequence[str] = ()) -> Rows[rows.ConflictRow]:
        """What is recorded that cannot all be true, in all or where it speaks of `subject`."""
        given = locals()
        return self._rows("conflicts", given, rows.ConflictRow)

    def search(self, text: str, *, limit: int | None = None, as_of: When | None = None,
        known_by: When | None = None, recorded_by: Instant | None = None,
        standing: Literal["official", "reported", "any"] = "any", policy: str = "standing",
        with_: Supposed = (), without: str | Sequence[str] = ()) -> Rows[rows.SearchRow]:
        """Where the words of `text` stand: in names, titles, notes, clauses and claims at the
        cut."""
        given = locals()
        return self._rows("search", given, rows.SearchRow)

    def restatements(self, subject: str | None = None, *, limit: int | None = None,
        as_of: When | None = None, known_by: When | None = None,
        recorded_by: Instant | None = None,
        standing: Literal["official", "reported", "any"] = "any",
        policy: str = "standing") -> Rows[rows.RestatementRow]:
        """What was corrected, retracted or corroborated, and what each of them changed."""
        given = locals()
        return self._rows("restatements", given, rows.RestatementRow)

    def diff(self, subject: str | None = None, *, before: Limits | None = None,
        after: Limits | None = None, as_of: When | None = None, known_by: When | None = None,
        recorded_by: Instant | None = None,
        standing: Literal["official", "reported", "any"] = "any", policy: str = "standing",
        with_: Supposed = (), without: str | Sequence[str] = ()) -> Differences:
        """Two points in time side by side: what is added, gone or changed."""
        given = locals()
        return self._differences("diff", given)

    def explain_holdings(self, issuer: str, holder: str, *, digits: int = 2,
        not_yet_known: bool = False, as_of: When | None = None, known_by: When | None = None,
        recorded_by: Instant | None = None,
        standing: Literal["official", "reported", "any"] = "any", policy: str = "standing",
        with_: Supposed = (), without: str | Sequence[str] = ()) -> Explanation[rows.HoldingRow]:
        """What, in `issuer`, `holder` holds in its own name and in trust, and why."""
        given = locals()
        return self._explained("explain_holdings", given, rows.HoldingRow)

    def explain_votes(self, issuer: str, holder: str, *, digits: int = 2,
        not_yet_known: bool = False, as_of: When | None = None, known_by: When | None = None,
        recorded_by: Instant | None = None,
        standing: Literal["official", "reported", "any"] = "any", policy: str = "standing",
        with_: Supposed = (), without: str | Sequence[str] = ()) -> Explanation[rows.VoteRow]:
        """What, in `issuer`, `holder` can vote, and each reduction on the way."""
        given = locals()
        return self._explained("explain_votes", given, rows.VoteRow)

    def explain_seats(self, company: str, party: str, *, not_yet_known: bool = False,
        as_of: When | None = None, known_by: When | None = None,
        recorded_by: Instant | None = None,
        standing: Literal["official", "reported", "any"] = "any", policy: str = "standing",
        with_: Supposed = (),
        without: str | Sequence[str] = ()) -> Explanation[rows.GovernanceRow]:
        """Who, on the board of `company`, sits for `party`, and by what right."""
        given = locals()
        return self._explained("explain_seats", given, rows.GovernanceRow)

    def explain_indirect(self, holder: str, issuer: str, *, digits: int = 4,
        not_yet_known: bool = False, as_of: When | None = None, known_by: When | None = None,
        recorded_by: Instant | None = None,
        standing: Literal["official", "reported", "any"] = "any", policy: str = "standing",
        with_: Supposed = (), without: str | Sequence[str] = ()) -> Explanation[rows.IndirectRow]:
        """What `holder` has of `issuer` through others: every chain, and what loops add."""
        given = locals()
        return self._explained("explain_indirect", given, rows.IndirectRow)

    def explain_control(self, company: str, *, law: str | None = None, digits: int = 2,
        not_yet_known: bool = False, as_of: When | None = None, known_by: When | None = None,
        recorded_by: Instant | None = None,
        standing: Literal["official", "reported", "any"] = "any", policy: str = "standing",
        with_: Supposed = (), without: str | Sequence[str] = ()) -> Explanation[rows.GroupRow]:
        """Who controls `company` and what it controls: by which rule, in which round, with which
        votes."""
        given = locals()
        return self._explained("explain_control", given, rows.GroupRow)

    def explain_deal(self, deal: str, *, not_yet_known: bool = False, as_of: When | None = None,
        known_by: When | None = None, recorded_by: Instant | None = None,
        standing: Literal["official", "reported", "any"] = "any", policy: str = "standing",
        with_: Supposed = (), without: str | Sequence[str] = ()) -> Explanation[rows.DealRow]:
        """The status of `deal`, and the steps that gave it."""
        given = locals()
        return self._explained("explain_deal", given, rows.DealRow)

    def explain_investment(self, investment: str, *, not_yet_known: bool = False,
        as_of: When | None = None, known_by: When | None = None,
        recorded_by: Instant | None = None,
        standing: Literal["official", "reported", "any"] = "any", policy: str = "standing",
        with_: Supposed = (), without: str | Sequence[str] = ()) -> Explanation[rows.DealRow]:
        """What is committed to `investment` and paid into it, each commitment once."""
        given = locals()
        return self._explained("explain_investment", given, rows.DealRow)

    def explain_offering(self, offering: str, *, not_yet_known: bool = False,
        as_of: When | None = None, known_by: When | None = None,
        recorded_by: Instant | None = None,
        standing: Literal["official", "reported", "any"] = "any", policy: str = "standing",
        with_: Supposed = (), without: str | Sequence[str] = ()) -> Explanation[rows.DealRow]:
        """The status of `offering`, and the steps that gave it."""
        given = locals()
        return self._explained("explain_offering", given, rows.DealRow)

    def explain_offer(self, offer: str, *, not_yet_known: bool = False, as_of: When | None = None,
        known_by: When | None = None, recorded_by: Instant | None = None,
        standing: Literal["official", "reported", "any"] = "any", policy: str = "standing",
        with_: Supposed = (), without: str | Sequence[str] = ()) -> Explanation[rows.DealRow]:
        """The status of `offer`, and the steps that gave it, earlier terms too."""
        given = locals()
        return self._explained("explain_offer", given, rows.DealRow)

    def explain_radar(self, issuer: str, holder: str, *, on: When | None = None,
        rule: str | Sequence[str] = (), rules: str | Path | None = None,
        calendar: str | Path | None = None, not_yet_known: bool = False, as_of: When | None = None,
        known_by: When | None = None, recorded_by: Instant | None = None,
        standing: Literal["official", "reported", "any"] = "any", policy: str = "standing",
        with_: Supposed = (), without: str | Sequence[str] = ()) -> Explanation[rows.RadarRow]:
        """Why `holder` crossed thresholds in `issuer`, when a notice was due, and what became of
        it."""
        given = locals()
        return self._explained("explain_radar", given, rows.RadarRow)

    def explain_breach(self, agreement: str, clause: str | None = None, *, on: When | None = None,
        not_yet_known: bool = False, as_of: When | None = None, known_by: When | None = None,
        recorded_by: Instant | None = None,
        standing: Literal["official", "reported", "any"] = "any", policy: str = "standing",
        with_: Supposed = (), without: str | Sequence[str] = ()) -> Explanation[rows.BreachRow]:
        """Why clauses of `agreement`, or its `clause`, were broken, from when and until when."""
        given = locals()
        return self._explained("explain_breach", given, rows.BreachRow)
