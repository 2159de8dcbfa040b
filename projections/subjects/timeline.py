"""Timelines and single events: the history itself, as it stands at a cut."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from heapq import nlargest, nsmallest
from itertools import chain
from sqlite3 import DatabaseError

from ledger.events.envelope import Recorded
from ledger.model.fact import Fact, Possible
from ledger.model.movements import MOVEMENTS, SIGNS
from ledger.model.posted import FoldKey
from ledger.model.subject import parse_subject
from ledger.model.threads import BY_ID, OWN_KINDS
from ledger.time.exclusions import Count, by_day_alone, excluded
from ledger.time.history import AMENDMENTS, Span, keys_like, subjects_of
from ledger.time.view import View
from ledger.time.visibility import is_known, is_visible
from ledger.values.dates import FOREVER
from ledger.values.refusals import Refusal, Refused, nearest, shown
from ledger.vocabulary.coverage import action_codes
from projections.answer import Answer, recorder, sentence
from projections.rows import EventRow, WholeEventRow
from projections.subjects.fractions import fraction_rows, fractions_note, of_event
from projections.subjects.register_at_cut import spoken_of
from projections.subjects.timeline_page import WHOLE, Found, later, page_of
from projections.subjects.trusts import TYPES as TRUSTS
from projections.subjects.trusts import posted_trusts, settled
from projections.subjects.wanted import POSTED, Wanted
from projections.told import ANY, told

SUBJECT_KINDS = ("party", "class", "source", "subject", *OWN_KINDS)
_DIVIDENDS = ("dividend-declared", "dividend-paid")
MOST_SHOWN = 1_000_000  # of a limit; heaps are not made for more
MOST_WHOLE = 5_000  # events of a ledger of which all are looked at, and counted, for a page


def timeline(
    view: View,
    subject: str | None = None,
    limit: int | None = None,
    after: str | None = None,
    before: str | None = None,
    oldest: bool = False,
    wanted: Wanted | None = None,
) -> Answer[EventRow]:
    """Every event at the cut, or those that speak of a subject, in the order of the fold.

    With ``wanted``, only those of its topics and days. At most ``limit`` events: the last ones, or
    the first ones if ``oldest`` says so or they are to come ``after`` an event; ``before`` an
    event, the last ones before it. Only those shown are kept in memory; of the whole of a large
    ledger no others are read, nor counted. Raises Refused (UNKNOWN_SUBJECT) when the event to begin
    at is not recorded, or does not stand at the cut.
    """
    wanted, forward = wanted or Wanted(), oldest or after is not None
    page = _Page(_place(view, after), _place(view, before), wanted)
    large = limit is not None and subject is None and view.history.position > MOST_WHOLE
    if large and (paged := _of_everything(view, page, forward, limit or 1)) is not None:
        return paged
    subjects, count = subjects_about(view, subject), Count(view)

    def see(recorded: Recorded) -> None:
        if wanted.of_topic(recorded.type):
            count.see(recorded)

    found = page.between(_reached(view, view.each(*subjects, looked_at=see)))
    if limit is None:
        chosen = sorted(found, key=_order)
    else:
        among = nsmallest if forward else nlargest
        chosen = sorted(among(min(limit, MOST_SHOWN), found, key=_order), key=_order)
    facts = list(_facts(view, chosen))
    answer = Answer([_row(view, fact) for fact in facts], about=[(subjects, None)])
    answer.hidden = count.found
    if wanted.of_topic(POSTED):
        answer.hidden += count.posted(subjects if subject else ["issuer:"], None)
    answer.add_possible(page.possible)
    if not page.all:
        answer.gap(_none_tells(f"of {told(ANY, subject)}" if subject else "of anything", wanted))
    elif left := page.inside - len(facts):
        when, option, at = ("later", "after", -1) if forward else ("earlier", "before", 0)
        answer.note(
            f"{len(facts)} of {page.all} events are shown, {left} {when} ones are not:"
            f" go on with --{option} {facts[at].key}."
        )
    return answer


def _of_everything(view: View, page: _Page, forward: bool, limit: int) -> Answer[EventRow] | None:
    """A page of the timeline of everything; None where no event at all is wanted, and more than the
    as-of day may leave out some."""
    span = Span(page.start or WHOLE.after, page.end or WHOLE.before, not forward)
    found = page_of(view, page.wanted, span, min(limit, MOST_SHOWN))
    whole = found if found.facts else page_of(view, page.wanted, WHOLE, 1)
    if not whole.facts:
        return _of_nothing(view, page.wanted, whole) if by_day_alone(view.cut) else None
    answer = Answer([_row(view, fact) for fact in found.facts])
    answer.add_possible(found.possible)
    if found.more:
        when, option, at = ("earlier", "before", 0) if span.newest else ("later", "after", -1)
        answer.note(
            f"{limit} events are shown, and there are {when} ones:"
            f" go on with --{option} {found.facts[at].key}."
        )
    if by_day_alone(view.cut):
        answer.hidden = later(view, page.wanted)
    else:
        answer.note("Of so many events it is not counted how many the limits leave out.")
    return answer


def _of_nothing(view: View, wanted: Wanted, whole: Found) -> Answer[EventRow]:
    """The timeline of everything where no certain event is wanted, and the as-of day alone leaves
    out any."""
    answer = Answer[EventRow](about=[(subjects_about(view, None), None)])
    answer.hidden = later(view, wanted, None)
    answer.add_possible(whole.possible)
    answer.gap(_none_tells("of anything", wanted))
    return answer


def _none_tells(what: str, wanted: Wanted) -> str:
    return f"no dated event at this cut tells {what}{wanted.words}"


def between(
    view: View, subject: str | None, first: str = "", last: str = FOREVER
) -> tuple[list[Fact], list[Possible]]:
    """The events of a timeline of some effective days, and all that are only possible."""
    page = _Page(None, None)
    found = page.between(_reached(view, view.each(*subjects_about(view, subject))))
    chosen = sorted((one for one in found if first <= _order(one)[0] <= last), key=_order)
    return list(_facts(view, chosen)), page.possible


def subjects_about(view: View, subject: str | None) -> list[str]:
    """All subjects under which the events that speak of one may be indexed; of all, without one.

    A party's are also those of its own register and of its threads, with the claims about them,
    and of the trusts that name it or hold shares in it.
    """
    if subject is not None:
        own = [f"{kind}:{subject}" for kind in SUBJECT_KINDS]
        party = view.identities.of(subject)
        return own + _of_party(view, party) if view.history.knows(f"party:{subject}") else own
    types = [f"type:{name}" for name in SIGNS]  # these are all indexed under their issuers
    others = [name for name in view.history.subjects("type:") if name not in types]
    return [*others, *view.history.subjects("issuer:")]


def _of_party(view: View, party: str) -> list[str]:
    """Where to find what happens in a party's register, threads and trusts without naming it."""
    threads, trusts = set[str](), set(_trusts_in(view, party))
    for one, _ in view.each(f"party:{party}", f"issuer:{party}"):
        if not isinstance(one, Fact):
            break  # the places of movements that can be posted, which begin no thread
        threads |= {s for s in subjects_of(one.type, one.data) if parse_subject(s).kind in BY_ID}
        trusts |= {one.need("trust")} if one.type in TRUSTS else set()
    classes = view.history.subjects(f"class:{party}/")
    claimed = [f"subject:{parse_subject(of).id}" for of in (*classes, *sorted(threads))]
    trusted = [f"party:{trust}" for trust in sorted(trusts - {party})]
    return [f"issuer:{party}", *sorted(threads), *claimed, *trusted]


def _trusts_in(view: View, issuer: str) -> Iterator[str]:
    """The trusts that have an account in the register of an issuer."""
    moved = view.unposted(f"issuer:{issuer}", MOVEMENTS).certain
    speaking = (subjects_of(f.type, f.data) for f in moved if spoken_of(f) == issuer)
    about = map(parse_subject, chain.from_iterable(speaking))
    named = {one.id for one in about if one.kind == "party"}
    yield from settled(view, named)
    for trust in settled(view, posted_trusts(view, [issuer]) - named):
        if issuer in view.registers_of(trust):
            yield trust


def _reached(
    view: View, found: Iterable[tuple[Fact | FoldKey, str]]
) -> Iterator[tuple[Fact | FoldKey, str]]:
    """What is found without amendments of events that the view may not tell of."""
    for one, why in found:
        if isinstance(one, Fact) and one.type in AMENDMENTS and not is_visible(view, one.recorded):
            continue
        yield one, why


@dataclass(slots=True)
class _Page:
    """Lets facts through that stand between two places, and counts those it sees."""

    start: FoldKey | None
    end: FoldKey | None
    wanted: Wanted = Wanted()  # noqa: RUF009 (immutable)
    all: int = 0
    inside: int = 0
    possible: list[Possible] = field(default_factory=list)

    def between(self, found: Iterable[tuple[Fact | FoldKey, str]]) -> Iterator[Fact | FoldKey]:
        """The certain facts of the page, or their places; possible ones are kept apart."""
        for one, why in found:
            if why and isinstance(one, Fact):
                if self.wanted.may_hold(one):
                    self.possible.append(Possible(one, why))
                continue
            if not self.wanted.holds(one):
                continue
            self.all += 1
            place = _order(one)
            early = self.start is not None and place <= self.start
            if not early and (self.end is None or place < self.end):
                self.inside += 1
                yield one


def _place(view: View, event: str | None) -> FoldKey | None:
    """The place of an event in the fold; None for none."""
    if event is None:
        return None
    fact = view.fact(find_event(view, event))
    if fact is None:
        raise Refused(
            Refusal.UNKNOWN_SUBJECT,
            f"{shown(event)} does not stand at this cut.",
            "Begin at an event that the timeline shows.",
        )
    return fact.order


def _order(one: Fact | FoldKey) -> FoldKey:
    return one.order if isinstance(one, Fact) else one


def _facts(view: View, found: Sequence[Fact | FoldKey]) -> Iterator[Fact]:
    """Facts of which perhaps only the places are known; DatabaseError where none stands there."""
    places = [one[2] for one in found if not isinstance(one, Fact)]
    read = {recorded.position: recorded for recorded in view.history.at_each(places)}
    for one in found:
        if isinstance(one, Fact):
            yield one
            continue
        fact = view.fact(read[one[2]]) if one[2] in read else None
        if fact is None:
            raise DatabaseError(f"the read model has #{one[2]} as posted, and it does not stand")
        yield fact


def show(view: View, event: str) -> Answer[WholeEventRow]:
    """One event whole: as it stands at the cut, as it was recorded, and what amended it.

    The event is named by its key, its position (``#12``) or its id. Raises Refused
    (UNKNOWN_SUBJECT) when the history holds no such event.
    """
    recorded = find_event(view, event)
    answer = Answer[WholeEventRow]()
    fact = view.fact(recorded)
    row: WholeEventRow = {
        "position": recorded.place,
        "id": recorded.id,
        "key": recorded.key,
        "type": recorded.type,
        "schema": recorded.before or recorded.schema,
        "stream": recorded.originator_id,
        "version": recorded.originator_version,
        "recorded_at": None if recorded.supposed else recorded.recorded_at,
        "effective_on": fact.since if fact else None,
        "at_latest": fact.at_latest if fact else None,
        "known_on": fact.known_on if fact else None,
        "standing": fact.standing if fact else recorded.data["standing"],
        "what": sentence(fact) if fact else None,
        "data": dict(fact.data) if fact else None,
        "recorded_data": dict(recorded.data),
        "amended_by": [amendment.key for amendment in view.amendments(recorded)],
        "sources": [cited.source for cited in fact.citations] if fact else [],
    }
    if recorded.actor:
        row["actor"] = dict(recorded.actor)
    reshaped = of_event(view, fact) if fact else None
    if reshaped:
        row["fractions"] = fraction_rows(reshaped)
        answer.note(fractions_note(reshaped))
    answer.rows.append(row)
    for left in excluded(view, f"key:{recorded.key}"):
        if left.fact.key == recorded.key:
            counts = "counted" if left.reason in ("repeats", "corrected") else "certain"
            stands = f"is not {counts}" if fact else "does not stand"
            answer.note(f"The event {stands} at this cut: {left.reason}, {left.why}.")
    return answer


def find_event(view: View, event: str) -> Recorded:
    """The event with a key, a position (``#12`` or ``12``) or an id.

    Raises Refused (UNKNOWN_SUBJECT) when the view's history holds no such event, or the view does
    not know it yet.
    """
    history = view.history
    event = event.encode(errors="backslashreplace").decode()
    wanted = event.removeprefix("#")
    subjects = [f"key:{event}", f"id:{wanted}"]
    if wanted.isascii() and wanted.isdigit() and len(wanted) < 19:
        subjects.insert(1, f"position:{int(wanted)}")
    for subject in subjects:
        for recorded in history.mentioning(subject):
            if is_known(view, recorded):
                return recorded
    raise Refused(
        Refusal.UNKNOWN_SUBJECT,
        f"No event {shown(event)} is recorded and known at this cut.",
        nearest(event, keys_like(history, event), lambda key: _may_tell(view, key))
        or "Give its key, its position as #12, or its id.",
    )


def _may_tell(view: View, key: str) -> bool:
    return any(is_visible(view, recorded) for recorded in view.history.mentioning(f"key:{key}"))


def _row(view: View, fact: Fact) -> EventRow:
    left_open = fact.type in _DIVIDENDS and _has_choice(view, fact)
    caev, camv = (None, None) if left_open else action_codes(fact.type, fact.data)
    return {
        "effective_on": fact.since,
        "at_latest": fact.at_latest,
        "known_on": fact.known_on,
        "recorded_at": None if fact.recorded.supposed else fact.recorded.recorded_at,
        "position": fact.recorded.place,
        "event": fact.key,
        "type": fact.type,
        "caev": caev,
        "camv": camv,
        "what": sentence(fact),
        "standing": fact.standing,
        "sources": [cited.source for cited in fact.citations],
        "amended_by": list(fact.amendments),
        **recorder(fact.recorded),
    }


def _has_choice(view: View, fact: Fact) -> bool:
    """Whether an offer lets holders choose how a dividend is paid, perhaps."""
    dividend = fact.data.get("dividend")
    if dividend is None:
        return False
    found = view.about(f"dividend:{dividend}", types=("offer-made",))
    return bool(found.certain or found.possible)
