"""Guides to the types on classes, movements, dividends, votes and disclosures."""

from __future__ import annotations

from ledger.vocabulary.guiding import Guide

CAPITAL = (
    Guide("share-class-created",
          "A class exists: of shares, voting shares, rights, warrants, receipts or units.",
          "Terms of a class that exists change: `share-class-amended`.",
          "new class, class of shares, new class of shares, preferred shares, preference"
          " shares, golden share, depositary receipts, adr, units, loyalty shares, series a"
          " preferred, create class, adr programme, public warrants"),
    Guide("share-class-amended",
          "Votes, par value, name, ISIN, conversion price or another term of a class changes.",
          "All its shares become shares of another class: `shares-reclassified`; the number of"
          " shares changes: `shares-split`.",
          "variation of rights, variation of class rights, change of par value, nominal value,"
          " reduction of par value, redenomination, isin change, ticker change, change of isin,"
          " conversion price adjustment, anti-dilution adjustment, down round adjustment,"
          " increase of nominal value, rename class"),
    Guide("capital-authorised",
          "How many shares there may be, or may be issued or bought back, and until when.",
          "Shares are issued: `shares-issued`; the pool of a plan is set: `pool-reserved`.",
          "authorised capital, authorized shares, authority to allot, allotment authority,"
          " buy-back authority, authorised share capital, increase of authorised capital"),
    Guide("listing-changed",
          "Shares are listed, quoted, suspended, traded again or delisted at a venue.",
          "The issuer sells shares to the public: `offering-completed`.",
          "listing, delisting, listed on an exchange, suspension of trading, trading halt,"
          " admission to trading, resumption of trading, relisting, go private delisting, stock"
          " exchange"),
    Guide("shares-paid-up",
          "Money has been paid on partly paid shares: the total paid on each so far.",
          "It is only called: `call-made`; shares are issued paid: `shares-issued`.",
          "partly paid shares, call paid, instalment paid, paid up capital, unpaid shares,"
          " payment of a call"),
    Guide("call-made",
          "The company calls for money unpaid on shares, due on a day.",
          "The money comes in: `shares-paid-up`.",
          "call on shares, capital call, instalment call, call for unpaid capital"),
)  # fmt: skip
REGISTER = (
    Guide("register-opened",
          "A holder already held shares when the record starts.",
          "The shares are new: `shares-issued`.",
          "opening balance, existing holding, brought forward, initial holders,"
          " opening position"),
    Guide("shares-issued",
          "New shares come into somebody's hands, for money or for anything else.",
          "All holders get them in proportion: `shares-distributed`; an option is used:"
          " `instrument-exercised`; the shares exist already: `shares-transferred`.",
          "allotment, new shares, issue of shares, capital increase, subscription, placing,"
          " private placement, funding round, round, series a, share issue,"
          " contribution in kind, allot shares, subscribers, rump placement, placing of the rump"),
    Guide("shares-transferred",
          "Shares that exist pass from one holder to another, for whatever reason.",
          "They are new: `shares-issued`; they go to the issuer for money:"
          " `shares-repurchased`; a pledge or a loan leaves title: `share-right-granted`.",
          "sale, purchase, sale of shares, shares sold, bought shares, share purchase, block"
          " trade, share gift, inheritance, transmission, stock transfer, secondary sale, sale"
          " of treasury shares, transfer of shares, nationalisation of shares, enforcement of a"
          " pledge, change of nominee, executor registered, divorce settlement,"
          " survivorship"),
    Guide("shares-repurchased",
          "The issuer buys or takes back its own shares, to keep or to cancel.",
          "It offers to all holders: `offer-made` first; shares cease without being bought:"
          " `shares-cancelled`.",
          "buy-back, buyback, share buyback, repurchase, buys its own shares, treasury shares,"
          " stock repurchase, purchase of own shares, buy back founder shares"),
    Guide("shares-cancelled",
          "Shares cease to exist: from treasury, redeemed, reduced, forfeited or lapsed.",
          "The issuer buys them first: `shares-repurchased`; a whole class is exchanged:"
          " `shares-exchanged`; an option ends: `instrument-ended`.",
          "cancellation, redemption, capital reduction, reduction of capital, retirement of"
          " shares, redeem preference shares, forfeiture of shares, cancel treasury shares,"
          " rights lapse, redemption of preferred, redemption of public shares, founder shares"
          " forfeited, golden share redeemed, units separated"),
    Guide("shares-split",
          "Every holding of a class is multiplied or divided by one ratio.",
          "Holders get shares on top of theirs: `shares-distributed`; par alone changes:"
          " `share-class-amended`.",
          "stock split, share split, reverse split, reverse stock split, consolidation, share"
          " consolidation, subdivision, sub-division, forward split, reverse share split,"
          " cash in lieu of fractions, fractional shares"),
    Guide("shares-converted",
          "A holder's shares of a class, or rights or warrants, become shares of another class.",
          "All of the class do, whoever holds it: `shares-reclassified`; a single option, SAFE or"
          " note does: `instrument-exercised`; another issuer's shares come in:"
          " `shares-exchanged`.",
          "conversion, conversion of preferred, exercise of rights, take up rights, convert"
          " preferred shares, conversion of shares, preference shares into ordinary, subscribe"
          " with rights, receipts cancelled for shares, depositary receipts withdrawn, adr"
          " programme terminated"),
    Guide("shares-reclassified",
          "All shares of a class become shares of another class of the issuer.",
          "One holder converts: `shares-converted`; only terms change: `share-class-amended`.",
          "reclassification, unification of share classes, collapse of dual class, pari passu,"
          " redesignation, merge classes, single share class"),
    Guide("shares-distributed",
          "Every holder of a class gets shares, rights or warrants in proportion, free of charge.",
          "The shares replace theirs: `shares-split`; money is paid out: `dividend-paid`; they"
          " are swapped for others: `shares-exchanged`.",
          "bonus issue, stock dividend, spin-off, spinoff, rights issue, scrip issue,"
          " capitalisation issue, demerger, distribution in specie, dividend in specie, rights"
          " offering, scrip dividend, unbundling, distribution of warrants, split-off, bonus"
          " shares, nil paid rights, distribution in kind, poison pill rights, free shares"),
    Guide("shares-exchanged",
          "Shares of a class give way to shares of another issuer, to cash, to both or to"
          " nothing.",
          "Another class of the same issuer comes in: `shares-converted`; one holder sells:"
          " `shares-transferred`.",
          "merger, squeeze-out, squeeze out, share exchange, acquisition by merger, cash"
          " merger, exchange of shares, share for share exchange, scheme of arrangement,"
          " absorption, amalgamation, freeze-out, compulsory acquisition, worthless shares,"
          " stock swap, roll-up, minority buy-out, holding company reorganisation, reverse"
          " triangular merger, reverse takeover, reverse merger, de-spac, bail-in, shares written"
          " down to zero, write-down, demutualisation, demutualization, conversion of a mutual"),
    Guide("shares-placed-in-trust",
          "Title to shares passes from a holder to a trust.",
          "The holder holds them for a client: `share-right-granted`.",
          "transfer into trust, shares into trust, put shares in trust, blind trust"),
    Guide("shares-released-from-trust",
          "Shares leave a trust, sold or given back.",
          "The trust goes on and only its terms change: `trust-amended`.",
          "transfer out of trust, shares out of trust, trust sells shares, release from trust"),
    Guide("registration-changed",
          "A holder's shares become bearer shares, or are put in registered form.",
          "They change hands: `shares-transferred`.",
          "bearer shares, registered form, registered shares, dematerialisation, pure registered"),
    Guide("transfer-lodged",
          "A transfer is handed in for registration, and title has not passed yet.",
          "It is entered in the register: `shares-transferred`.",
          "stock transfer form, transfer form lodged, presented for registration, lodge transfer,"
          " transfer submitted"),
    Guide("transfer-settled",
          "A transfer that was lodged is registered, refused or withdrawn.",
          "The shares themselves pass by `shares-transferred`.",
          "transfer refused, directors refuse to register, registration refused,"
          " refusal to register a transfer, transfer rejected"),
    Guide("certificate-recorded",
          "A share certificate is issued, surrendered, lost or replaced.",
          "Shares move: `shares-transferred`.",
          "share certificate, stock certificate, lost certificate, certificate, indemnity for"
          " lost certificate, new certificate"),
)  # fmt: skip
DIVIDENDS = (
    Guide("dividend-declared",
          "A dividend is decided: an amount a share, a total, or shares in kind.",
          "It is paid: `dividend-paid`; shares are handed out: `shares-distributed`; holders are"
          " offered shares for cash: `offer-made`.",
          "dividend, cash dividend, interim dividend, ex date, record date of a dividend, final"
          " dividend, special dividend, dividend announced, distribution of profit, dividend"
          " option, return of capital, optional dividend"),
    Guide("dividend-paid",
          "A dividend is paid out, or money from capital, gains or a liquidation.",
          "It is only decided: `dividend-declared`.",
          "payment of dividend, dividend payment, premium repaid, liquidation dividend,"
          " liquidation proceeds, capital repayment, distribution paid, winding-up"
          " distribution"),
)  # fmt: skip
VOTES = (
    Guide("double-votes-granted",
          "A holder's own shares gain two votes each, or more, after being held long enough.",
          "The class itself has more votes: `share-class-amended`; special voting shares are a"
          " class: `share-class-created`.",
          "double votes, double voting rights, loyalty votes, tenure voting, florange,"
          " multiple voting rights, loyalty voting"),
    Guide("double-votes-ended",
          "Shares lose their double or multiple votes while the holder keeps them.",
          "They are sold: `shares-transferred` ends them by itself.",
          "loss of double votes, double votes lost, loyalty votes lost"),
    Guide("voting-rights-suspended",
          "A holder may not cast votes of its shares: circular holding, sanction, late notice.",
          "It may cast up to a percentage: `voting-cap-agreed`.",
          "suspension of votes, votes suspended, sterilised shares, disenfranchised, neutralised"
          " votes, loss of voting rights, cross-shareholding votes"),
    Guide("voting-rights-restored",
          "Votes that were suspended may be cast again.",
          "A cap ends: `voting-cap-lifted`.",
          "votes restored, voting rights restored, end of suspension"),
    Guide("voting-cap-agreed",
          "A holder, or every holder, may vote at most a percentage, by agreement, articles or"
          " law.",
          "It may not vote at all: `voting-rights-suspended`; it may not buy more: a clause of"
          " `agreement-signed`.",
          "voting cap, cap on votes, voting ceiling, voting limit, limit on voting rights"),
    Guide("voting-cap-lifted",
          "A cap on a holder's votes ends.",
          "Suspended votes come back: `voting-rights-restored`.",
          "voting cap ends, end of voting cap, cap lifted"),
)  # fmt: skip
DISCLOSURES = (
    Guide("stake-disclosed",
          "A notice, filing or paper says how much somebody holds or may vote.",
          "Shares are bought or sold: `shares-transferred`; a total of the register is stated:"
          " `balance-asserted`.",
          "threshold notification, stake, 13d, 13g, schedule 13d, major shareholding, tr-1,"
          " crossing of a threshold, shareholding notice, holding disclosed, stake building,"
          " declaration of threshold, crossed 5 percent, crosses 3 percent"),
    Guide("balance-asserted",
          "A source states a total (issued, outstanding, votes) or a holder's balance, to check.",
          "It states somebody's stake in an issuer: `stake-disclosed`.",
          "statement of capital, total voting rights, number of shares outstanding,"
          " shares outstanding, total shares, cap table total, issued share capital,"
          " confirmation statement"),
)  # fmt: skip
