"""What the options of `append` take, written from the classes by docs/generate.py.

Shells are told by it what may be typed, without the classes, which take longer to load.
"""

# fmt: off
APPEND: dict[str, str] = {
    "--file": "file", "--dry-run": "", "--again": "", "--json": "", "--from": "text",
    "--mapping": "file", "--ids": "file", "--losses": "file", "--allow": "text", "--as": "text",
    "--published-on": "text", "--assert": "", "--changed": "text", "--strict": "",
    "--proof": "", "--jobs": "text", "--defaults": "file", "--clock-is-right": "",
    "--draft": "", "--save": "file", "--impact": "", "--thresholds": "text",
}
SHARED: dict[str, str] = {
    "--effective-on": "date", "--standing": "official|reported|unnamed|inferred",
    "--known-on": "effective|today|yesterday", "--citations": "@source", "--deal": "@deal",
    "--sequence": "text", "--reaffirms": "@key", "--inferred-from": "text", "--note": "text",
    "--conditional-on": "text", "--under": "@subject", "--tense": "upcoming",
    "--defaults": "file", "--key": "text", "--dry-run": "", "--again": "",
    "--expect-version": "text", "--clock-is-right": "", "--draft": "", "--save": "file",
    "--impact": "", "--thresholds": "text", "--strict": "", "--proof": "", "--json": "",
}
TYPES: dict[str, dict[str, str]] = {
    "party-registered": {
        "--party": "text",
        "--kind": "company|division|trust|person|state|fund|alliance|joint|estate|unknown|other",
        "--name": "text", "--lei": "text", "--aliases": "text", "--identifiers": "text",
        "--registration": "text", "--members": "@party,issuer",
        "--capacity": "owners|trustees|personal-representatives", "--designation": "text",
        "--unspecified-because": "no-beneficial-owners|subject-unable-to-confirm|interested-party-has-not-provided|subject-exempt-from-disclosure|interested-party-exempt-from-disclosure|unknown|information-unknown-to-publisher",
    },
    "party-renamed": {
        "--party": "@party,issuer", "--name": "text",
    },
    "party-ended": {
        "--party": "@party,issuer", "--reason": "text",
        "--manner": "dissolution|merger|demerger|conversion|death|struck-off",
        "--successors": "@party,issuer",
    },
    "party-details-changed": {
        "--party": "@party,issuer", "--address": "text",
        "--address-kind": "registered-office|service|inspection-place", "--legal-form": "text",
        "--jurisdiction": "text", "--home-state": "text", "--lei": "text", "--registration": "text",
        "--aliases": "text", "--identifiers": "text", "--born": "date", "--nationality": "text",
        "--occupation": "text", "--country-of-residence": "text", "--former-names": "text",
    },
    "parties-identified": {
        "--party": "@party,issuer", "--same-as": "@party,issuer", "--because": "text",
    },
    "party-status-changed": {
        "--party": "@party,issuer",
        "--status": "active|in-liquidation|insolvent|in-administration|in-receivership|frozen|struck-off|nationalised|restored",
        "--by": "@party,issuer", "--reason": "text", "--as-if-never-ended": "yes|no",
    },
    "relationship-began": {
        "--relationship": "@relationship", "--party": "@party,issuer", "--of": "@party,issuer",
        "--kind": "control|concert|member|influence|significant-control|profit-rights|surplus-rights|asset-use|employment|no-control|no-concert|unknown|unpublished",
        "--basis": "majority|board|contract|articles|law|de-facto",
        "--denied-for": "accounting|takeover-law|disclosure-law|agreement", "--percent": "text",
        "--percent-to": "text", "--qualifier": "exactly|about|at-most|at-least", "--role": "text",
        "--natures": "text",
    },
    "relationship-ended": {
        "--relationship": "@relationship", "--reason": "text",
        "--manner": "resigned|dismissed|dismissed-for-cause|redundant|retired|died|disabled|agreed|expired",
        "--leaver": "good|bad|intermediate",
    },
    "source-registered": {
        "--source": "text", "--title": "text",
        "--kind": "press|press-release|filing|register|contract|minutes|statement|other",
        "--publisher": "text", "--published-on": "date", "--dated-by": "source|recorder",
        "--address": "text", "--sha256": "text", "--form": "text", "--registry": "text",
        "--reference": "text", "--made-up-to": "date", "--outcome": "accepted|rejected",
        "--replaces": "@source", "--file": "text", "--keep": "",
    },
    "source-corrected": {
        "--source": "@source", "--because": "text", "--title": "text",
        "--kind": "press|press-release|filing|register|contract|minutes|statement|other",
        "--publisher": "text", "--published-on": "date", "--dated-by": "source|recorder",
        "--address": "text", "--sha256": "text", "--form": "text", "--registry": "text",
        "--reference": "text", "--made-up-to": "date", "--outcome": "accepted|rejected",
        "--replaces": "@source", "--file": "text", "--keep": "",
    },
    "source-retracted": {
        "--source": "@source", "--because": "text",
    },
    "share-class-created": {
        "--name": "text", "--isin": "text", "--par-value": "text", "--converts-into": "@class",
        "--converts-at": "text", "--original-price": "text", "--conversion-price": "text",
        "--converts-when": "sale|vote|listing", "--anti-dilution": "none|broad|narrow|ratchet",
        "--rank": "text", "--preference-multiple": "text", "--preference-per-share": "text",
        "--participates": "no|full|capped", "--participation-cap": "text",
        "--dividend-rate": "text", "--dividend-cumulative": "yes|no", "--redeemable": "yes|no",
        "--represents": "@class", "--receipts-per-share": "text", "--depositary": "@party,issuer",
        "--attached-to": "@class", "--per-share": "text", "--detached-on": "date",
        "--expires-on": "date", "--last-traded-on": "date", "--unit": "text",
        "--lot-order": "fewest-votes|oldest|newest|most-votes", "--votes-after-months": "text",
        "--vote-fractions": "exact|dropped", "--consents": "text", "--appoints": "text",
        "--share-class": "text", "--kind": "share|voting|right|warrant|receipt|unit",
        "--votes-per-share": "text", "--authorised": "text", "--fraction-digits": "1|2|3|4|5|6",
    },
    "share-class-amended": {
        "--name": "text", "--isin": "text", "--par-value": "text", "--converts-into": "@class",
        "--converts-at": "text", "--original-price": "text", "--conversion-price": "text",
        "--converts-when": "sale|vote|listing", "--anti-dilution": "none|broad|narrow|ratchet",
        "--rank": "text", "--preference-multiple": "text", "--preference-per-share": "text",
        "--participates": "no|full|capped", "--participation-cap": "text",
        "--dividend-rate": "text", "--dividend-cumulative": "yes|no", "--redeemable": "yes|no",
        "--represents": "@class", "--receipts-per-share": "text", "--depositary": "@party,issuer",
        "--attached-to": "@class", "--per-share": "text", "--detached-on": "date",
        "--expires-on": "date", "--last-traded-on": "date", "--unit": "text",
        "--lot-order": "fewest-votes|oldest|newest|most-votes", "--votes-after-months": "text",
        "--vote-fractions": "exact|dropped", "--consents": "text", "--appoints": "text",
        "--share-class": "@class", "--votes-per-share": "text",
    },
    "capital-authorised": {
        "--issuer": "@party,issuer", "--limit": "total|issue|repurchase", "--share-class": "@class",
        "--shares": "text", "--amount": "text", "--until": "date", "--authority": "text",
    },
    "listing-changed": {
        "--share-class": "@class", "--venue": "text",
        "--status": "listed|quoted|suspended|resumed|delisted", "--symbol": "text",
    },
    "register-opened": {
        "--share-class": "@class", "--holder": "@party,issuer", "--shares": "text",
        "--paid-per-share": "text", "--numbers": "text",
    },
    "shares-issued": {
        "--share-class": "@class", "--holder": "@party,issuer", "--shares": "text",
        "--price": "text", "--amount": "text", "--paid-per-share": "text",
        "--consideration": "text", "--pool": "@pool", "--lot": "text", "--numbers": "text",
    },
    "shares-transferred": {
        "--share-class": "@class", "--transferor": "@party,issuer", "--transferee": "@party,issuer",
        "--shares": "text", "--price": "text", "--amount": "text",
        "--ground": "sale|gift|family-gift|inheritance|transmission|matrimonial|survivorship|settlement|trustee-change|nominee-change|insolvency|merger|demerger|contribution|enforcement|court-order|nationalisation|loan|return",
        "--lots": "text", "--multiple-votes-kept": "yes|no", "--instrument-on": "date",
        "--lodged-on": "date", "--numbers": "text",
    },
    "shares-repurchased": {
        "--share-class": "@class", "--holder": "@party,issuer", "--shares": "text",
        "--price": "text", "--amount": "text", "--then": "treasury|cancelled",
        "--ground": "purchase|forfeiture|surrender|gift|redemption",
        "--out-of": "profit|fresh-issue|capital", "--lots": "text",
    },
    "shares-cancelled": {
        "--share-class": "@class", "--shares": "text", "--holder": "@party,issuer",
        "--ground": "redemption|reduction|withdrawn|forfeiture|lapsed", "--price": "text",
        "--lots": "text",
    },
    "shares-split": {
        "--share-class": "@class", "--fractions": "refuse|cash|down|up|nearest|to-party|issue",
        "--fractions-to": "@party,issuer", "--fraction-price": "text", "--total": "text",
        "--ratio": "text", "--par": "scales|stays", "--lots": "text",
    },
    "shares-converted": {
        "--share-class": "@class", "--fractions": "refuse|cash|down|up|nearest|to-party|issue",
        "--fractions-to": "@party,issuer", "--fraction-price": "text", "--total": "text",
        "--into-class": "@class", "--holder": "@party,issuer", "--shares": "text",
        "--ratio": "text", "--price": "text", "--supply": "@party,issuer",
    },
    "shares-reclassified": {
        "--share-class": "@class", "--fractions": "refuse|cash|down|up|nearest|to-party|issue",
        "--fractions-to": "@party,issuer", "--fraction-price": "text", "--total": "text",
        "--into-class": "@class", "--ratio": "text", "--par": "scales|stays", "--lots": "text",
    },
    "shares-distributed": {
        "--share-class": "@class", "--fractions": "refuse|cash|down|up|nearest|to-party|issue",
        "--fractions-to": "@party,issuer", "--fraction-price": "text", "--total": "text",
        "--distributed-class": "@class", "--ratio": "text", "--supply": "@party,issuer",
        "--treasury": "excluded|included", "--record-on": "date", "--ex-on": "date",
    },
    "shares-exchanged": {
        "--share-class": "@class", "--fractions": "refuse|cash|down|up|nearest|to-party|issue",
        "--fractions-to": "@party,issuer", "--fraction-price": "text", "--total": "text",
        "--holder": "@party,issuer", "--into-class": "@class", "--ratio": "text",
        "--supply": "@party,issuer", "--cash": "text", "--cash-by": "deal",
        "--paid-by": "@party,issuer", "--old-shares": "@party,issuer", "--excluded": "text",
        "--votes": "carried|end",
    },
    "shares-paid-up": {
        "--share-class": "@class", "--per-share": "text", "--holder": "@party,issuer",
        "--shares": "text", "--lot": "text",
    },
    "call-made": {
        "--share-class": "@class", "--per-share": "text", "--due-on": "date",
        "--holder": "@party,issuer", "--shares": "text",
    },
    "registration-changed": {
        "--share-class": "@class", "--holder": "@party,issuer", "--shares": "text",
        "--to": "bearer|registered", "--lots": "text",
    },
    "transfer-lodged": {
        "--transfer": "@transfer", "--share-class": "@class", "--transferor": "@party,issuer",
        "--transferee": "@party,issuer", "--shares": "text", "--instrument-on": "date",
    },
    "transfer-settled": {
        "--transfer": "@transfer", "--outcome": "registered|refused|withdrawn", "--reason": "text",
    },
    "certificate-recorded": {
        "--certificate": "@certificate", "--share-class": "@class", "--holder": "@party,issuer",
        "--shares": "text", "--status": "issued|surrendered|lost|replaced", "--numbers": "text",
    },
    "dividend-declared": {
        "--share-class": "@class", "--per-share": "text", "--amount": "text",
        "--in-class": "@class", "--ratio": "text", "--at-most": "text", "--record-on": "date",
        "--ex-on": "date", "--payable-on": "date", "--dividend": "@dividend",
        "--out-of": "profit|premium|capital|gains|sale-proceeds|liquidation", "--options": "text",
        "--default-option": "text",
    },
    "dividend-paid": {
        "--share-class": "@class", "--per-share": "text", "--dividend": "@dividend",
        "--out-of": "profit|premium|capital|gains|sale-proceeds|liquidation",
        "--holder": "@party,issuer", "--option": "text",
    },
    "stake-disclosed": {
        "--issuer": "@party,issuer", "--holder": "@party,issuer", "--share-class": "@class",
        "--shares": "text", "--votes": "text", "--percent": "text", "--percent-to": "text",
        "--percent-of": "issued|outstanding|votes|unstated|gross-votes|held-votes|net-votes|capital|capital-par|mutual-votes|diluted|authorised|theoretical-votes|exercisable-votes",
        "--qualifier": "exactly|about|at-most|at-least|more-than|less-than",
        "--interest": "direct|aggregate|indirect|group", "--form": "text", "--triggered-on": "date",
        "--base-on": "date", "--replaces": "text",
    },
    "balance-asserted": {
        "--share-class": "@class", "--shares": "text", "--holder": "@party,issuer",
        "--total": "issued|outstanding|treasury|authorised|capital|gross-votes|held-votes|net-votes|mutual-votes|theoretical-votes|exercisable-votes",
    },
    "double-votes-granted": {
        "--share-class": "@class", "--holder": "@party,issuer", "--shares": "text",
        "--factor": "text", "--lot": "text",
    },
    "double-votes-ended": {
        "--share-class": "@class", "--holder": "@party,issuer", "--shares": "text", "--lot": "text",
    },
    "voting-rights-suspended": {
        "--issuer": "@party,issuer", "--holder": "@party,issuer", "--reason": "text",
        "--shares": "text", "--share-class": "@class", "--suspension": "text",
        "--same-shares-as": "text", "--until": "date", "--agreement": "@agreement",
        "--reach": "own|instructed|controlled|concert", "--follows": "shares",
    },
    "voting-rights-restored": {
        "--issuer": "@party,issuer", "--holder": "@party,issuer", "--reason": "text",
        "--suspension": "text",
    },
    "voting-cap-agreed": {
        "--issuer": "@party,issuer", "--holder": "@party,issuer", "--every": "yes|no",
        "--percent": "text", "--agreement": "@agreement", "--scope": "text", "--cap": "text",
        "--source": "articles|agreement|law",
        "--base": "issued|outstanding|gross-votes|held-votes|net-votes|capital|capital-par|diluted|present|cast",
        "--reach": "own|instructed|controlled|concert", "--members": "@party,issuer",
        "--until": "date", "--matters": "text", "--exceptions": "text",
        "--may-be-reached": "yes|no", "--survives-agreement": "yes|no",
    },
    "voting-cap-lifted": {
        "--issuer": "@party,issuer", "--holder": "@party,issuer", "--every": "yes|no",
        "--cap": "text",
    },
    "share-right-granted": {
        "--right": "@right", "--share-class": "@class", "--holder": "@party,issuer",
        "--to": "@party,issuer", "--kind": "pledge|usufruct|nominee|custody|loan|proxy|own-shares",
        "--shares": "text", "--votes": "holder|to|by-matter|as-instructed", "--votes-on": "text",
        "--dividends": "holder|to", "--disposal": "holder|to|both", "--meeting": "@meeting",
        "--until": "date", "--votes-from": "@condition",
    },
    "share-right-ended": {
        "--right": "@right", "--shares": "text", "--reason": "text", "--to-next": "@right",
        "--price": "text",
    },
    "shares-restricted": {
        "--restriction": "@restriction", "--share-class": "@class", "--holder": "@party,issuer",
        "--shares": "text", "--vests": "text", "--months": "text", "--cliff": "text",
        "--every": "text", "--vests-from": "date", "--vests-while": "@relationship",
        "--repurchase-price": "text", "--held-back-by": "@party,issuer",
    },
    "restriction-ended": {
        "--restriction": "@restriction", "--shares": "text", "--reason": "text",
    },
    "pool-reserved": {
        "--pool": "@pool", "--issuer": "@party,issuer", "--share-class": "@class",
        "--shares": "text",
    },
    "instrument-granted": {
        "--instrument": "@instrument", "--shares": "text", "--exercise-price": "text",
        "--expires-on": "date", "--vests": "text", "--months": "text", "--cliff": "text",
        "--every": "text", "--vests-from": "date", "--vests-while": "@relationship",
        "--exercisable": "vested|exit|from-grant", "--window-after-leaving": "text",
        "--windows": "text", "--scheme": "text", "--cap": "text",
        "--cap-base": "post-money|pre-money", "--discount": "text", "--interest": "text",
        "--interest-method": "simple|compound", "--day-count": "act/365|act/360|30/360",
        "--matures-on": "date", "--longstop-on": "date", "--longstop-price": "text",
        "--longstop-cap": "text", "--most-favoured": "yes|no",
        "--converts-into": "standard|own-series", "--terms": "text",
        "--kind": "option|warrant|convertible|future-equity|share-unit|phantom|call|put",
        "--holder": "@party,issuer", "--issuer": "@party,issuer", "--share-class": "@class",
        "--principal": "text", "--pool": "@pool", "--writer": "@party,issuer",
        "--status": "granted|promised", "--highest-exercise-price": "text",
    },
    "instrument-amended": {
        "--instrument": "@instrument", "--shares": "text", "--exercise-price": "text",
        "--expires-on": "date", "--vests": "text", "--months": "text", "--cliff": "text",
        "--every": "text", "--vests-from": "date", "--vests-while": "@relationship",
        "--exercisable": "vested|exit|from-grant", "--window-after-leaving": "text",
        "--windows": "text", "--scheme": "text", "--cap": "text",
        "--cap-base": "post-money|pre-money", "--discount": "text", "--interest": "text",
        "--interest-method": "simple|compound", "--day-count": "act/365|act/360|30/360",
        "--matures-on": "date", "--longstop-on": "date", "--longstop-price": "text",
        "--longstop-cap": "text", "--most-favoured": "yes|no",
        "--converts-into": "standard|own-series", "--terms": "text", "--because": "text",
    },
    "instrument-vested": {
        "--instrument": "@instrument", "--shares": "text", "--accelerated": "yes|no",
    },
    "instrument-transferred": {
        "--instrument": "@instrument", "--transferee": "@party,issuer", "--shares": "text",
        "--into": "@instrument", "--price": "text",
    },
    "instrument-exercised": {
        "--share-class": "@class", "--instrument": "@instrument", "--holder": "@party,issuer",
        "--settled": "new|treasury|transfer|cash", "--quantity": "text", "--shares": "text",
        "--amount": "text", "--price": "text", "--cash-for-fraction": "text",
        "--counterparty": "@party,issuer", "--delivers": "counterparty|holder", "--early": "yes|no",
    },
    "instrument-ended": {
        "--instrument": "@instrument",
        "--reason": "expired|lapsed|forfeited|cancelled|redeemed|withdrawn|cashed-out",
        "--quantity": "text", "--returns-to-pool": "yes|no", "--cash": "text",
        "--payable": "now|as-vested",
    },
    "trust-settled": {
        "--trust": "@party,issuer", "--settlors": "@party,issuer", "--trustees": "@party,issuer",
        "--beneficiaries": "text", "--kind": "voting-trust|bare|discretionary",
        "--voting": "neutral|as-instructed", "--voting-exceptions": "text",
        "--protectors": "@party,issuer", "--instructed-by": "@party,issuer",
        "--sale-ordered-by": "@party,issuer", "--first-offer-to": "@party,issuer",
    },
    "trust-amended": {
        "--trust": "@party,issuer", "--trustees": "@party,issuer", "--beneficiaries": "text",
        "--voting": "neutral|as-instructed", "--voting-exceptions": "text",
        "--protectors": "@party,issuer", "--instructed-by": "@party,issuer",
        "--sale-ordered-by": "@party,issuer", "--first-offer-to": "@party,issuer",
    },
    "trust-ended": {
        "--trust": "@party,issuer", "--reason": "text",
    },
    "shares-placed-in-trust": {
        "--share-class": "@class", "--trust": "@party,issuer", "--holder": "@party,issuer",
        "--shares": "text",
    },
    "shares-released-from-trust": {
        "--share-class": "@class", "--trust": "@party,issuer", "--transferee": "@party,issuer",
        "--shares": "text", "--manner": "sale|return", "--price": "text",
    },
    "offer-made": {
        "--offer": "@offer", "--price": "text", "--prices": "text", "--ratio": "text",
        "--at-least": "text", "--at-most": "text",
        "--scaling": "all-tenders|entitlement-first|price-first", "--odd-lots": "text",
        "--closes-on": "date", "--offeror": "@party,issuer",
        "--kind": "tender|exchange|buy-back|dutch-auction|odd-lot|priority|mandatory|dividend-choice|pre-emption|first-offer|first-refusal|co-sale|drag|proposal",
        "--share-class": "@class", "--into-class": "@class", "--options": "text",
        "--default-option": "text", "--opens-on": "date", "--record-on": "date",
        "--to": "@party,issuer", "--holders-of": "@class", "--agreement": "@agreement",
        "--clause": "text", "--resolution": "@resolution", "--dividend": "@dividend",
        "--shares": "text", "--allocation": "largest-remainder|down", "--excess": "yes|no",
        "--transferee": "@party,issuer", "--binding": "yes|no",
    },
    "offer-amended": {
        "--offer": "@offer", "--price": "text", "--prices": "text", "--ratio": "text",
        "--at-least": "text", "--at-most": "text",
        "--scaling": "all-tenders|entitlement-first|price-first", "--odd-lots": "text",
        "--closes-on": "date",
    },
    "offer-accepted": {
        "--offer": "@offer", "--holder": "@party,issuer", "--shares": "text", "--excess": "text",
        "--option": "text", "--price": "text",
    },
    "offer-closed": {
        "--offer": "@offer", "--result": "successful|lapsed|withdrawn|declined|replaced",
        "--accepted": "text", "--taken": "text", "--price": "text",
    },
    "negotiation-opened": {
        "--parties": "@party,issuer", "--about": "text", "--revives": "text",
    },
    "deal-considered": {
        "--parties": "@party,issuer", "--about": "text", "--agreement": "@agreement",
    },
    "topic-tabled": {
        "--topic": "text",
    },
    "statement-made": {
        "--statement": "text", "--speaker": "@party,issuer", "--person": "@party,issuer",
    },
    "terms-agreed": {
        "--parties": "@party,issuer", "--terms": "text", "--exchange-class": "@class",
        "--into-class": "@class", "--ratio": "text", "--price": "text",
    },
    "agreement-signed": {
        "--agreement": "@agreement", "--title": "text", "--parties": "@party,issuer",
        "--clauses": "text", "--exceptions": "text",
        "--form": "agreement|articles|charter|bylaws|side-letter|law|court-order",
        "--binds": "signatories|members|holders-of-class", "--of-class": "@class",
        "--until": "date", "--exchange-class": "@class", "--into-class": "@class",
        "--ratio": "text",
    },
    "agreement-in-force": {
        "--agreement": "@agreement", "--title": "text", "--parties": "@party,issuer",
        "--clauses": "text", "--exceptions": "text",
        "--form": "agreement|articles|charter|bylaws|side-letter|law|court-order",
        "--binds": "signatories|members|holders-of-class", "--of-class": "@class",
        "--of": "@party,issuer", "--until": "date", "--revives": "text", "--restores": "yes|no",
    },
    "agreement-amended": {
        "--agreement": "@agreement", "--clauses": "text", "--exceptions": "text",
        "--dropped-clauses": "text", "--summary": "text", "--parties-joined": "@party,issuer",
        "--parties-left": "@party,issuer", "--until": "date",
    },
    "agreement-ended": {
        "--agreement": "@agreement", "--reason": "text", "--by": "@party,issuer",
        "--manner": "agreed|expired|completed|decided|replaced|terminated",
    },
    "milestone-expected": {
        "--milestone": "@milestone", "--title": "text", "--expected-on": "date", "--met-by": "text",
    },
    "milestone-met": {
        "--milestone": "@milestone",
    },
    "deal-completed": {
        "--revives": "text", "--cash": "text", "--held-back": "text", "--escrow-until": "date",
        "--earn-out": "text",
    },
    "deal-abandoned": {
        "--reason": "text",
    },
    "condition-set": {
        "--condition": "@condition", "--text": "text", "--effect": "precedent|subsequent",
        "--agreement": "@agreement",
        "--kind": "vote|regulatory|financing|acceptance|event|ownership|date|other",
        "--met-by": "text", "--long-stop-on": "date", "--party": "@party,issuer",
        "--issuer": "@party,issuer",
        "--base": "issued|outstanding|gross-votes|held-votes|net-votes|capital|capital-par|diluted|present|cast",
        "--at-least": "text", "--above": "text",
    },
    "condition-settled": {
        "--condition": "@condition", "--outcome": "satisfied|waived|failed|extended|reopened",
        "--by": "@party,issuer", "--because": "text", "--long-stop-on": "date",
    },
    "approval-granted": {
        "--by": "@party,issuer", "--matter": "text", "--kind": "consent|waiver|disapplication",
        "--of": "@subject", "--of-event": "text", "--clause": "text", "--body": "text",
        "--by-class": "@class", "--percent": "text",
    },
    "approval-refused": {
        "--by": "@party,issuer", "--matter": "text", "--of": "@subject", "--of-event": "text",
        "--clause": "text", "--body": "text", "--reason": "text",
    },
    "notice-given": {
        "--kind": "termination|breach|extension|resignation|exercise|information-request|objection",
        "--by": "@party,issuer", "--to": "@party,issuer", "--agreement": "@agreement",
        "--clause": "text", "--ends-on": "date", "--contests": "text", "--reason": "text",
    },
    "proceeding-opened": {
        "--proceeding": "@proceeding", "--body": "@party,issuer",
        "--kind": "suit|counterclaim|merger-review|investment-review|investigation|appraisal|injunction|arbitration",
        "--opened-by": "@party,issuer", "--parties": "@party,issuer", "--agreement": "@agreement",
        "--seeks": "text",
    },
    "proceeding-advanced": {
        "--proceeding": "@proceeding",
        "--step": "filed|accepted|waiting-period|hearing-set|stayed|referred|extended|other",
        "--until": "date", "--text": "text",
    },
    "proceeding-decided": {
        "--proceeding": "@proceeding",
        "--outcome": "cleared|cleared-on-terms|prohibited|expired-without-action|granted|dismissed|settled|withdrawn",
        "--settles": "text", "--terms": "@agreement", "--text": "text",
    },
    "investment-considered": {
        "--investment": "@investment", "--amount": "text",
        "--qualifier": "exactly|about|at-most|at-least", "--investor": "@party,issuer",
        "--investee": "@party,issuer", "--percent": "text",
        "--percent-qualifier": "exactly|about|at-most|at-least",
        "--kind": "equity|debt|margin-loan|in-kind|guarantee", "--within": "@investment",
        "--share-class": "@class", "--shares": "text", "--until": "date",
    },
    "investment-planned": {
        "--investment": "@investment", "--amount": "text",
        "--qualifier": "exactly|about|at-most|at-least", "--investor": "@party,issuer",
        "--investee": "@party,issuer", "--percent": "text",
        "--percent-qualifier": "exactly|about|at-most|at-least",
        "--kind": "equity|debt|margin-loan|in-kind|guarantee", "--within": "@investment",
        "--share-class": "@class", "--shares": "text", "--until": "date",
    },
    "investment-committed": {
        "--investment": "@investment", "--amount": "text",
        "--qualifier": "exactly|about|at-most|at-least", "--investor": "@party,issuer",
        "--investee": "@party,issuer", "--percent": "text",
        "--percent-qualifier": "exactly|about|at-most|at-least",
        "--kind": "equity|debt|margin-loan|in-kind|guarantee", "--within": "@investment",
        "--share-class": "@class", "--shares": "text", "--until": "date",
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
    "offering-considered": {
        "--offering": "@offering", "--issuer": "@party,issuer", "--window": "date",
        "--venue": "text",
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
        "--company": "@party,issuer", "--party": "@party,issuer", "--holders-of": "@class",
        "--seats": "text", "--seat": "director|chair|observer", "--agreement": "@agreement",
        "--steps": "text",
        "--steps-of": "issued|outstanding|gross-votes|held-votes|net-votes|capital|capital-par|diluted|present|cast",
        "--of-class": "@class", "--ground": "articles|agreement|law",
        "--survives-agreement": "yes|no",
    },
    "board-seat-withdrawn": {
        "--company": "@party,issuer", "--party": "@party,issuer", "--holders-of": "@class",
        "--seats": "text", "--seat": "director|chair|observer",
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
        "--term-ends-on": "date", "--signs": "alone|jointly|no",
    },
    "officer-left": {
        "--company": "@party,issuer", "--person": "@party,issuer", "--role": "text",
        "--reason": "text",
    },
    "meeting-called": {
        "--meeting": "@meeting", "--company": "@party,issuer", "--body": "text",
        "--held-on": "date", "--record-on": "date", "--place": "text", "--agenda": "text",
    },
    "meeting-held": {
        "--company": "@party,issuer", "--body": "text", "--matter": "text", "--meeting": "@meeting",
        "--votes-present": "text", "--percent-present": "text",
        "--percent-of": "issued|outstanding|votes|unstated|gross-votes|held-votes|net-votes|capital|capital-par|mutual-votes|diluted|authorised|theoretical-votes|exercisable-votes",
    },
    "resolution-voted": {
        "--resolution": "@resolution", "--company": "@party,issuer", "--title": "text",
        "--outcome": "passed|rejected|withdrawn", "--meeting": "@meeting",
        "--form": "meeting|written", "--of-class": "@class", "--majority": "text",
        "--majority-of": "cast|present|eligible|outstanding|class-outstanding|capital-present",
        "--votes-for": "text", "--votes-against": "text", "--abstained": "text",
        "--withheld": "text", "--not-voted": "text", "--votes-present": "text",
        "--votes-eligible": "text", "--percent-for": "text", "--percent-against": "text",
        "--percent-abstained": "text",
        "--percent-of-votes": "cast|present|eligible|outstanding|class-outstanding|capital-present",
        "--quorum-percent": "text", "--qualifier": "exactly|about|at-most|at-least",
        "--preliminary": "yes|no", "--elects": "@party,issuer", "--holdover": "yes|no",
    },
    "votes-cast": {
        "--company": "@party,issuer", "--resolution": "@resolution", "--holder": "@party,issuer",
        "--votes": "text", "--choice": "for|against|abstain", "--share-class": "@class",
        "--proxy": "@party,issuer",
    },
    "project-considered": {
        "--project": "@project", "--title": "text", "--parties": "@party,issuer", "--place": "text",
        "--expected-on": "date",
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
        "--nature": "fact|target|forecast|opinion", "--speaker": "@party,issuer",
        "--person": "@party,issuer",
    },
    "note-added": {
        "--subject": "@subject", "--text": "text",
    },
    "event-type-declared": {
        "--name": "text", "--title": "text", "--wording": "text", "--fields": "text",
    },
    "declared-event-recorded": {
        "--declared": "text", "--version": "text", "--subject": "@subject", "--values": "text",
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
    "action-withdrawn": {
        "--event": "@key", "--because": "text", "--by": "@party,issuer",
    },
    "signing-key-rotated": {
        "--old-key": "text", "--new-key": "text", "--signature": "text",
    },
}
