"""What the fields of each type refer to, written from the classes by docs/generate.py.

Each reference is a field, the part of its items that refers (if it has items), the
kind of thing, and whether the event makes the thing known. With this at hand an event
is found by what it speaks of without the classes, which take longer to load.
"""

# fmt: off
Reference = tuple[str, str, str, bool]
COMMON: tuple[Reference, ...] = (
    ("citations", "source", "source", False),
    ("deal", "", "deal", False),
    ("reaffirms", "", "event", False),
)
REFERENCES: dict[str, tuple[Reference, ...]] = {
    "party-registered": (
        ("party", "", "party", True),
    ),
    "party-renamed": (
        ("party", "", "party", False),
    ),
    "party-ended": (
        ("party", "", "party", False),
    ),
    "source-registered": (
        ("source", "", "source", True),
    ),
    "source-corrected": (
        ("source", "", "source", False),
    ),
    "source-retracted": (
        ("source", "", "source", False),
    ),
    "share-class-created": (
        ("share_class", "", "class", True),
    ),
    "register-opened": (
        ("holder", "", "party", False),
        ("share_class", "", "class", False),
    ),
    "shares-issued": (
        ("holder", "", "party", False),
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
        ("share_class", "", "class", False),
    ),
    "shares-converted": (
        ("holder", "", "party", False),
        ("into_class", "", "class", False),
        ("share_class", "", "class", False),
    ),
    "shares-reclassified": (
        ("into_class", "", "class", False),
        ("share_class", "", "class", False),
    ),
    "dividend-declared": (
        ("share_class", "", "class", False),
    ),
    "dividend-paid": (
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
    "stake-disclosed": (
        ("holder", "", "party", False),
        ("issuer", "", "issuer", False),
        ("share_class", "", "class", False),
    ),
    "balance-asserted": (
        ("holder", "", "party", False),
        ("share_class", "", "class", False),
    ),
    "trust-settled": (
        ("beneficiary", "", "party", False),
        ("first_offer_to", "", "party", False),
        ("sale_ordered_by", "", "party", False),
        ("settlor", "", "party", False),
        ("trust", "", "party", False),
        ("trustee", "", "party", False),
    ),
    "trust-amended": (
        ("beneficiary", "", "party", False),
        ("first_offer_to", "", "party", False),
        ("sale_ordered_by", "", "party", False),
        ("trust", "", "party", False),
        ("trustee", "", "party", False),
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
    "voting-rights-suspended": (
        ("holder", "", "party", False),
        ("issuer", "", "issuer", False),
    ),
    "voting-rights-restored": (
        ("holder", "", "party", False),
        ("issuer", "", "issuer", False),
    ),
    "voting-cap-agreed": (
        ("agreement", "", "agreement", False),
        ("holder", "", "party", False),
        ("issuer", "", "issuer", False),
    ),
    "voting-cap-lifted": (
        ("holder", "", "party", False),
        ("issuer", "", "issuer", False),
    ),
    "negotiation-opened": (
        ("parties", "", "party", False),
    ),
    "topic-tabled": (),
    "statement-made": (
        ("person", "", "party", False),
        ("speaker", "", "party", False),
    ),
    "terms-agreed": (
        ("parties", "", "party", False),
    ),
    "agreement-signed": (
        ("agreement", "", "agreement", False),
        ("clauses", "issuer", "issuer", False),
        ("clauses", "party", "party", False),
        ("parties", "", "party", False),
    ),
    "agreement-in-force": (
        ("agreement", "", "agreement", False),
    ),
    "agreement-amended": (
        ("agreement", "", "agreement", False),
        ("clauses", "issuer", "issuer", False),
        ("clauses", "party", "party", False),
    ),
    "agreement-ended": (
        ("agreement", "", "agreement", False),
    ),
    "approval-granted": (
        ("by", "", "party", False),
    ),
    "milestone-expected": (
        ("milestone", "", "milestone", False),
    ),
    "milestone-met": (
        ("milestone", "", "milestone", False),
    ),
    "deal-completed": (),
    "deal-abandoned": (),
    "investment-considered": (
        ("investee", "", "party", False),
        ("investment", "", "investment", False),
        ("investor", "", "party", False),
    ),
    "investment-planned": (
        ("investee", "", "party", False),
        ("investment", "", "investment", False),
        ("investor", "", "party", False),
    ),
    "investment-committed": (
        ("investee", "", "party", False),
        ("investment", "", "investment", False),
        ("investor", "", "party", False),
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
        ("party", "", "party", False),
    ),
    "board-seat-withdrawn": (
        ("company", "", "party", False),
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
    "meeting-held": (
        ("company", "", "party", False),
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
        ("subject", "", "subject", False),
    ),
    "note-added": (
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
    "signing-key-rotated": (),
}
