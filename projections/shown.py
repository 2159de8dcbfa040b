"""Which columns of each question a table has; what each holds is in ``projections.columns``."""

from __future__ import annotations

from collections.abc import Mapping

SHOWN: Mapping[str, tuple[str, ...]] = {  # by question: the columns of a table
    "holdings": ("holder", "shares", "percent", "percent_of", "capacity", "basis_detail"),
    "votes": ("holder", "votes", "votes_percent", "exercisable_percent", "after_caps_percent"),
    "votes --classes": (
        "share_class", "holder", "gross", "votes", "votes_percent", "exercisable", "after_caps",
        "after_caps_percent",
    ),
    "votes --lots": ("holder", "share_class", "lot", "shares", "factor", "votes", "since"),
    "votes --totals": (
        "base", "share_class", "kind", "day", "delta", "recorded", "stated", "gap", "what",
    ),
    "diluted": (
        "kind", "holder", "pool", "as_converted", "vested", "unvested", "diluted", "percent",
        "percent_without_pool", "at_caps", "percent_at_caps",
    ),
    "owners": ("party", "role", "by", "percent", "percent_of", "certain", "since", "until"),
    "owners --all": ("company", "party", "role", "percent", "percent_of", "certain"),
    "rights": ("holder", "party", "kind", "shares", "voting", "votes_by", "dividends_to"),
    "power": (
        "holder", "votes", "percent", "swings", "banzhaf", "shapley", "in_minimal", "veto",
    ),
    "graph": (
        "party", "of", "role", "shares", "percent", "percent_of", "votes_percent",
        "after_caps_percent", "basis", "in_control", "standing",
    ),
    "group": (
        "party", "in_control_of", "since", "until", "by", "through", "votes_attributed", "percent",
        "base", "certain",
    ),
    "group --all": (
        "party", "in_control_of", "by", "through", "votes_attributed", "percent", "base", "certain",
    ),
    "radar": (
        "day", "holder", "rule", "base", "percent_before", "percent_after", "threshold", "due_on",
        "status",
    ),
    "governance": ("kind", "party", "person", "role", "since", "what"),
    "meetings": ("held_on", "body", "title", "status", "votes_for", "votes_against", "percent_for"),
    "deals": (
        "kind", "subject", "party", "status", "terms", "since", "expected", "last_heard", "title",
    ),
    "offer": ("holder", "held", "accepted", "taken", "moved"),
    "pending": ("kind", "subject", "party", "status", "terms", "expected", "last_heard", "title"),
    "breaches": ("from", "until", "clause", "party", "issuer", "verdict", "measured", "limit"),
    "dividends": ("share_class", "holder", "shares", "amount", "currency", "status", "payable_on"),
    "claims": (
        "attribute", "claimed", "effective_on", "standing", "sources", "preferred", "note",
    ),
    "timeline": ("effective_on", "position", "what", "standing", "event"),
    "show": (),
    "parties": ("name", "kind", "party"),
    "classes": ("share_class", "name", "votes_per_share", "issued", "outstanding", "holders"),
    "sources": ("published_on", "publisher", "title", "kind", "cited_by", "source"),
}  # fmt: skip
