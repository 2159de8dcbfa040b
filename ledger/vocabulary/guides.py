"""The event types by topic, each with its guide: the one table that help and search read."""

from __future__ import annotations

from typing import NamedTuple

from ledger.vocabulary import guide_deals, guide_parties, guide_shares
from ledger.vocabulary.guiding import Guide


class Topic(NamedTuple):
    """What some event types are about, in a line, and the types with their guides."""

    about: str
    guides: tuple[Guide, ...]


TOPICS: dict[str, Topic] = {
    "parties": Topic("who there is, names, details, standing in law", guide_parties.PARTIES),
    "relationships": Topic("control, concert, membership, work", guide_parties.RELATIONSHIPS),
    "sources": Topic("the documents that events cite", guide_deals.SOURCES),
    "capital": Topic("classes, their terms, limits, listing, what is paid", guide_shares.CAPITAL),
    "register": Topic("shares issued, moved, reshaped, handed out", guide_shares.REGISTER),
    "dividends": Topic("what is decided and paid to holders", guide_shares.DIVIDENDS),
    "votes": Topic("extra votes, suspensions, caps", guide_shares.VOTES),
    "disclosures": Topic("stakes and totals that a source states", guide_shares.DISCLOSURES),
    "trusts": Topic("trusts and their terms", guide_parties.TRUSTS),
    "rights": Topic("pledge, usufruct, nominee, loan, proxy, restriction", guide_parties.RIGHTS),
    "instruments": Topic("options, warrants, notes, SAFEs, units", guide_parties.INSTRUMENTS),
    "offers": Topic("bids, buy-backs, pre-emption, choices of holders", guide_deals.OFFERS),
    "deals": Topic("talks, terms, milestones, completion", guide_deals.DEALS),
    "investments": Topic("money that somebody is to put in", guide_deals.INVESTMENTS),
    "offerings": Topic("sales of shares to the public", guide_deals.OFFERINGS),
    "agreements": Topic("contracts, articles, laws, notices under them", guide_deals.AGREEMENTS),
    "conditions": Topic("what is waited for, consented to, refused", guide_deals.CONDITIONS),
    "proceedings": Topic("suits, reviews, decisions", guide_deals.PROCEEDINGS),
    "projects": Topic("what parties do together", guide_deals.PROJECTS),
    "board": Topic("seats, directors, officers", guide_deals.BOARD),
    "meetings": Topic("meetings, resolutions, votes cast", guide_deals.MEETINGS),
    "claims": Topic("what no other type says, and remarks", guide_deals.CLAIMS),
    "local": Topic("types that your ledger declares itself", guide_deals.LOCAL),
    "corrections": Topic("mistakes in the record, further sources", guide_deals.CORRECTIONS),
    "keys": Topic("the keys that sign the record", guide_deals.KEYS),
}
GUIDES: dict[str, Guide] = {
    guide.type: guide for topic in TOPICS.values() for guide in topic.guides
}
TOPIC_OF: dict[str, str] = {
    guide.type: name for name, topic in TOPICS.items() for guide in topic.guides
}
