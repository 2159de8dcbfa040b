"""Event types that the stories of the tests do not tell yet: who tells one takes it off here."""

UNTOLD = {
    "party-details-changed", "parties-identified", "party-status-changed", "relationship-began",
    "relationship-ended", "capital-authorised", "listing-changed",
    "shares-distributed", "shares-exchanged", "shares-paid-up", "call-made",
    "registration-changed", "transfer-lodged", "transfer-settled", "certificate-recorded",
    "share-right-granted", "share-right-ended", "shares-restricted", "restriction-ended",
    "pool-reserved", "instrument-amended", "instrument-vested",
    "instrument-transferred", "instrument-ended", "offer-made",
    "offer-amended", "offer-accepted", "offer-closed", "deal-considered", "condition-set",
    "condition-settled", "approval-refused", "notice-given", "proceeding-opened",
    "proceeding-advanced", "proceeding-decided", "offering-considered", "meeting-called",
    "resolution-voted", "votes-cast", "project-considered", "action-withdrawn",
}  # fmt: skip
