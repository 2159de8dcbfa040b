"""Every type has a guide, and the words in which people tell what happened find their type."""

from __future__ import annotations

import pytest

from ledger.events.registry import event_types
from ledger.vocabulary.finding import codes_named, find, hint, meant, named, stems
from ledger.vocabulary.guides import GUIDES, TOPIC_OF, TOPICS

SPOKEN = """
bonus issue: shares-distributed
the spin-off of the truck business: shares-distributed
scrip dividend: shares-distributed
a rights issue: shares-distributed
demerger: shares-distributed
capitalisation issue: shares-distributed
option grant: instrument-granted
granted options to employees: instrument-granted
SAFE: instrument-granted
signed a SAFE: instrument-granted
a convertible note: instrument-granted
phantom shares: instrument-granted
restricted stock units: instrument-granted
the SAFE converts: instrument-exercised
options were exercised: instrument-exercised
vesting: instrument-vested
accelerated vesting: instrument-vested
repricing of options: instrument-amended
unvested options are forfeited: instrument-ended
options lapse: instrument-ended
option pool increase: pool-reserved
reverse split: shares-split
stock split: shares-split
share consolidation: shares-split
the shares were subdivided ten for one sub-division: shares-split
squeeze-out: shares-exchanged
reverse takeover: shares-exchanged
the mutual was demutualised by a conversion of a mutual: shares-exchanged
bail-in: shares-exchanged
mix and match: offer-made
termination fee: agreement-signed
the deal was blocked by the regulator: proceeding-decided
redemption of public shares: shares-cancelled
rump placement: shares-issued
underwriting: investment-committed
debt for equity swap: instrument-exercised
merger: shares-exchanged
share exchange: shares-exchanged
scheme of arrangement: shares-exchanged
conversion of preferred shares: shares-converted
unification of share classes: shares-reclassified
allotment: shares-issued
capital increase: shares-issued
private placement: shares-issued
funding round: shares-issued
sold his shares: shares-transferred
block trade: shares-transferred
shares passed by inheritance: shares-transferred
gift of shares: shares-transferred
sale of treasury shares: shares-transferred
share buyback: shares-repurchased
we bought back shares: shares-repurchased
capital reduction: shares-cancelled
redemption of preference shares: shares-cancelled
cancellation of treasury shares: shares-cancelled
lost share certificate: certificate-recorded
directors refuse to register the transfer: transfer-settled
stock transfer form lodged: transfer-lodged
partly paid shares: shares-paid-up
a call on shares: call-made
authorised share capital: capital-authorised
authority to allot: capital-authorised
variation of class rights: share-class-amended
redenomination of par value: share-class-amended
new class of preferred shares: share-class-created
golden share: share-class-created
delisting: listing-changed
trading halt: listing-changed
interim dividend: dividend-declared
special dividend announced: dividend-declared
payment of the dividend: dividend-paid
liquidation proceeds: dividend-paid
double voting rights: double-votes-granted
voting cap: voting-cap-agreed
votes suspended: voting-rights-suspended
schedule 13D: stake-disclosed
crossing of a threshold: stake-disclosed
total voting rights: balance-asserted
statement of capital: balance-asserted
pledge: share-right-granted
charge over shares: share-right-granted
proxy: share-right-granted
stock loan: share-right-granted
nominee: share-right-granted
release of the pledge: share-right-ended
founder vesting: shares-restricted
family trust: trust-settled
change of trustee: trust-amended
name change: party-renamed
joint holders: party-registered
incorporation: party-registered
a shareholder died: party-ended
registered office moved: party-details-changed
redomiciliation: party-details-changed
the issuer is insolvent insolvency: party-status-changed
struck off: party-status-changed
acting in concert: relationship-began
person with significant control: relationship-began
an employee leaves: relationship-ended
tender offer: offer-made
hostile takeover bid: offer-made
right of first refusal offer: offer-made
drag-along notice: offer-made
dividend reinvestment: offer-made
the bidder raised its bid: offer-amended
tendered shares: offer-accepted
the offer lapses: offer-closed
term sheet: terms-agreed
letter of intent: terms-agreed
talks broke down, the deal falls through: deal-abandoned
closing: deal-completed
poison pill: agreement-signed
shareholders agreement: agreement-signed
lock-up: agreement-signed
articles of association: agreement-in-force
deed of adherence: agreement-amended
notice of termination: notice-given
condition precedent: condition-set
condition waived: condition-settled
board approval: approval-granted
waiver of pre-emption rights: approval-granted
veto: approval-refused
the split is called off: action-withdrawn
lawsuit: proceeding-opened
antitrust review: proceeding-opened
waiting period: proceeding-advanced
antitrust clearance: proceeding-decided
IPO: offering-planned
the IPO is postponed: offering-rescheduled
equity commitment letter: investment-committed
board observer: board-seat-granted
new director: director-appointed
a director resigns: director-left
new CEO: officer-appointed
liquidator appointed: officer-appointed
AGM: meeting-held
notice of AGM: meeting-called
special resolution: resolution-voted
written consent of the shareholders: resolution-voted
how a shareholder voted: votes-cast
forecast: claim-recorded
a remark: note-added
custom event type: event-type-declared
a mistake in an entry: event-corrected
entered twice: event-retracted
second source: event-corroborated
"""
PAIRS = [tuple(line.split(": ")) for line in SPOKEN.strip().splitlines()]


def test_every_type_has_a_guide_under_a_topic() -> None:
    assert set(GUIDES) == set(TOPIC_OF) == set(event_types())
    assert sum(len(topic.guides) for topic in TOPICS.values()) == len(GUIDES)
    assert not set(TOPICS) & set(GUIDES)


@pytest.mark.parametrize("name", list(GUIDES))
def test_a_guide_says_when_and_when_not_in_a_sentence_and_names_better_types(name: str) -> None:
    guide = GUIDES[name]
    for sentence, most in ((guide.when, 100), (guide.unless, 200)):
        assert sentence.endswith(".")
        assert len(sentence) <= most
    assert set(guide.instead) <= set(event_types()) - {name}
    assert guide.instead or "nothing is recorded" in guide.unless


def test_each_phrase_of_a_guide_is_its_own_and_finds_it() -> None:
    owners: dict[tuple[str, ...], str] = {}
    for name, guide in GUIDES.items():
        for phrase in guide.phrases:
            assert owners.setdefault(stems(phrase), name) == name, phrase
            assert find(phrase)[0] == name == named(phrase), phrase


def test_many_ordinary_phrases_are_tried() -> None:
    assert len(PAIRS) >= 80


@pytest.mark.parametrize(("words", "name"), PAIRS, ids=[words for words, _ in PAIRS])
def test_ordinary_words_find_their_type_first(words: str, name: str) -> None:
    assert find(words)[:1] == [name], find(words)[:4]


def test_words_without_a_meaning_here_find_nothing() -> None:
    assert find("") == find("zzz") == find("?") == []


def test_codes_find_their_types_and_everyday_words_are_no_codes() -> None:
    assert meant("SPLR") == meant("splr") == ["shares-split"]
    assert meant("TX_STOCK_ISSUANCE") == meant("tx stock issuance") == ["shares-issued"]
    assert meant("SH03") == ["shares-repurchased"]
    assert meant("StockSplit") == ["shares-split"]
    assert [entry.code for _, entry in codes_named("TREC")] == ["TREC"]
    assert meant("conversion")[0] == "shares-converted"


def test_a_hint_names_the_nearest_types() -> None:
    assert hint("buyback") == "Did you mean shares-repurchased?"
    assert hint("bonus-issue") == "Did you mean shares-distributed?"
    assert hint("shares-issud").startswith("Did you mean shares-issued")
    assert hint("zzz") == ""
