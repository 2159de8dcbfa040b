"""Random networks of companies: loops, hubs, trusts, pools and whatever else bears on control."""

from __future__ import annotations

from random import Random

from tests.histories import Draft
from tests.projections.control.structures import disclosed, law, opened, related, sold, suspended
from tests.projections.subjects.record import on

COMPANIES = ("a", "b", "c", "d", "e", "f")
PERSONS = ("x", "y", "z")
PARTIES = (*COMPANIES, *PERSONS, "tr", "rest")
_KINDS = {"tr": "trust", "rest": "other"} | dict.fromkeys(PERSONS, "person")


def network(random: Random, odd: int = 5) -> list[Draft]:
    """Events of a network in which holders have shares by chance, and up to so many odd events."""
    drafts: list[Draft] = []
    for party in PARTIES:
        fields = {"party": party, "kind": _KINDS.get(party, "company"), "name": party.upper()}
        if party in COMPANIES and random.random() < 0.15:
            fields["jurisdiction"] = random.choice(("fr", "de", "france"))
        drafts.append(("party-registered", f"party-{party}", fields))
    held = {one: _holders(random, one) for one in COMPANIES if random.random() < 0.9}
    for company, shares in held.items():
        terms = {"votes_per_share": "2"} if random.random() < 0.1 else {}
        of = {"share_class": f"{company}/common"} | terms
        drafts.append(("share-class-created", f"class-{company}", of))
        drafts += [opened(company, holder, number) for holder, number in shares.items()]
    for number in range(random.randrange(odd + 1)):
        drafts.append(_odd(random, number))
    for number in range(random.randrange(3)):
        company = random.choice(COMPANIES)
        seller, buyer = random.sample(PARTIES[:-1], 2)
        day = f"2022-01-0{number + 1}"
        drafts.append(sold(company, seller, buyer, random.choice((1, 5, 20)), day))
    return drafts


def _holders(random: Random, company: str) -> dict[str, int]:
    others = [one for one in PARTIES if one != company]
    hubs = [one for one in ("x", "a") if one != company and random.random() < 0.4]
    found = dict.fromkeys([*hubs, *random.sample(others, random.randrange(1, 4))], 0)
    return {one: random.choice((5, 20, 26, 40, 45, 60, 100)) for one in found}


def _odd(random: Random, number: int) -> Draft:
    one, other = random.sample(PARTIES[:9], 2)
    company = random.choice(COMPANIES)
    key = f"odd-{number}"
    match random.randrange(12):
        case 0:
            percent = random.choice(("30", "51", "60.00", "50"))
            how = random.choice(("exactly", "about", "at-least", "more-than"))
            said = disclosed(company, one, percent, qualifier=how)
        case 1:
            said = suspended(
                company,
                one,
                **random.choice(({}, {"shares": "10", "share_class": f"{company}/common"})),
            )
        case 2 | 3:
            said = related(one, other, random.choice(("control", "concert", "concert")))
        case 4:
            kind = random.choice(("no-control", "no-concert"))
            said = related(one, other, kind, denied_for="accounting")
        case 5:
            said = law(company, random.choice(("fr", "gb")))
        case 6:
            terms = {"trust": "tr", "settlors": ["x"], "trustees": ["y"]}
            voting = random.choice(("neutral", "as-instructed", "holder"))
            people = random.sample(PARTIES[:9], random.randrange(1, 3))
            whom = {"beneficiaries": [{"party": p} for p in people], "voting": voting}
            said = on("2020-01-01", key, "trust-settled", **terms | whom)
        case 7:
            said = on("2021-06-01", key, "party-ended", party=one)
        case 8:
            seat = {"right": key, "company": company, "party": one, "seats": "2"}
            said = on("2020-06-01", key, "board-seat-granted", **seat)
        case 9:
            of = {"issuer": company, "holder": one, "percent": "10", "agreement": "pact"}
            said = on("2020-06-01", key, "voting-cap-agreed", **of)
        case 10:
            right = {"right": key, "kind": "pledge", "holder": one, "to": other, "votes": "to"}
            said = on("2021-01-01", key, "share-right-granted", share_class=f"{company}/common",
                      **right)  # fmt: skip
        case _:
            said = ("event-retracted", key, {"event": f"opened-{company}-{one}", "because": "no"})
    return said[0], key, said[2]
