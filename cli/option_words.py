"""What the options of `append` take, written from the classes by docs/generate.py.

Shells are told by it what may be typed, without the classes, which take longer to load.
"""

# fmt: off
APPEND: dict[str, str] = {
    "--file": "file", "--dry-run": "", "--again": "", "--json": "", "--from": "text",
    "--mapping": "file", "--ids": "file", "--losses": "file", "--allow": "text", "--as": "text",
    "--published-on": "text", "--assert": "", "--changed": "text", "--strict": "",
    "--proof": "", "--defaults": "file", "--clock-is-right": "", "--impact": "",
    "--thresholds": "text",
}
SHARED: dict[str, str] = {
    "--effective-on": "date", "--standing": "official|reported|unnamed|inferred",
    "--known-on": "effective|today|yesterday", "--citations": "@source", "--deal": "@deal",
    "--sequence": "text", "--reaffirms": "@key", "--inferred-from": "text", "--note": "text",
    "--defaults": "file", "--key": "text", "--dry-run": "", "--again": "",
    "--expect-version": "text", "--clock-is-right": "", "--impact": "", "--thresholds": "text",
    "--strict": "", "--proof": "", "--json": "",
}
TYPES: dict[str, dict[str, str]] = {
    "party-registered": {
        "--party": "text", "--kind": "company|division|trust|person|state|fund|alliance|other",
        "--name": "text", "--lei": "text",
    },
    "party-renamed": {
        "--party": "@party,issuer", "--name": "text",
    },
    "party-ended": {
        "--party": "@party,issuer", "--reason": "text",
    },
    "source-registered": {
        "--source": "text", "--title": "text",
        "--kind": "press|press-release|filing|register|contract|minutes|statement|other",
        "--publisher": "text", "--published-on": "date", "--dated-by": "source|recorder",
        "--address": "text", "--sha256": "text", "--file": "text", "--keep": "",
    },
    "source-corrected": {
        "--source": "@source", "--because": "text", "--title": "text",
        "--kind": "press|press-release|filing|register|contract|minutes|statement|other",
        "--publisher": "text", "--published-on": "date", "--dated-by": "source|recorder",
        "--address": "text", "--sha256": "text", "--file": "text", "--keep": "",
    },
    "source-retracted": {
        "--source": "@source", "--because": "text",
    },
    "share-class-created": {
        "--share-class": "text", "--name": "text", "--votes-per-share": "text",
        "--authorised": "text", "--isin": "text",
    },
    "register-opened": {
        "--share-class": "@class", "--holder": "@party,issuer", "--shares": "text",
    },
    "shares-issued": {
        "--share-class": "@class", "--holder": "@party,issuer", "--shares": "text",
        "--price": "text",
    },
    "shares-transferred": {
        "--share-class": "@class", "--transferor": "@party,issuer", "--transferee": "@party,issuer",
        "--shares": "text", "--price": "text",
    },
    "shares-repurchased": {
        "--share-class": "@class", "--holder": "@party,issuer", "--shares": "text",
        "--price": "text",
    },
    "shares-cancelled": {
        "--share-class": "@class", "--shares": "text", "--holder": "@party,issuer",
    },
    "shares-split": {
        "--share-class": "@class", "--ratio": "text",
    },
    "shares-converted": {
        "--share-class": "@class", "--into-class": "@class", "--holder": "@party,issuer",
        "--shares": "text", "--ratio": "text",
    },
    "shares-reclassified": {
        "--share-class": "@class", "--into-class": "@class", "--ratio": "text",
    },
    "dividend-declared": {
        "--share-class": "@class", "--per-share": "text", "--record-on": "date",
        "--payable-on": "date",
    },
    "dividend-paid": {
        "--share-class": "@class", "--per-share": "text",
    },
    "double-votes-granted": {
        "--share-class": "@class", "--holder": "@party,issuer", "--shares": "text",
    },
    "double-votes-ended": {
        "--share-class": "@class", "--holder": "@party,issuer", "--shares": "text",
    },
    "stake-disclosed": {
        "--issuer": "@party,issuer", "--holder": "@party,issuer", "--share-class": "@class",
        "--shares": "text", "--votes": "text", "--percent": "text",
        "--percent-of": "issued|outstanding|votes|unstated",
        "--qualifier": "exactly|about|at-most|at-least", "--interest": "direct|aggregate",
    },
    "balance-asserted": {
        "--share-class": "@class", "--shares": "text", "--holder": "@party,issuer",
        "--total": "issued|outstanding|treasury",
    },
    "trust-settled": {
        "--trust": "@party,issuer", "--settlor": "@party,issuer", "--trustee": "@party,issuer",
        "--beneficiary": "@party,issuer", "--voting": "neutral|as-instructed",
        "--voting-exceptions": "text", "--sale-ordered-by": "@party,issuer",
        "--first-offer-to": "@party,issuer",
    },
    "trust-amended": {
        "--trust": "@party,issuer", "--trustee": "@party,issuer", "--beneficiary": "@party,issuer",
        "--voting": "neutral|as-instructed", "--voting-exceptions": "text",
        "--sale-ordered-by": "@party,issuer", "--first-offer-to": "@party,issuer",
    },
    "trust-ended": {
        "--trust": "@party,issuer", "--reason": "text",
    },
    "shares-placed-in-trust": {
        "--trust": "@party,issuer", "--share-class": "@class", "--holder": "@party,issuer",
        "--shares": "text",
    },
    "shares-released-from-trust": {
        "--trust": "@party,issuer", "--share-class": "@class", "--transferee": "@party,issuer",
        "--shares": "text", "--manner": "sale|return", "--price": "text",
    },
    "voting-rights-suspended": {
        "--issuer": "@party,issuer", "--holder": "@party,issuer", "--reason": "text",
        "--shares": "text",
    },
    "voting-rights-restored": {
        "--issuer": "@party,issuer", "--holder": "@party,issuer", "--reason": "text",
    },
    "voting-cap-agreed": {
        "--issuer": "@party,issuer", "--holder": "@party,issuer", "--percent": "text",
        "--agreement": "@agreement", "--scope": "text",
    },
    "voting-cap-lifted": {
        "--issuer": "@party,issuer", "--holder": "@party,issuer",
    },
    "negotiation-opened": {
        "--parties": "@party,issuer", "--about": "text",
    },
    "topic-tabled": {
        "--topic": "text",
    },
    "statement-made": {
        "--statement": "text", "--speaker": "@party,issuer", "--person": "@party,issuer",
    },
    "terms-agreed": {
        "--parties": "@party,issuer", "--terms": "text",
    },
    "agreement-signed": {
        "--agreement": "@agreement", "--title": "text", "--parties": "@party,issuer",
        "--clauses": "text",
    },
    "agreement-in-force": {
        "--agreement": "@agreement",
    },
    "agreement-amended": {
        "--agreement": "@agreement", "--clauses": "text", "--dropped-clauses": "text",
        "--summary": "text",
    },
    "agreement-ended": {
        "--agreement": "@agreement", "--reason": "text",
    },
    "approval-granted": {
        "--by": "@party,issuer", "--matter": "text",
    },
    "milestone-expected": {
        "--milestone": "@milestone", "--title": "text", "--expected-on": "date",
    },
    "milestone-met": {
        "--milestone": "@milestone",
    },
    "deal-completed": {
    },
    "deal-abandoned": {
        "--reason": "text",
    },
    "investment-considered": {
        "--investment": "@investment", "--amount": "text",
        "--qualifier": "exactly|about|at-most|at-least", "--investor": "@party,issuer",
        "--investee": "@party,issuer", "--percent": "text",
        "--percent-qualifier": "exactly|about|at-most|at-least",
    },
    "investment-planned": {
        "--investment": "@investment", "--amount": "text",
        "--qualifier": "exactly|about|at-most|at-least", "--investor": "@party,issuer",
        "--investee": "@party,issuer", "--percent": "text",
        "--percent-qualifier": "exactly|about|at-most|at-least",
    },
    "investment-committed": {
        "--investment": "@investment", "--amount": "text",
        "--qualifier": "exactly|about|at-most|at-least", "--investor": "@party,issuer",
        "--investee": "@party,issuer", "--percent": "text",
        "--percent-qualifier": "exactly|about|at-most|at-least",
    },
    "investment-confirmed": {
        "--investment": "@investment", "--amount": "text",
        "--qualifier": "exactly|about|at-most|at-least",
    },
    "investment-paid": {
        "--investment": "@investment", "--amount": "text",
        "--qualifier": "exactly|about|at-most|at-least",
    },
    "investment-released": {
        "--investment": "@investment", "--amount": "text",
        "--qualifier": "exactly|about|at-most|at-least", "--reason": "text",
    },
    "offering-planned": {
        "--offering": "@offering", "--issuer": "@party,issuer", "--window": "date",
        "--venue": "text",
    },
    "offering-rescheduled": {
        "--offering": "@offering", "--window": "date", "--reason": "text",
    },
    "offering-cancelled": {
        "--offering": "@offering", "--reason": "text",
    },
    "offering-completed": {
        "--offering": "@offering", "--price": "text",
    },
    "board-seat-granted": {
        "--company": "@party,issuer", "--party": "@party,issuer", "--seats": "text",
        "--agreement": "@agreement",
    },
    "board-seat-withdrawn": {
        "--company": "@party,issuer", "--party": "@party,issuer", "--seats": "text",
    },
    "director-appointed": {
        "--company": "@party,issuer", "--person": "@party,issuer",
        "--nominated-by": "@party,issuer", "--role": "text", "--term-ends-on": "date",
    },
    "director-left": {
        "--company": "@party,issuer", "--person": "@party,issuer",
        "--nominated-by": "@party,issuer", "--reason": "text",
    },
    "officer-appointed": {
        "--company": "@party,issuer", "--person": "@party,issuer", "--role": "text",
        "--term-ends-on": "date",
    },
    "officer-left": {
        "--company": "@party,issuer", "--person": "@party,issuer", "--role": "text",
        "--reason": "text",
    },
    "meeting-held": {
        "--company": "@party,issuer", "--body": "text", "--matter": "text",
    },
    "project-announced": {
        "--project": "@project", "--title": "text", "--parties": "@party,issuer", "--place": "text",
        "--expected-on": "date",
    },
    "project-updated": {
        "--project": "@project", "--change": "text", "--expected-on": "date",
    },
    "project-ended": {
        "--project": "@project", "--reason": "text",
    },
    "claim-recorded": {
        "--subject": "@subject", "--attribute": "text", "--value": "text", "--unit": "text",
        "--qualifier": "exactly|about|at-most|at-least", "--tells": "text",
        "--state": "done|not-yet|will", "--earlier": "text", "--later": "text",
    },
    "note-added": {
        "--subject": "@subject", "--text": "text",
    },
    "event-corrected": {
        "--event": "@key", "--because": "text", "--correction": "clerical|new-information",
        "--changes": "text",
    },
    "event-retracted": {
        "--event": "@key", "--because": "text", "--correction": "clerical|new-information",
    },
    "event-corroborated": {
        "--event": "@key",
    },
    "signing-key-rotated": {
        "--old-key": "text", "--new-key": "text", "--signature": "text",
    },
}
