"""What the fields of each type refer to, written from the classes by docs/references.py.

Each reference is a field, the part of its items that refers (if it has items), the
kind of thing, and whether the event makes the thing known. With this at hand an event
is found by what it speaks of without the classes, which take longer to load.
"""

# fmt: off
Reference = tuple[str, str, str, bool]
COMMON: tuple[Reference, ...] = (
    ("citations", "source", "source", False),
    ("conditional_on", "condition", "condition", False),
    ("deal", "", "deal", False),
    ("reaffirms", "", "event", False),
    ("under", "", "subject", False),
)
REFERENCES: dict[str, tuple[Reference, ...]] = {
    "party-registered": (
        ("members", "", "party", False),
        ("party", "", "party", True),
    ),
    "party-renamed": (
        ("party", "", "party", False),
    ),
    "party-ended": (
        ("party", "", "party", False),
        ("successors", "", "party", False),
    ),
    "party-details-changed": (
        ("party", "", "party", False),
    ),
    "parties-identified": (
        ("party", "", "party", False),
        ("same_as", "", "party", False),
    ),
    "party-status-changed": (
        ("by", "", "party", False),
        ("party", "", "party", False),
    ),
    "relationship-began": (
        ("of", "", "party", False),
        ("party", "", "party", False),
        ("relationship", "", "relationship", False),
    ),
    "relationship-ended": (
        ("relationship", "", "relationship", False),
    ),
    "source-registered": (
        ("replaces", "", "source", False),
        ("source", "", "source", True),
    ),
    "source-corrected": (
        ("replaces", "", "source", False),
        ("source", "", "source", False),
    ),
    "source-retracted": (
        ("source", "", "source", False),
    ),
    "share-class-created": (
        ("attached_to", "", "class", False),
        ("converts_into", "", "class", False),
        ("depositary", "", "party", False),
        ("represents", "", "class", False),
        ("share_class", "", "class", True),
    ),
    "share-class-amended": (
        ("attached_to", "", "class", False),
        ("converts_into", "", "class", False),
        ("depositary", "", "party", False),
        ("represents", "", "class", False),
        ("share_class", "", "class", False),
    ),
    "capital-authorised": (
        ("issuer", "", "issuer", False),
        ("share_class", "", "class", False),
    ),
    "listing-changed": (
        ("share_class", "", "class", False),
    ),
    "register-opened": (
        ("holder", "", "party", False),
        ("share_class", "", "class", False),
    ),
    "shares-issued": (
        ("holder", "", "party", False),
        ("pool", "", "pool", False),
        ("share_class", "", "class", False),
    ),
    "shares-transferred": (
        ("share_class", "", "class", False),
        ("transferee", "", "party", False),
        ("transferor", "", "party", False),
    ),
    "shares-repurchased": (
        ("holder", "", "party", False),
        ("share_class", "", "class", False),
    ),
    "shares-cancelled": (
        ("holder", "", "party", False),
        ("share_class", "", "class", False),
    ),
    "shares-split": (
        ("fractions_to", "", "party", False),
        ("lots", "holder", "party", False),
        ("share_class", "", "class", False),
    ),
    "shares-converted": (
        ("fractions_to", "", "party", False),
        ("holder", "", "party", False),
        ("into_class", "", "class", False),
        ("share_class", "", "class", False),
        ("supply", "", "party", False),
    ),
    "shares-reclassified": (
        ("fractions_to", "", "party", False),
        ("into_class", "", "class", False),
        ("lots", "holder", "party", False),
        ("share_class", "", "class", False),
    ),
    "shares-distributed": (
        ("distributed_class", "", "class", False),
        ("fractions_to", "", "party", False),
        ("share_class", "", "class", False),
        ("supply", "", "party", False),
    ),
    "shares-exchanged": (
        ("excluded", "holder", "party", False),
        ("fractions_to", "", "party", False),
        ("holder", "", "party", False),
        ("into_class", "", "class", False),
        ("old_shares", "", "party", False),
        ("paid_by", "", "party", False),
        ("share_class", "", "class", False),
        ("supply", "", "party", False),
    ),
    "shares-paid-up": (
        ("holder", "", "party", False),
        ("share_class", "", "class", False),
    ),
    "call-made": (
        ("holder", "", "party", False),
        ("share_class", "", "class", False),
    ),
    "registration-changed": (
        ("holder", "", "party", False),
        ("share_class", "", "class", False),
    ),
    "transfer-lodged": (
        ("share_class", "", "class", False),
        ("transfer", "", "transfer", False),
        ("transferee", "", "party", False),
        ("transferor", "", "party", False),
    ),
    "transfer-settled": (
        ("transfer", "", "transfer", False),
    ),
    "certificate-recorded": (
        ("certificate", "", "certificate", False),
        ("holder", "", "party", False),
        ("share_class", "", "class", False),
    ),
    "dividend-declared": (
        ("dividend", "", "dividend", False),
        ("in_class", "", "class", False),
        ("options", "into_class", "class", False),
        ("share_class", "", "class", False),
    ),
    "dividend-paid": (
        ("dividend", "", "dividend", False),
        ("holder", "", "party", False),
        ("share_class", "", "class", False),
    ),
    "stake-disclosed": (
        ("holder", "", "party", False),
        ("issuer", "", "issuer", False),
        ("replaces", "", "event", False),
        ("share_class", "", "class", False),
    ),
    "balance-asserted": (
        ("holder", "", "party", False),
        ("share_class", "", "class", False),
    ),
    "double-votes-granted": (
        ("holder", "", "party", False),
        ("share_class", "", "class", False),
    ),
    "double-votes-ended": (
        ("holder", "", "party", False),
        ("share_class", "", "class", False),
    ),
    "voting-rights-suspended": (
        ("agreement", "", "agreement", False),
        ("holder", "", "party", False),
        ("issuer", "", "issuer", False),
        ("share_class", "", "class", False),
    ),
    "voting-rights-restored": (
        ("holder", "", "party", False),
        ("issuer", "", "issuer", False),
    ),
    "voting-cap-agreed": (
        ("agreement", "", "agreement", False),
        ("holder", "", "party", False),
        ("issuer", "", "issuer", False),
        ("members", "", "party", False),
    ),
    "voting-cap-lifted": (
        ("holder", "", "party", False),
        ("issuer", "", "issuer", False),
    ),
    "share-right-granted": (
        ("holder", "", "party", False),
        ("meeting", "", "meeting", False),
        ("right", "", "right", False),
        ("share_class", "", "class", False),
        ("to", "", "party", False),
        ("votes_from", "", "condition", False),
    ),
    "share-right-ended": (
        ("right", "", "right", False),
        ("to_next", "", "right", False),
    ),
    "shares-restricted": (
        ("held_back_by", "", "party", False),
        ("holder", "", "party", False),
        ("restriction", "", "restriction", False),
        ("share_class", "", "class", False),
        ("vests", "condition", "condition", False),
        ("vests_while", "", "relationship", False),
    ),
    "restriction-ended": (
        ("restriction", "", "restriction", False),
    ),
    "pool-reserved": (
        ("issuer", "", "issuer", False),
        ("pool", "", "pool", False),
        ("share_class", "", "class", False),
    ),
    "instrument-granted": (
        ("holder", "", "party", False),
        ("instrument", "", "instrument", False),
        ("issuer", "", "issuer", False),
        ("pool", "", "pool", False),
        ("share_class", "", "class", False),
        ("vests", "condition", "condition", False),
        ("vests_while", "", "relationship", False),
        ("writer", "", "party", False),
    ),
    "instrument-amended": (
        ("instrument", "", "instrument", False),
        ("vests", "condition", "condition", False),
        ("vests_while", "", "relationship", False),
    ),
    "instrument-vested": (
        ("instrument", "", "instrument", False),
    ),
    "instrument-transferred": (
        ("instrument", "", "instrument", False),
        ("into", "", "instrument", False),
        ("transferee", "", "party", False),
    ),
    "instrument-exercised": (
        ("counterparty", "", "party", False),
        ("holder", "", "party", False),
        ("instrument", "", "instrument", False),
        ("share_class", "", "class", False),
    ),
    "instrument-ended": (
        ("instrument", "", "instrument", False),
    ),
    "trust-settled": (
        ("beneficiaries", "party", "party", False),
        ("first_offer_to", "", "party", False),
        ("instructed_by", "", "party", False),
        ("protectors", "", "party", False),
        ("sale_ordered_by", "", "party", False),
        ("settlors", "", "party", False),
        ("trust", "", "party", False),
        ("trustees", "", "party", False),
    ),
    "trust-amended": (
        ("beneficiaries", "party", "party", False),
        ("first_offer_to", "", "party", False),
        ("instructed_by", "", "party", False),
        ("protectors", "", "party", False),
        ("sale_ordered_by", "", "party", False),
        ("trust", "", "party", False),
        ("trustees", "", "party", False),
    ),
    "trust-ended": (
        ("trust", "", "party", False),
    ),
    "shares-placed-in-trust": (
        ("holder", "", "party", False),
        ("share_class", "", "class", False),
        ("trust", "", "party", False),
    ),
    "shares-released-from-trust": (
        ("share_class", "", "class", False),
        ("transferee", "", "party", False),
        ("trust", "", "party", False),
    ),
    "offer-made": (
        ("agreement", "", "agreement", False),
        ("dividend", "", "dividend", False),
        ("holders_of", "", "class", False),
        ("into_class", "", "class", False),
        ("offer", "", "offer", False),
        ("offeror", "", "party", False),
        ("options", "into_class", "class", False),
        ("prices", "share_class", "class", False),
        ("resolution", "", "resolution", False),
        ("share_class", "", "class", False),
        ("to", "", "party", False),
        ("transferee", "", "party", False),
    ),
    "offer-amended": (
        ("offer", "", "offer", False),
        ("prices", "share_class", "class", False),
    ),
    "offer-accepted": (
        ("holder", "", "party", False),
        ("offer", "", "offer", False),
    ),
    "offer-closed": (
        ("offer", "", "offer", False),
    ),
    "negotiation-opened": (
        ("parties", "", "party", False),
        ("revives", "", "event", False),
    ),
    "deal-considered": (
        ("agreement", "", "agreement", False),
        ("parties", "", "party", False),
    ),
    "topic-tabled": (),
    "statement-made": (
        ("person", "", "party", False),
        ("speaker", "", "party", False),
    ),
    "terms-agreed": (
        ("exchange_class", "", "class", False),
        ("into_class", "", "class", False),
        ("parties", "", "party", False),
    ),
    "agreement-signed": (
        ("agreement", "", "agreement", False),
        ("clauses", "condition", "condition", False),
        ("clauses", "consent_of", "party", False),
        ("clauses", "consent_of_class", "class", False),
        ("clauses", "counterparties", "party", False),
        ("clauses", "holders_of", "class", False),
        ("clauses", "issuer", "issuer", False),
        ("clauses", "parties", "party", False),
        ("clauses", "party", "party", False),
        ("clauses", "payee", "party", False),
        ("clauses", "payer", "party", False),
        ("clauses", "share_class", "class", False),
        ("exceptions", "consent_of", "party", False),
        ("exceptions", "transferee", "party", False),
        ("exceptions", "transferor", "party", False),
        ("exchange_class", "", "class", False),
        ("into_class", "", "class", False),
        ("of_class", "", "class", False),
        ("parties", "", "party", False),
    ),
    "agreement-in-force": (
        ("agreement", "", "agreement", False),
        ("clauses", "condition", "condition", False),
        ("clauses", "consent_of", "party", False),
        ("clauses", "consent_of_class", "class", False),
        ("clauses", "counterparties", "party", False),
        ("clauses", "holders_of", "class", False),
        ("clauses", "issuer", "issuer", False),
        ("clauses", "parties", "party", False),
        ("clauses", "party", "party", False),
        ("clauses", "payee", "party", False),
        ("clauses", "payer", "party", False),
        ("clauses", "share_class", "class", False),
        ("exceptions", "consent_of", "party", False),
        ("exceptions", "transferee", "party", False),
        ("exceptions", "transferor", "party", False),
        ("of", "", "party", False),
        ("of_class", "", "class", False),
        ("parties", "", "party", False),
        ("revives", "", "event", False),
    ),
    "agreement-amended": (
        ("agreement", "", "agreement", False),
        ("clauses", "condition", "condition", False),
        ("clauses", "consent_of", "party", False),
        ("clauses", "consent_of_class", "class", False),
        ("clauses", "counterparties", "party", False),
        ("clauses", "holders_of", "class", False),
        ("clauses", "issuer", "issuer", False),
        ("clauses", "parties", "party", False),
        ("clauses", "party", "party", False),
        ("clauses", "payee", "party", False),
        ("clauses", "payer", "party", False),
        ("clauses", "share_class", "class", False),
        ("exceptions", "consent_of", "party", False),
        ("exceptions", "transferee", "party", False),
        ("exceptions", "transferor", "party", False),
        ("parties_joined", "", "party", False),
        ("parties_left", "", "party", False),
    ),
    "agreement-ended": (
        ("agreement", "", "agreement", False),
        ("by", "", "party", False),
    ),
    "milestone-expected": (
        ("milestone", "", "milestone", False),
    ),
    "milestone-met": (
        ("milestone", "", "milestone", False),
    ),
    "deal-completed": (
        ("revives", "", "event", False),
    ),
    "deal-abandoned": (),
    "condition-set": (
        ("agreement", "", "agreement", False),
        ("condition", "", "condition", False),
        ("issuer", "", "issuer", False),
        ("party", "", "party", False),
    ),
    "condition-settled": (
        ("by", "", "party", False),
        ("condition", "", "condition", False),
    ),
    "approval-granted": (
        ("by", "", "party", False),
        ("by_class", "", "class", False),
        ("of", "", "subject", False),
        ("of_event", "", "event", False),
    ),
    "approval-refused": (
        ("by", "", "party", False),
        ("of", "", "subject", False),
        ("of_event", "", "event", False),
    ),
    "notice-given": (
        ("agreement", "", "agreement", False),
        ("by", "", "party", False),
        ("contests", "", "event", False),
        ("to", "", "party", False),
    ),
    "proceeding-opened": (
        ("agreement", "", "agreement", False),
        ("body", "", "party", False),
        ("opened_by", "", "party", False),
        ("parties", "", "party", False),
        ("proceeding", "", "proceeding", False),
    ),
    "proceeding-advanced": (
        ("proceeding", "", "proceeding", False),
    ),
    "proceeding-decided": (
        ("proceeding", "", "proceeding", False),
        ("settles", "condition", "condition", False),
        ("terms", "", "agreement", False),
    ),
    "investment-considered": (
        ("investee", "", "party", False),
        ("investment", "", "investment", False),
        ("investor", "", "party", False),
        ("share_class", "", "class", False),
        ("within", "", "investment", False),
    ),
    "investment-planned": (
        ("investee", "", "party", False),
        ("investment", "", "investment", False),
        ("investor", "", "party", False),
        ("share_class", "", "class", False),
        ("within", "", "investment", False),
    ),
    "investment-committed": (
        ("investee", "", "party", False),
        ("investment", "", "investment", False),
        ("investor", "", "party", False),
        ("share_class", "", "class", False),
        ("within", "", "investment", False),
    ),
    "investment-confirmed": (
        ("investment", "", "investment", False),
    ),
    "investment-paid": (
        ("investment", "", "investment", False),
    ),
    "investment-released": (
        ("investment", "", "investment", False),
    ),
    "offering-considered": (
        ("issuer", "", "party", False),
        ("offering", "", "offering", False),
    ),
    "offering-planned": (
        ("issuer", "", "party", False),
        ("offering", "", "offering", False),
    ),
    "offering-rescheduled": (
        ("offering", "", "offering", False),
    ),
    "offering-cancelled": (
        ("offering", "", "offering", False),
    ),
    "offering-completed": (
        ("offering", "", "offering", False),
    ),
    "board-seat-granted": (
        ("agreement", "", "agreement", False),
        ("company", "", "party", False),
        ("holders_of", "", "class", False),
        ("of_class", "", "class", False),
        ("party", "", "party", False),
    ),
    "board-seat-withdrawn": (
        ("company", "", "party", False),
        ("holders_of", "", "class", False),
        ("party", "", "party", False),
    ),
    "director-appointed": (
        ("company", "", "party", False),
        ("nominated_by", "", "party", False),
        ("person", "", "party", False),
    ),
    "director-left": (
        ("company", "", "party", False),
        ("nominated_by", "", "party", False),
        ("person", "", "party", False),
    ),
    "officer-appointed": (
        ("company", "", "party", False),
        ("person", "", "party", False),
    ),
    "officer-left": (
        ("company", "", "party", False),
        ("person", "", "party", False),
    ),
    "meeting-called": (
        ("agenda", "resolution", "resolution", False),
        ("company", "", "party", False),
        ("meeting", "", "meeting", False),
    ),
    "meeting-held": (
        ("company", "", "party", False),
        ("meeting", "", "meeting", False),
    ),
    "resolution-voted": (
        ("company", "", "party", False),
        ("elects", "", "party", False),
        ("meeting", "", "meeting", False),
        ("of_class", "", "class", False),
        ("resolution", "", "resolution", False),
    ),
    "votes-cast": (
        ("company", "", "party", False),
        ("holder", "", "party", False),
        ("proxy", "", "party", False),
        ("resolution", "", "resolution", False),
        ("share_class", "", "class", False),
    ),
    "project-considered": (
        ("parties", "", "party", False),
        ("project", "", "project", False),
    ),
    "project-announced": (
        ("parties", "", "party", False),
        ("project", "", "project", False),
    ),
    "project-updated": (
        ("project", "", "project", False),
    ),
    "project-ended": (
        ("project", "", "project", False),
    ),
    "claim-recorded": (
        ("person", "", "party", False),
        ("speaker", "", "party", False),
        ("subject", "", "subject", False),
    ),
    "note-added": (
        ("subject", "", "subject", False),
    ),
    "event-type-declared": (),
    "declared-event-recorded": (
        ("subject", "", "subject", False),
    ),
    "event-corrected": (
        ("event", "", "event", False),
    ),
    "event-retracted": (
        ("event", "", "event", False),
    ),
    "event-corroborated": (
        ("event", "", "event", False),
    ),
    "action-withdrawn": (
        ("by", "", "party", False),
        ("event", "", "event", False),
    ),
    "signing-key-rotated": (),
}
WORDS: dict[str, tuple[str, ...]] = {  # of these fields, that refer to nothing
    "old_shares": ("cancelled",),
    "supply": ("new", "treasury",),
}
