"""The corporate action event codes of ISO 20022, those of older sets, and the functions of a
message.
"""

from __future__ import annotations

from ledger.vocabulary.entries import Entry, Listing, declared, out, said

_DEBT = "Service or terms of debt: it moves no share, vote or seat."
_TAX = "Tax of the holder."
_OFFERED = "offer-accepted + offer-closed"


def _cash(out_of: str) -> str:
    """A dividend in money alone, out of something else than profit."""
    return (
        f"dividend-declared!MAND out_of={out_of} in_class=- options=-"
        f" + dividend-paid!MAND out_of={out_of} option=-"
    )


_CODES: tuple[Entry, ...] = (
    out("ACCU", "Accumulation", "Accounting of a fund."),
    said("ACTV", "Active trading status", "listing-changed!MAND status=listed|resumed"),
    said(
        "ATTI", "Attachment",
        "share-class-created kind=unit + shares-issued + shares-cancelled",
        why="Units are a class: the parts are cancelled and units issued under one deal.",
    ),
    said("BIDS", "Repurchase offer",
         f"offer-made!VOLU kind=buy-back + {_OFFERED} + shares-repurchased"),
    said("BONU", "Bonus issue", "shares-distributed supply=new"),
    said("BPUT", "Put redemption",
         "instrument-ended reason=redeemed", "shares-cancelled ground=redemption",
         why="At the holder's choice; of debt securities it is out."),
    said("BRUP", "Bankruptcy", "party-status-changed status=insolvent"),
    said("CAPD", "Capital distribution",
         _cash("capital")),
    said("CAPG", "Capital gains distribution",
         _cash("gains")),
    out("CAPI", "Capitalisation", _DEBT),
    out("CERT", "Non-US TEFRA D certification", _DEBT),
    said("CHAN", "Change", "share-class-amended!MAND par_value=- expires_on=-", "party-renamed",
         "party-details-changed"),
    declared("CLSA", "Class action, proposed settlement",
             "The suit itself is `proceeding-opened`; who joins it has no effect here."),
    said("CONS", "Consent", "resolution-voted form=written", "approval-granted"),
    said("CONV", "Conversion", "shares-converted price=-",
         "instrument-exercised + instrument-ended"),
    said("COOP", "Company option", "instrument-granted kind=option"),
    out("CREV", "Credit event", _DEBT),
    said("DECR", "Decrease in value",
         "share-class-amended par_value=+ + dividend-declared out_of=capital"
         " + dividend-paid out_of=capital",
         why="The money paid back, if any"),
    said("DETI", "Detachment", "shares-cancelled + shares-issued",
         why="Units are cancelled and their parts issued under one deal."),
    out("DFLT", "Bond default", _DEBT),
    said("DLST", "Trading status: delisted", "listing-changed!MAND status=delisted"),
    out("DRAW", "Drawing", _DEBT),
    said("DRCA", "Cash distribution from the sale of non-eligible securities",
         _cash("sale-proceeds")),
    said("DRIP", "Dividend reinvestment",
         "dividend-declared + offer-made kind=dividend-choice + offer-accepted"
         " + shares-transferred",
         "dividend-declared options=+ + dividend-paid option=+ + shares-transferred"),
    declared("DSCL", "Disclosure",
             "The request; what a holder discloses is `stake-disclosed`."),
    said("DTCH", "Dutch auction",
         f"offer-made!VOLU kind=dutch-auction + {_OFFERED} + shares-repurchased"),
    said("DVCA", "Cash dividend",
         "dividend-declared!MAND out_of=-|profit in_class=- options=- + dividend-paid"),
    said("DVOP", "Dividend option",
         "dividend-declared + offer-made kind=dividend-choice + offer-accepted + shares-issued",
         "dividend-declared options=+ + dividend-paid option=+ + shares-issued"),
    said("DVSC", "Scrip dividend", "shares-distributed supply=new"),
    said("DVSE", "Stock dividend", "shares-distributed"),
    said("EXOF", "Exchange", f"offer-made!VOLU kind=exchange + {_OFFERED} + shares-exchanged",
         "shares-exchanged"),
    said("EXRI", "Call on intermediate securities", "shares-converted price=+"),
    said("EXTM", "Maturity extension", "instrument-amended expires_on=+",
         "instrument-amended matures_on=+", "share-class-amended expires_on=+"),
    said("EXWA", "Warrant exercise", "shares-converted price=+", "instrument-exercised"),
    said("INCR", "Increase in value", "share-class-amended par_value=+"),
    declared("INFO", "Information", "What the issuer makes known, without an effect."),
    out("INTR", "Interest payment", _DEBT),
    said("LIQU", "Liquidation dividend",
         _cash("liquidation"),
         "party-status-changed status=in-liquidation"),
    said("MCAL", "Full call", "shares-cancelled ground=redemption",
         "instrument-ended reason=redeemed",
         why="Before maturity; of debt securities it is out."),
    said("MRGR", "Merger", "shares-exchanged + party-ended manner=merger"),
    said("MTNG", "Securities holders meeting",
         "meeting-called! body=a-general-meeting + meeting-held! body=a-general-meeting"
         " + resolution-voted"),
    said("NOOF", "Non-official offer", f"offer-made kind=tender + {_OFFERED} + shares-transferred",
         why="No field says that nobody supervises it: a tender has the code TEND."),
    said("ODLT", "Odd lot sale or purchase",
         f"offer-made!VOLU kind=odd-lot + {_OFFERED} + shares-repurchased"),
    declared("OTHR", "Other event", "Whatever no code has; a checked shape needs a local type."),
    said("PARI", "Pari passu", "shares-reclassified"),
    out("PCAL", "Partial redemption without pool factor reduction", _DEBT),
    out("PDEF", "Prefunding", _DEBT),
    out("PINK", "Pay in kind", _DEBT),
    said("PLAC", "Place of incorporation", "party-details-changed jurisdiction=+"),
    said("PPMT", "Instalment call", "call-made! + shares-paid-up"),
    out("PRED", "Partial redemption with pool factor reduction", _DEBT),
    said("PRIO", "Priority issue", f"offer-made!VOLU kind=priority + {_OFFERED} + shares-issued"),
    out("RCLA", "Reclassification", _TAX),
    said("REDM", "Final maturity", "shares-cancelled ground=redemption",
         "instrument-ended reason=redeemed",
         why="At maturity; of debt securities it is out."),
    said("REDO", "Redenomination", "share-class-amended par_value=+"),
    out("REMK", "Remarketing agreement", _DEBT),
    said("RHDI", "Intermediate securities distribution",
         "share-class-created kind=right + shares-distributed"),
    said("RHTS", "Rights issue",
         "share-class-created kind=right + shares-distributed + shares-converted price=+"),
    said("SHPR", "Shares premium dividend",
         _cash("premium")),
    declared("SMAL", "Smallest negotiable unit", "A rule of trading: no holding changes."),
    said("SOFF", "Spin-off", "shares-distributed!MAND distributed_class=of-another-issuer"),
    said("SPLF", "Stock split", "shares-split!MAND ratio=above-1"),
    said("SPLR", "Reverse stock split", "shares-split!MAND ratio=below-1"),
    said("SUSP", "Trading status: suspended", "listing-changed!MAND status=suspended"),
    said("TEND", "Tender",
         f"offer-made!VOLU kind=tender|mandatory + {_OFFERED} + shares-transferred"),
    out("TNDP", "Tax on non-distributed proceeds", _TAX),
    out("TREC", "Tax reclaim", _TAX),
    said("WRTH", "Worthless", "shares-exchanged!MAND into_class=- cash=- cash_by=- holder=-"
         " old_shares=cancelled"),
    out("WTRC", "Withholding tax relief certification", _TAX),
)  # fmt: skip
_OLDER: tuple[Entry, ...] = (
    said("EXOP", "Exchange option", "instrument-exercised", "shares-converted"),
    said("NAME", "Name change", "party-renamed", "share-class-amended name=+"),
    out("PRII", "Interest payment with principal", _DEBT),
)
_FUNCTIONS: tuple[Entry, ...] = (
    out("ADDB", "Additional business process", "Work of account servicers, such as claims."),
    said("CANC", "Cancellation", "event-retracted", "source-retracted",
         why="The announcement was an error."),
    said("NEWM", "New message", why="`append` records an event of the type that fits."),
    said("REPL", "Replacement", "event-corrected", "source-corrected"),
    said("RMDR", "Reminder", "event-corroborated",
         why="Where another source says it again; the same source adds nothing."),
    said("WITH", "Withdrawal", "action-withdrawn",
         why="The issuer calls off what it really announced."),
)  # fmt: skip

CAEV = Listing(
    "iso20022",
    "ISO 20022",
    "ISO 20022: corporate action event types (CAEV)",
    "CorporateActionEventType38Code, 69 codes",
    _CODES,
)
CAEV_OLDER = Listing(
    "iso20022-older",
    "older ISO",
    "ISO 20022: codes of older sets",
    "CorporateActionEventTypeV3Code, the codes that later sets have dropped or never had",
    _OLDER,
)
FUNCTIONS = Listing(
    "iso15022-function",
    "ISO function",
    "ISO 15022: functions of a corporate action notification (MT 564, field 23G)",
    "the six functions of MT 564; seev.031 and seev.039 have the same meanings",
    _FUNCTIONS,
)
