"""Guides to the types on offers, deals, conditions, proceedings, governance and the record."""

from __future__ import annotations

from ledger.vocabulary.guiding import Guide

OFFERS = (
    Guide("offer-made",
          "An offer goes to holders, members or a board: bid, buy-back, pre-emption, choice.",
          "Two sides negotiate: `negotiation-opened`; shares go to the public:"
          " `offering-planned`; rights are handed out: `shares-distributed`.",
          "tender offer, takeover bid, public offer, takeover, exchange offer, dutch auction,"
          " odd lot offer, mandatory bid, pre-emption offer, right of first refusal offer,"
          " rofr, tag-along, drag-along notice, hostile bid, first offer, scrip alternative,"
          " drip, dividend reinvestment, buy-back offer, open offer, issuer bid, drag along,"
          " takes over, unsolicited proposal, pre-emption, bear hug, tob, self tender,"
          " scrip dividend election, scrip dividend with a choice, mix and match, mix-and-match"
          " election, cash or shares election"),
    Guide("offer-amended",
          "Price, limit, or closing day of an open offer changes.",
          "A new offer is made: `offer-made`.",
          "raised bid, increased offer, offer extended, extension of the offer, bid raised,"
          " sweetened offer"),
    Guide("offer-accepted",
          "A holder tenders, takes up or elects: its whole acceptance so far.",
          "The shares move: `shares-transferred` or `shares-exchanged`, when the offer is"
          " settled.",
          "acceptance, tendered shares, tender of shares, election, irrevocable undertaking"
          " performed, takes up its entitlement, election for shares, accept the offer,"
          " withdraw acceptance"),
    Guide("offer-closed",
          "An offer succeeds, lapses, is withdrawn, declined or replaced by an agreement.",
          "One holder withdraws its acceptance: `offer-accepted` with 0 shares.",
          "offer lapses, bid fails, offer unconditional, result of the offer, bid withdrawn,"
          " offer declined, proration, bid succeeds, offer withdrawn"),
)  # fmt: skip
DEALS = (
    Guide("deal-considered",
          "A deal is explored or rumoured, without talks or a decision.",
          "Talks are under way: `negotiation-opened`; a bid to holders: `offer-made`.",
          "rumour, exploring a merger, considering a deal, strategic review, possible deal,"
          " sounding out, thinking about a joint venture"),
    Guide("negotiation-opened",
          "Parties negotiate, or are said to.",
          "One of them only thinks about it: `deal-considered`; terms are agreed: `terms-agreed`.",
          "talks, negotiations, merger talks, talks begin, talks resume, exclusive talks"),
    Guide("topic-tabled",
          "A subject comes up in the talks.",
          "Somebody says something: `statement-made`.",
          "demand, subject of talks, on the table, put on the table"),
    Guide("statement-made",
          "Somebody says something that bears on a deal.",
          "It states a value of something: `claim-recorded`; a formal notice is given:"
          " `notice-given`.",
          "statement, interview, quote, comment, press conference, denial of talks"),
    Guide("terms-agreed",
          "Main terms are agreed, and nothing binding is signed yet.",
          "It is binding: `agreement-signed`.",
          "heads of terms, term sheet, letter of intent, memorandum of understanding, mou,"
          " agreement in principle, exchange ratio announced, loi, framework agreed"),
    Guide("milestone-expected",
          "A step is announced for a date or a period.",
          "A condition must be met: `condition-set`; a meeting is called: `meeting-called`.",
          "deadline, timetable, expected closing, target date, expected date, long stop date"),
    Guide("milestone-met",
          "An expected step has happened.",
          "The whole deal is done: `deal-completed`.",
          "milestone reached, step completed, deadline met"),
    Guide("deal-completed",
          "A deal is carried out.",
          "Only terms or signatures are there: `terms-agreed`, `agreement-signed`; shares move"
          " by `shares-transferred` and its like.",
          "closing, completion, deal closes, deal done, transaction completed, deal closed,"
          " acquisition closes, earn-out, escrow, holdback of the price"),
    Guide("deal-abandoned",
          "A deal is given up by those who made it.",
          "One side alone gives notice: `notice-given`; a planned event is called off:"
          " `action-withdrawn`.",
          "deal called off, walks away, talks break down, deal falls through, broken deal, deal"
          " collapses, merger called off"),
)  # fmt: skip
INVESTMENTS = (
    Guide("investment-considered",
          "Somebody thinks about investing.",
          "It intends to: `investment-planned`.",
          "possible investment, investment talks, may invest"),
    Guide("investment-planned",
          "Somebody intends to invest, without being bound.",
          "It is bound: `investment-committed`.",
          "intends to invest, investment intention, plans to invest"),
    Guide("investment-committed",
          "Somebody is bound to invest, lend or guarantee.",
          "Shares are issued for it: `shares-issued`; money is paid: `investment-paid`.",
          "commitment, equity commitment letter, debt commitment, financing commitment,"
          " margin loan, co-investment, underwriting, underwriting commitment, guarantee"),
    Guide("investment-confirmed",
          "An announced investment is announced again.",
          "Its amount changes: `investment-committed` again.",
          "investment reaffirmed, commitment confirmed, investment repeated"),
    Guide("investment-paid",
          "Money of an investment is paid in, whole or in part.",
          "A call on shares is paid: `shares-paid-up`.",
          "funding, money paid in, drawdown, instalment of an investment, tranche paid"),
    Guide("investment-released",
          "An investor is released from its commitment, or gives up its plan.",
          "The investor sells shares: `shares-transferred`.",
          "commitment released, investor withdraws, released from commitment, commitment reduced"),
)  # fmt: skip
OFFERINGS = (
    Guide("offering-considered",
          "An issuer might offer shares to the public.",
          "It plans to: `offering-planned`.",
          "possible ipo, ipo considered, may list, could go public"),
    Guide("offering-planned",
          "An issuer plans an offering to the public.",
          "It offers to its holders: `offer-made`, or rights: `shares-distributed`.",
          "ipo, initial public offering, flotation, listing planned, secondary offering,"
          " go public, spac listing, spac, blank cheque company"),
    Guide("offering-rescheduled",
          "The window of an offering moves.",
          "It is called off: `offering-cancelled`.",
          "ipo postponed, ipo delayed, offering delayed"),
    Guide("offering-cancelled",
          "An offering is called off.",
          "It is only put off: `offering-rescheduled`.",
          "ipo cancelled, ipo called off, ipo withdrawn, offering pulled,"
          " listing called off"),
    Guide("offering-completed",
          "An offering is carried out.",
          "Its shares come by `shares-issued`; trading starts by `listing-changed`.",
          "ipo completed, ipo priced, ipo closes"),
)  # fmt: skip
AGREEMENTS = (
    Guide("agreement-signed",
          "A binding agreement is signed, with its clauses.",
          "Only terms are agreed: `terms-agreed`; articles, a charter or a law begin to hold:"
          " `agreement-in-force`.",
          "shareholders agreement, contract, merger agreement, share purchase agreement,"
          " standstill, lock-up, non-compete, side letter, poison pill, rights plan,"
          " signing, subscription agreement, sha, spa, pact, shareholder rights plan,"
          " joint venture agreement, drag-along clause, lockup, investment agreement,"
          " reserved matters, permitted transferee, deadlock, quorum clause,"
          " information rights, non-solicitation, leaver clause, registration rights,"
          " termination fee, reverse break fee, break-up fee"),
    Guide("agreement-in-force",
          "An agreement takes effect, or articles, a charter or a law bind without signature.",
          "It is signed: `agreement-signed`; its text changes: `agreement-amended`.",
          "articles of association, charter, bylaws, by-laws, effective date of the agreement,"
          " certificate of incorporation, statutes, agreement takes effect, new law"),
    Guide("agreement-amended",
          "Clauses or parties of an agreement, of articles or of a charter change.",
          "Rights of a class change: `share-class-amended`.",
          "amendment, deed of adherence, restated articles, amended articles, joinder,"
          " charter amendment, deed of variation, adherence, alteration of articles"),
    Guide("agreement-ended",
          "An agreement ends by agreement, expiry, completion or a decision.",
          "One side says it ends and the other may contest it: `notice-given`.",
          "agreement expires, termination of the agreement, agreement lapses, contract ends,"
          " pact ends"),
    Guide("notice-given",
          "One side gives notice: of termination, breach, extension, resignation, exercise.",
          "The agreement has ended beyond dispute: `agreement-ended`; a meeting is called:"
          " `meeting-called`.",
          "notice of termination, notice of breach, resignation letter, contested termination,"
          " default notice, termination notice, offers to resign, information request"),
)  # fmt: skip
CONDITIONS = (
    Guide("condition-set",
          "Something waits for a condition, or ends by it.",
          "It is only expected for a date: `milestone-expected`.",
          "condition precedent, closing condition, conditions precedent, cp, suspensive"
          " condition, resolutory condition, minimum acceptance condition, trigger"),
    Guide("condition-settled",
          "A condition is satisfied, waived, failed, extended or reopened.",
          "An authority decides: `proceeding-decided` first; consent is given:"
          " `approval-granted`.",
          "condition satisfied, condition waived, condition fails, condition fulfilled,"
          " waiver of a condition, conditions met"),
    Guide("approval-granted",
          "A board, a holder, a class or an authority consents, waives or accepts.",
          "Members vote: `resolution-voted`; a review ends: `proceeding-decided`.",
          "consent, waiver, board approval, approval, waiver of pre-emption, disapplication,"
          " court sanction, class consent, permission, acceptance of a grant"),
    Guide("approval-refused",
          "Consent is refused by a board, a holder, a class or an authority.",
          "A resolution fails: `resolution-voted`; a transfer is refused: `transfer-settled`.",
          "veto, consent refused, refusal, board rejects, approval denied, government veto"),
    Guide("action-withdrawn",
          "An announced event is called off before its day; the announcement was real.",
          "It should never have been recorded: `event-retracted`; a deal is given up:"
          " `deal-abandoned`.",
          "called off, withdrawn action, cancelled split, dividend cancelled, announcement"
          " withdrawn, withdrawal of a filing, action withdrawn, appointment withdrawn"),
)  # fmt: skip
PROCEEDINGS = (
    Guide("proceeding-opened",
          "A suit, arbitration, merger review, foreign-investment review or inquiry begins.",
          "A consent is given without a procedure: `approval-granted`.",
          "lawsuit, litigation, antitrust review, merger control, cfius, investigation,"
          " arbitration, injunction, appraisal, suit filed, sued, competition review, hsr"
          " filing, class action, court case"),
    Guide("proceeding-advanced",
          "A step in proceedings: accepted, heard, stayed, extended, a period runs.",
          "They are decided: `proceeding-decided`.",
          "waiting period, phase two, hearing, stay of proceedings, second request, trial date"),
    Guide("proceeding-decided",
          "A court or authority decides, or a suit is settled or withdrawn.",
          "A condition is met by something else: `condition-settled`.",
          "judgment, judgement, court order, clearance, antitrust clearance, prohibition,"
          " ruling, settlement of a suit, verdict, merger prohibited, merger cleared,"
          " regulatory approval, deal blocked, blocked by the regulator, merger blocked"),
)  # fmt: skip
PROJECTS = (
    Guide("project-considered",
          "Parties think about doing something together.",
          "They announce it: `project-announced`.",
          "possible project, feasibility study"),
    Guide("project-announced",
          "Parties announce something to do together.",
          "They sign for it: `agreement-signed`.",
          "joint project, cooperation, joint development, new plant, partnership announced"),
    Guide("project-updated",
          "Something about a project changes.",
          "It ends: `project-ended`.",
          "project delayed, project change, project postponed"),
    Guide("project-ended",
          "A project ends or is given up.",
          "The agreement about it ends: `agreement-ended`.",
          "project cancelled, project finished, project abandoned"),
)  # fmt: skip
BOARD = (
    Guide("board-seat-granted",
          "A party or the holders of a class may fill seats, or send an observer.",
          "A person sits: `director-appointed`.",
          "board seat, nomination right, board nominee right, observer, board observer,"
          " right to appoint a director, appointment right, delegation right"),
    Guide("board-seat-withdrawn",
          "A right to seats ends.",
          "The person leaves: `director-left`.",
          "board seat lost, loses its seat, end of nomination right, loss of board seat"),
    Guide("director-appointed",
          "A person becomes a director.",
          "The right to name one arises: `board-seat-granted`; an office such as chief executive"
          " or chair: `officer-appointed`.",
          "new director, director elected, joins the board, non-executive director,"
          " appointment of director, co-opted, election of directors"),
    Guide("director-left",
          "A director leaves the board.",
          "The director offers to go and still sits: `notice-given`; an officer goes:"
          " `officer-left`.",
          "resignation, resignation of director, director resigns, removal of director,"
          " leaves the board, retires from the board, steps down from the board"),
    Guide("officer-appointed",
          "A person takes an office: chief executive, chair, secretary, liquidator, receiver.",
          "The person joins the board: `director-appointed`.",
          "ceo, chief executive, new ceo, chair, chairman, company secretary, cfo, liquidator"
          " appointed, auditor appointed, receiver appointed, signatory, administrator"
          " appointed, power to sign"),
    Guide("officer-left",
          "A person leaves an office.",
          "The person leaves the board: `director-left`.",
          "ceo leaves, ceo steps down, secretary resigns, officer resigns, auditor resigns,"
          " liquidator discharged"),
)  # fmt: skip
MEETINGS = (
    Guide("meeting-called",
          "A meeting is called for a day, or put off: called again.",
          "It takes place: `meeting-held`.",
          "notice of meeting, agm notice, convening, notice of agm, egm called, record date of a"
          " meeting, adjourned meeting, meeting postponed, agenda"),
    Guide("meeting-held",
          "A general meeting, board or committee takes place.",
          "It is called: `meeting-called`; what it decides: `resolution-voted`.",
          "agm, annual general meeting, egm, general meeting, board meeting, extraordinary"
          " general meeting, shareholders meeting, quorum"),
    Guide("resolution-voted",
          "A resolution is passed, rejected or withdrawn, at a meeting or in writing.",
          "One party or a board consents: `approval-granted`; how one holder voted:"
          " `votes-cast`.",
          "resolution, special resolution, ordinary resolution, written resolution, vote result,"
          " written consent, shareholder vote, result of voting, say on pay,"
          " shareholder approval, approval of the accounts, accounts approved"),
    Guide("votes-cast",
          "How one holder voted on a resolution, itself or by proxy.",
          "The result: `resolution-voted`; a proxy is given: `share-right-granted`.",
          "how a shareholder voted, votes against, proxy vote, ballot, votes for"),
)  # fmt: skip
CLAIMS = (
    Guide("claim-recorded",
          "A source states a value, target, forecast or opinion that no other type has.",
          "You remark something yourself: `note-added`; a stake is stated: `stake-disclosed`.",
          "allegation, forecast, guidance, target, assertion, opinion, press report, valuation,"
          " 409a, reported fact"),
    Guide("note-added",
          "A remark of your own that changes no answer.",
          "A source says it: `claim-recorded`.",
          "remark, note, memo, comment of the recorder, registrar's notation"),
)  # fmt: skip
LOCAL = (
    Guide("event-type-declared",
          "Your team has a kind of event with a fixed shape that no type here has.",
          "It moves shares, votes or seats: only built-in types do, see `shares-issued` and the"
          " rest; it happens once: `claim-recorded`.",
          "own type, custom type, local type, define event type, custom event type"),
    Guide("declared-event-recorded",
          "An event of a type that this ledger has declared happens.",
          "The type is not declared yet: `event-type-declared`.",
          "custom event, local event, own event, bespoke event"),
)  # fmt: skip
SOURCES = (
    Guide("source-registered",
          "A document that events cite: filing, minutes, contract, article.",
          "The filing itself does something: record that, such as `shares-issued`, and cite it.",
          "new source, document, filing, newspaper article, minutes, sh01, cite a document"),
    Guide("source-corrected",
          "Title, date or address of a source was recorded wrongly.",
          "What an event says of it is wrong: `event-corrected`.",
          "wrong publication date, source misdated, fix a source"),
    Guide("source-retracted",
          "A source is withdrawn; what rests on it alone falls.",
          "One event is wrong: `event-retracted`.",
          "article withdrawn, source withdrawn, retraction of an article, forged document"),
)  # fmt: skip
CORRECTIONS = (
    Guide("event-corrected",
          "Fields of a recorded event were wrong.",
          "The world changed: record what happened, such as `agreement-amended`; it should not"
          " be there at all: `event-retracted`.",
          "correction, mistake, typo, wrong number, fix an event, error in an entry,"
          " rectification"),
    Guide("event-retracted",
          "An event should never have been recorded.",
          "It was announced and called off: `action-withdrawn`; a field is wrong:"
          " `event-corrected`.",
          "entered twice, delete an event, remove an entry, void entry, undo an entry"),
    Guide("event-corroborated",
          "Another source supports a recorded event.",
          "The new source says something else: record it with its own source, or"
          " `event-corrected`.",
          "confirmed by another source, second source, reminder, further evidence"),
)  # fmt: skip
KEYS = (
    Guide("signing-key-rotated",
          "The key that signs checkpoints gives way to another; `stakebook rotate-key` writes it.",
          "Nothing of the world: it is never appended by hand; a remark is `note-added`.",
          "key rotation, new signing key"),
)  # fmt: skip
