"""Deals and agreements: talks, terms, signatures, what is in force, and expected milestones."""

from ledger.events import fields as f
from ledger.events.base import Event


class DealStep(Event):
    """Base of the steps that always belong to a deal."""

    deal: f.DealId


class NegotiationOpened(DealStep, type="negotiation-opened", stream="deal:{deal}"):
    """Parties say, or are said, to be negotiating."""

    sentence = "{parties} talk about {about} ({deal})"
    example = {
        "deal": "alliance-rebalancing",
        "parties": ["renault", "nissan"],
        "about": "the future of the alliance",
    }

    parties: f.Parties
    about: f.Text


class TopicTabled(DealStep, type="topic-tabled", stream="deal:{deal}"):
    """A subject enters the talks."""

    sentence = "A topic is tabled in {deal}: {topic}"
    example = {"deal": "alliance-rebalancing", "topic": "structure and governance"}

    topic: f.Text


class StatementMade(DealStep, type="statement-made", stream="deal:{deal}"):
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


class TermsAgreed(DealStep, type="terms-agreed", stream="deal:{deal}"):
    """Main terms are agreed; the definitive agreements are still to be signed."""

    sentence = "{parties} agree on terms ({deal}): {terms}"
    example = {
        "deal": "alliance-rebalancing",
        "parties": ["renault", "nissan"],
        "terms": "cross-shareholdings of 15% with as many votes",
    }

    parties: f.Parties
    terms: f.Text


class AgreementSigned(Event, type="agreement-signed", stream="agreement:{agreement}"):
    """A binding agreement is signed; with a deal given, that deal is signed."""

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
    clauses: tuple[f.Clause, ...] = ()


class AgreementInForce(Event, type="agreement-in-force", stream="agreement:{agreement}"):
    """An agreement takes effect."""

    sentence = "{agreement} enters into force"
    example = {"agreement": "new-alliance-agreement"}

    agreement: f.AgreementId


class AgreementAmended(Event, type="agreement-amended", stream="agreement:{agreement}"):
    """Clauses are replaced (by their id), added or dropped."""

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
    clauses: tuple[f.Clause, ...] = ()
    dropped_clauses: tuple[f.Word, ...] = ()
    summary: f.Text | None = None


class AgreementEnded(Event, type="agreement-ended", stream="agreement:{agreement}"):
    """An agreement ends: it lapses, is replaced or is terminated."""

    sentence = "{agreement} ends[: {reason}]"
    example = {"agreement": "rama", "reason": "replaced"}

    agreement: f.AgreementId
    reason: f.Text | None = None


class ApprovalGranted(DealStep, type="approval-granted", stream="deal:{deal}"):
    """A board, a meeting or an authority approves a step of a deal."""

    sentence = "{by} approves: {matter}"
    example = {"deal": "alliance-rebalancing", "by": "nissan", "matter": "the framework agreement"}

    by: f.PartyId
    matter: f.Text


class MilestoneExpected(DealStep, type="milestone-expected", stream="deal:{deal}"):
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
    expected_on: f.KnownDate


class MilestoneMet(DealStep, type="milestone-met", stream="deal:{deal}"):
    """An expected step has happened, in time or late."""

    sentence = "Milestone met: {milestone} ({deal})"
    example = {"deal": "alliance-rebalancing", "milestone": "definitive-agreements"}

    milestone: f.MilestoneId


class DealCompleted(DealStep, type="deal-completed", stream="deal:{deal}"):
    """A deal is carried out."""

    sentence = "The deal {deal} is completed"
    example = {"deal": "alliance-rebalancing"}


class DealAbandoned(DealStep, type="deal-abandoned", stream="deal:{deal}"):
    """A deal is given up."""

    sentence = "The deal {deal} is abandoned[: {reason}]"
    example = {"deal": "nissan-honda", "reason": "no agreement on the structure"}

    reason: f.Text | None = None
