"""Deals and agreements: talks, terms, signatures, what is in force, and expected milestones."""

from typing import Literal

from ledger.events import fields as f
from ledger.events import parts as p
from ledger.events.base import Event

Form = Literal["agreement", "articles", "charter", "bylaws", "side-letter", "law", "court-order"]
Binds = Literal["signatories", "members", "holders-of-class"]


class DealStep(Event):
    """Base of the steps that always belong to a deal."""

    deal: f.DealId


class NegotiationOpened(DealStep, type="negotiation-opened", stream="deal:{deal}", schema=2):
    """Parties say, or are said, to be negotiating."""

    sentence = "{parties} talk about {about} ({deal})"
    example = {
        "deal": "alliance-rebalancing",
        "parties": ["renault", "nissan"],
        "about": "the future of the alliance",
    }

    parties: f.Parties
    about: f.Text
    revives: f.EventKey | None = None


class DealConsidered(DealStep, type="deal-considered", stream="deal:{deal}"):
    """A deal or an agreement is explored, without talks or a decision."""

    sentence = "A deal of {parties} is considered: {about} ({deal})"
    example = {
        "deal": "corvo-delta",
        "parties": ["corvo", "delta"],
        "about": "a joint venture for batteries",
    }

    parties: f.Parties
    about: f.Text
    agreement: f.AgreementId | None = None


class TopicTabled(DealStep, type="topic-tabled", stream="deal:{deal}", schema=2):
    """A subject enters the talks."""

    sentence = "A topic is tabled in {deal}: {topic}"
    example = {"deal": "alliance-rebalancing", "topic": "structure and governance"}

    topic: f.Text


class StatementMade(DealStep, type="statement-made", stream="deal:{deal}", schema=2):
    """Somebody says something that bears on a deal, told in the recorder's words."""

    sentence = "A statement is made[ by {person}][ for {speaker}] on {deal}: {statement}"
    example = {
        "deal": "ampere-investment",
        "speaker": "nissan",
        "statement": "talks about the investment go on",
    }

    statement: f.Text
    speaker: f.PartyId | None = None
    person: f.PartyId | None = None


class TermsAgreed(DealStep, type="terms-agreed", stream="deal:{deal}", schema=2):
    """Main terms are agreed; the definitive agreements are still to be signed."""

    sentence = "{parties} agree on terms ({deal}): {terms}"
    example = {
        "deal": "alliance-rebalancing",
        "parties": ["renault", "nissan"],
        "terms": "cross-shareholdings of 15% with as many votes",
    }

    parties: f.Parties
    terms: f.Text
    exchange_class: f.ClassId | None = None
    into_class: f.ClassId | None = None
    ratio: f.Ratio | None = None
    price: f.Price | None = None


class AgreementSigned(Event, type="agreement-signed", stream="agreement:{agreement}", schema=2):
    """A binding agreement is signed; with a deal given, that deal is signed.

    Its clauses bind the signatories, unless ``binds`` says the members or the holders of a class.
    """

    sentence = "{title} is signed by {parties}"
    example = {
        "agreement": "new-alliance-agreement",
        "title": "New Alliance Agreement",
        "parties": ["renault", "nissan"],
        "clauses": [
            {
                "clause": "renault-lock-up",
                "kind": "lock-up",
                "party": "renault",
                "issuer": "nissan",
                "percent": "15",
                "text": "keeps at least 15%",
            }
        ],
    }

    agreement: f.AgreementId
    title: f.Text
    parties: f.Parties
    clauses: tuple[p.Clause, ...] = ()
    exceptions: tuple[p.ClauseException, ...] = ()
    form: Form | None = None
    binds: Binds | None = None
    of_class: f.ClassId | None = None
    until: f.AwaitedDate | None = None
    exchange_class: f.ClassId | None = None
    into_class: f.ClassId | None = None
    ratio: f.Ratio | None = None


class AgreementInForce(Event, type="agreement-in-force", stream="agreement:{agreement}", schema=2):
    """An agreement takes effect; articles, a charter or a law may be in force without signature.

    After an end that is contested or undone, ``revives`` names the end.
    """

    sentence = "{agreement} enters into force"
    example = {"agreement": "new-alliance-agreement"}

    agreement: f.AgreementId
    title: f.Text | None = None
    parties: tuple[f.PartyId, ...] = ()
    clauses: tuple[p.Clause, ...] = ()
    exceptions: tuple[p.ClauseException, ...] = ()
    form: Form | None = None
    binds: Binds | None = None
    of_class: f.ClassId | None = None
    of: f.PartyId | None = None
    until: f.AwaitedDate | None = None
    revives: f.EventKey | None = None
    restores: f.YesNo | None = None


class AgreementAmended(Event, type="agreement-amended", stream="agreement:{agreement}", schema=2):
    """Clauses are replaced (by their id, with their exceptions), added or dropped."""

    sentence = "{agreement} is amended[: {summary}]"
    example = {
        "agreement": "new-alliance-agreement",
        "clauses": [
            {
                "clause": "renault-lock-up",
                "kind": "lock-up",
                "party": "renault",
                "issuer": "nissan",
                "percent": "10",
                "text": "keeps at least 10%",
            }
        ],
        "dropped_clauses": ["renault-standstill"],
    }

    agreement: f.AgreementId
    clauses: tuple[p.Clause, ...] = ()
    exceptions: tuple[p.ClauseException, ...] = ()
    dropped_clauses: tuple[f.Word, ...] = ()
    summary: f.Text | None = None
    parties_joined: tuple[f.PartyId, ...] = ()
    parties_left: tuple[f.PartyId, ...] = ()
    until: f.AwaitedDate | None = None


class AgreementEnded(Event, type="agreement-ended", stream="agreement:{agreement}", schema=2):
    """An agreement ends: it lapses, is replaced or is terminated."""

    sentence = "{agreement} ends[: {reason}]"
    example = {"agreement": "rama", "reason": "replaced"}

    agreement: f.AgreementId
    reason: f.Text | None = None
    by: f.PartyId | None = None
    manner: (
        Literal["agreed", "expired", "completed", "decided", "replaced", "terminated"] | None
    ) = None


class MilestoneExpected(DealStep, type="milestone-expected", stream="deal:{deal}", schema=2):
    """A step is announced for a date; when the date is over, silence does not say it failed."""

    sentence = "Expected {expected_on}: {title}"
    example = {
        "deal": "alliance-rebalancing",
        "milestone": "definitive-agreements",
        "title": "definitive agreements signed",
        "expected_on": "2023-Q1",
    }

    milestone: f.MilestoneId
    title: f.Text
    expected_on: f.AwaitedDate
    met_by: f.EventReference | None = None


class MilestoneMet(DealStep, type="milestone-met", stream="deal:{deal}", schema=2):
    """An expected step has happened, in time or late."""

    sentence = "Milestone met: {milestone} ({deal})"
    example = {"deal": "alliance-rebalancing", "milestone": "definitive-agreements"}

    milestone: f.MilestoneId


class DealCompleted(DealStep, type="deal-completed", stream="deal:{deal}", schema=2):
    """A deal is carried out."""

    sentence = "The deal {deal} is completed"
    example = {"deal": "alliance-rebalancing"}

    revives: f.EventKey | None = None
    cash: f.Money | None = None
    held_back: f.Money | None = None
    escrow_until: f.AwaitedDate | None = None
    earn_out: f.Text | None = None


class DealAbandoned(DealStep, type="deal-abandoned", stream="deal:{deal}", schema=2):
    """A deal is given up."""

    sentence = "The deal {deal} is abandoned[: {reason}]"
    example = {"deal": "nissan-honda", "reason": "no agreement on the structure"}

    reason: f.Text | None = None
