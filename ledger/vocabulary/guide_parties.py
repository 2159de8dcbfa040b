"""Guides to the types on parties, relationships, trusts, rights in shares and instruments."""

from __future__ import annotations

from ledger.vocabulary.guiding import Guide

PARTIES = (
    Guide("party-registered",
          "The record has to speak of a company, person, fund, state, trust or joint account.",
          "It is known under another id already: `parties-identified`; its address or number"
          " changes: `party-details-changed`.",
          "new company, new party, incorporation, founding, company formed, joint account,"
          " joint holders, joint tenants, new shareholder, new person, register a company"),
    Guide("party-renamed",
          "A party has a new name and stays the same party.",
          "It gives way to another: `party-ended`; a class is renamed: `share-class-amended`.",
          "name change, change of name, rename, renamed company, rebranding, marriage name"),
    Guide("party-ended",
          "A party ceases to exist: dissolved, merged away, divided, died.",
          "It is only being wound up, or struck off and restored: `party-status-changed`.",
          "death, died, dissolution, dissolved company, merged away, winding up completed,"
          " estate, deceased shareholder, company dissolved"),
    Guide("party-details-changed",
          "Address, legal form, governing law, number, LEI, aliases or other details change.",
          "The name changes: `party-renamed`; its standing in law: `party-status-changed`.",
          "change of address, registered office, reincorporation, redomiciliation, conversion"
          " of legal form, change of legal form, migration, lei, service address, seat"
          " transfer, place of incorporation, alias, moves to another state"),
    Guide("parties-identified",
          "Two ids turn out to be one and the same party.",
          "One party controls the other: `relationship-began`; one id was used wrongly:"
          " `event-corrected`.",
          "same party, duplicate party, same person twice, merge ids, duplicate shareholder"),
    Guide("party-status-changed",
          "A party is in liquidation, insolvent, frozen, struck off, nationalised or restored.",
          "It ceases to exist: `party-ended`; a receiver takes office: `officer-appointed`.",
          "bankruptcy, insolvency, liquidation, winding up, administration, receivership,"
          " struck off, restoration, bankrupt, nationalisation, restored to the register,"
          " chapter 11, sanctions, asset freeze, taken over by the state, resolution of a bank"),
)  # fmt: skip
RELATIONSHIPS = (
    Guide("relationship-began",
          "Somebody controls, belongs to, acts in concert with or works for somebody.",
          "It may name directors: `board-seat-granted`; a notice states its stake:"
          " `stake-disclosed`; it is one holder of several members: `party-registered`.",
          "control, acting in concert, concert party, psc, person with significant control,"
          " employment, hired, joins the alliance, beneficial owner, parent company,"
          " subsidiary, dominant influence, member of a group, ultimate beneficial owner,"
          " employee joins"),
    Guide("relationship-ended",
          "Control, concert, membership or employment ends.",
          "A director goes: `director-left`; an officer: `officer-left`.",
          "leaver, good leaver, bad leaver, employee leaves, concert dissolved, leaves the"
          " alliance, end of control, ceases to be a psc, employment terminated"),
)  # fmt: skip
TRUSTS = (
    Guide("trust-settled",
          "A trust is set up: who settles it, who holds, who benefits, how it votes.",
          "Shares are held as a nominee, or pledged: `share-right-granted`.",
          "trust created, family trust, voting trust, settlement of a trust, trust deed,"
          " foundation holds shares, new trust"),
    Guide("trust-amended",
          "Trustees, beneficiaries or terms of a trust change.",
          "Shares go in or out: `shares-placed-in-trust`, `shares-released-from-trust`.",
          "change of trustee, trust deed changed, new trustee, trustee retires, change of"
          " beneficiary, trust terms"),
    Guide("trust-ended",
          "A trust ends.",
          "Its shares leave it by `shares-released-from-trust`.",
          "end of trust, trust wound up, trust terminated, trust dissolved"),
)  # fmt: skip
RIGHTS = (
    Guide("share-right-granted",
          "Somebody gains a pledge, usufruct, nominee, custody, loan or proxy on others' shares.",
          "Title passes: `shares-transferred`; votes are capped: `voting-cap-agreed`; a right to"
          " buy: `instrument-granted`.",
          "pledge, charge over shares, lien, usufruct, nominee, custody, share loan, stock"
          " loan, securities lending, proxy, life interest, nominee holding, power of attorney"
          " to vote, bare ownership, share charge, security over shares, proxy given"),
    Guide("share-right-ended",
          "A pledge, usufruct, loan, proxy or nominee holding falls away.",
          "A pledge is enforced: `shares-transferred` as well.",
          "pledge released, release of charge, end of usufruct, loan returned, proxy revoked,"
          " release of pledge, nominee ends, stock loan returned"),
    Guide("shares-restricted",
          "Issued shares vest over time, or are held back, and may be bought back until then.",
          "The holder has only an option or a unit: `instrument-granted`; a sale is forbidden by"
          " contract: a clause of `agreement-signed`.",
          "restricted stock, founder vesting, reverse vesting, restricted shares, holdback"
          " shares, rsa, shares subject to repurchase, founder shares vest"),
    Guide("restriction-ended",
          "Restricted shares are free at once, or were bought back.",
          "They vest by their schedule: nothing is recorded; shares go back:"
          " `shares-repurchased` too.",
          "acceleration of founder shares, restriction lifted, shares freed, release of"
          " holdback"),
)  # fmt: skip
INSTRUMENTS = (
    Guide("pool-reserved",
          "So many shares are set aside for grants: the new total of the pool.",
          "Shares are authorised in general: `capital-authorised`.",
          "option pool, esop, employee share plan, stock option plan, option plan, pool increase,"
          " equity incentive plan, plan adopted, emi scheme"),
    Guide("instrument-granted",
          "Somebody gets an option, warrant, convertible, SAFE, share unit, call or put.",
          "Rights or warrants are traded: a class, `share-class-created`; shares are issued at"
          " once: `shares-issued`, with `shares-restricted` where they vest.",
          "option grant, stock options, share options, safe, safe signed, convertible note,"
          " convertible loan, warrant, rsu, restricted stock unit, phantom shares, call option,"
          " put option, advance subscription agreement, grant of options, convertible bond,"
          " kiss, employee options, phantom stock, vesting schedule, sar, options promised,"
          " emi option, iso option, incentive stock option"),
    Guide("instrument-amended",
          "Exercise price, expiry, vesting or other terms of an instrument change.",
          "More is granted: `instrument-granted`; shares vest early: `instrument-vested`.",
          "repricing, option repricing, extension of options, mfn election, maturity extension,"
          " amend option, extend the note"),
    Guide("instrument-vested",
          "Shares of an instrument vest beyond its schedule: accelerated, or a condition is met.",
          "They vest by the schedule: nothing is recorded.",
          "vesting, acceleration, accelerated vesting, double trigger, single trigger,"
          " vesting event, performance condition met, options vest"),
    Guide("instrument-transferred",
          "An option, warrant, note or other instrument passes to another holder.",
          "Shares pass: `shares-transferred`.",
          "transfer of warrant, assignment of note, transfer of options, safe assigned,"
          " sale of a convertible note"),
    Guide("instrument-exercised",
          "An instrument is used: shares or cash come out of it.",
          "It ends unused: `instrument-ended`; a traded warrant or right is used:"
          " `shares-converted`.",
          "option exercise, exercise, exercise of options, conversion of safe, safe converts,"
          " note converts, safe turns into shares, convertible converts, warrant exercise, call"
          " exercised, put exercised, conversion of a note, net exercise, rsu release, early"
          " exercise, debt for equity swap"),
    Guide("instrument-ended",
          "An instrument lapses, expires, is forfeited, cancelled, redeemed or cashed out.",
          "It becomes shares: `instrument-exercised`; shares are cancelled: `shares-cancelled`.",
          "option lapse, options lapse, forfeiture of options, options expire, expiry,"
          " options cancelled, note repaid, cash-out of options, safe terminated,"
          " repayment of note, unvested options forfeited"),
)  # fmt: skip
