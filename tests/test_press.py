"""The press set says what the articles say: what a reader of the five would ask, and the answers.

Each question is asked through the command line. An answer must have a line that holds, in their
order, the words given between the dots; words that would say more than the articles do must be
nowhere in it.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.helpers import run
from tests.test_alliance import PRESS, ask, load


class Asked(NamedTuple):
    """A question in words and as a command, what its answer says, and what it must not say."""

    question: str
    command: str
    says: tuple[str, ...]
    never: tuple[str, ...] = ()


def asked(question: str, command: str, *says: str, never: tuple[str, ...] = ()) -> Asked:
    """A question with the lines of its answer."""
    return Asked(question, command, says, never)


OCTOBER = "--as-of 2022-12-31 --known-by 2022-12-31"
FEBRUARY = "--as-of 2023-03-31 --known-by 2023-03-31"
APRIL = "--as-of 2023-05-31 --known-by 2023-05-31"
JULY = "--as-of 2023-08-31 --known-by 2023-08-31"
LAST = "--as-of 2024-12-31"

ASKED = (
    # who holds what
    asked(
        "How much of Nissan does Renault hold in April 2023, and of what?",
        f"holdings nissan {APRIL}",
        "renault ... 43 unstated ... disclosed 2023-04, reported",
        never=("43.4", "28.4"),
    ),
    asked(
        "And how much of Renault does Nissan hold?",
        f"holdings renault {APRIL}",
        "nissan ... 15 unstated ... disclosed 2023-04, inferred",
    ),
    asked(
        "Did anybody say so in February?",
        f"holdings nissan {FEBRUARY}",
        "Not known",
        never=("43",),
    ),
    asked(
        "How much is Renault to hold, as April has it? As agreed, says July; and the rest?",
        f"claims nissan {LAST}",
        "renault-stake-planned ... 15 percent ... 2023-04 ... To come, from 43 at present",
        "renault-stake-planned ... 15 percent ... 2023-07 ... Agreed, to come",
        "stake-to-trust-planned ... 28.4 percent ... 2023-07 ... To come, into a French trust",
    ),
    asked(
        "Has Renault gone down to 15% by the last article?",
        f"holdings nissan {LAST}",
        "renault ... 43 unstated",
        never=("renault 15", "28.4"),
    ),
    asked(
        "Who holds Ampere?",
        f"holdings ampere {LAST}",
        "Not known",
        never=("600", "15%", "nissan"),
    ),
    asked(
        "Who gets the money from the shares in trust, and who has them sold, and by when?",
        f"claims nissan {JULY}",
        "economic-rights-in-trust-shares-planned ... Renault's, for as long as",
        "sales-of-trust-shares-to-be-ordered-by ... Renault, after consulting Nissan",
        "sales-of-trust-shares-planned ... by and by ... no deadline is given",
    ),
    # votes
    asked(
        "May Nissan vote in Renault, as April has it?",
        f"claims renault {APRIL}",
        "nissan-votes-in-renault ... to be granted ... 2023-04",
        never=("held now",),
    ),
    asked(
        "And as July has it?",
        f"claims renault {JULY}",
        "nissan-votes-in-renault ... held now, under the new terms ... 2023-07 ... does not say",
    ),
    asked(
        "Whose votes in Renault are capped, and on what matters?",
        f"claims renault {JULY}",
        "cap-on-votes-of-nissan-on-regular-matters ... 15 percent ... regular matters alone",
    ),
    asked(
        "Whose votes in Nissan?",
        f"claims nissan {JULY}",
        "cap-on-votes-of-renault-on-regular-matters ... 15 percent ... regular matters alone",
    ),
    asked("Can the votes be counted?", f"votes renault {JULY}", "Not known ... see also claims"),
    # the talks and the terms
    asked(
        "Where do the two stand in October 2022?",
        f"deals alliance-rebalancing {OCTOBER}",
        "alliance-rebalancing ... renault, nissan ... negotiating ... 2022-10-11",
        never=("agreed", "signed"),
    ),
    asked(
        "What do they talk about?",
        f"timeline alliance-rebalancing {OCTOBER}",
        "a topic is tabled ... markets, products and technology",
        "a topic is tabled ... a possible investment by Nissan in Renault's new electric-car unit",
        "a topic is tabled ... changes of structure",
    ),
    asked(
        "Who says that they talk, and how much do they tell?",
        f"timeline alliance-rebalancing {OCTOBER}",
        "at the latest 2022-10-11 ... made for nissan ... jointly and briefly ... no detail",
        "at the latest 2022-10-11 ... made for renault ... jointly and briefly ... no detail",
        "a statement is made for nissan ... More will be said at a suitable time",
        never=(" official press-electrive",),
    ),
    asked(
        "And in February?",
        f"deals alliance-rebalancing {FEBRUARY}",
        "alliance-rebalancing ... terms-agreed ... at the latest 2023-02-28",
        never=("signed", "completed"),
    ),
    asked(
        "Are the terms of July others than those of February?",
        f"explain deal alliance-rebalancing {LAST}",
        "press-carexpert-terms-agreed ... repeats",
    ),
    asked(
        "When were they agreed, as July has it?",
        f"timeline alliance-rebalancing {JULY}",
        "2023, at the latest 2023-07-31 ... are agreed ... 15% of Nissan ... 28.4%",
    ),
    asked(
        "When are the final terms expected, in April?",
        f"deals alliance-rebalancing {APRIL}",
        "press-final-terms ... 2023-H1 ... by the middle of the year",
        never=("2023-06",),
    ),
    asked(
        "How far are they, say the unnamed in April?",
        f"claims alliance-rebalancing {APRIL}",
        "stage ... a narrower alliance is still being worked out ... unnamed ... Seven people",
    ),
    asked(
        "Which body met in April, and when?",
        f"timeline nissan {APRIL}",
        "2023-04 ... the board of nissan meets: the restructuring of the shareholdings",
    ),
    asked(
        "What do Renault and Nissan tell Reuters in April?",
        f"timeline renault {APRIL}",
        "at the latest 2023-04-30 ... for renault ... final terms are in the making",
        "at the latest 2023-04-30 ... for renault ... work on at projects ... in India and Latin",
    ),
    asked(
        "From when are the terms that are changed?",
        f"claims renault-nissan-alliance {JULY}",
        "terms-before-the-change-made-in ... 2019",
    ),
    # the alliance before
    asked(
        "What happened to the alliance in May 2020?",
        f"claims renault-nissan-alliance {OCTOBER}",
        "cooperation ... reorganised, with a principle of leader and follower ... 2020-05",
        "reference-brand-in-europe ... Renault; other cars are derived from its models",
    ),
    asked(
        "Was an agreement signed then?",
        f"timeline renault-nissan-alliance {OCTOBER}",
        "2020-05 ... cooperation is said to be reorganised",
        never=("signed",),
    ),
    asked(
        "What becomes of the cooperation, as October sees it?",
        f"claims renault-nissan-alliance {OCTOBER}",
        "cooperation-outlook ... probably to be settled anew ... What the author expects",
    ),
    asked(
        "What is the Mitsubishi ASX plug-in hybrid?",
        f"claims mitsubishi {OCTOBER}",
        "asx-plug-in-hybrid ... a Renault Captur in another design ... 2022-09",
    ),
    asked(
        "How old is the alliance, and how do the two get on?",
        f"claims renault-nissan-alliance {APRIL}",
        "age ... 23 years ... 2023-04",
        "relations ... perhaps strained in past years ... An opinion credited to Teslarati",
    ),
    asked(
        "Who controlled and who helped whom in the past?",
        f"claims nissan {FEBRUARY}",
        "controlling-partner-in-the-past ... Renault ... at the latest 2023-02-28",
        "rescued-in-the-past-with-help-from ... Renault ... at the latest 2023-02-28",
        "world-sales-against-renault ... higher",
    ),
    # the investment in Ampere
    asked(
        "Does Nissan invest in Ampere, in October 2022?",
        f"deals nissan-in-ampere {OCTOBER}",
        "nissan-in-ampere ... nissan ... considered ... 2022-10-11",
        never=("planned", "committed", "EUR", "%"),
    ),
    asked(
        "For what share and price?",
        f"claims nissan-in-ampere {OCTOBER}",
        "price ... not clear yet",
        "share ... not clear yet",
    ),
    asked(
        "And in February?",
        f"deals nissan-in-ampere {FEBRUARY}",
        "nissan-in-ampere ... planned ... 15% ... 2023-02",
        "Not known: no event at this cut gives an amount",
        never=("committed", "paid"),
    ),
    asked(
        "And in July?",
        f"deals nissan-in-ampere {JULY}",
        "nissan-in-ampere ... committed ... EUR 600,000,000 ... 2023-07",
        "No event at this cut tells that any money was paid",
        never=("at most",),
    ),
    asked(
        "How often was it announced, and is it one sum?",
        f"explain investment nissan-in-ampere {LAST}",
        "committed: exactly EUR 600,000,000, one statement only",
        "2023-12 ... press-cleanenergy-investment-confirmed-december (repeats",
        "at the latest 2024-03-27 ... press-cleanenergy-investment-announced (repeats",
        "paid: no event tells of a payment",
    ),
    asked(
        "What is that in Australian dollars?",
        f"claims nissan-in-ampere {JULY}",
        "amount-in-australian-dollars ... 988000000 AUD ... A conversion",
    ),
    asked(
        "Does Nissan sit on Ampere's board?",
        f"claims ampere {JULY}",
        "nissan-board-seat ... one, to be secured ... nobody is named for it",
    ),
    asked("Is a director known?", f"governance ampere {JULY}", "Not known"),
    asked(
        "Will Renault keep a majority of Ampere? What it wants; what is to come.",
        f"claims ampere {JULY}",
        "renault-stake-planned ... a majority, as before ... 2023-07 ... certain to come",
        "renault-stake-wanted ... a majority, as before ... unnamed ... not a commitment",
    ),
    asked(
        "Why does Nissan invest? By February, and in its own words.",
        f"timeline ampere-investment {JULY}",
        "2023-02 ... purpose is said to be a wider choice of electric Nissans worldwide",
        "made by makoto-uchida for nissan ... new business in Europe",
        "made for nissan ... helps it in Europe and in other possible markets",
    ),
    asked(
        "Does Nissan help Ampere with its engineers, or Renault's engine venture?",
        f"claims ampere {APRIL}",
        "nissan-engineering-support ... none planned ... unnamed ... Two people",
    ),
    asked(
        "With whom is that venture, and does it get e-Power?",
        f"timeline nissan {APRIL}",
        "e-power-for-the-renault-engine-venture is said to be not intended ... unnamed",
    ),
    asked(
        "Who are the partners in the engine venture?",
        f"claims renault {APRIL}",
        "petrol-engine-venture ... with Geely of China and Saudi Aramco",
    ),
    # Ampere
    asked(
        "What is Ampere?",
        f"claims ampere {LAST}",
        "business ... electric cars ... only planned ... 2022-10-11",
        "business ... electric cars and software, as a division of Renault ... 2023-07",
        "country ... France",
        "carve-out-planned ... by Renault on its own",
    ),
    asked(
        "How many work there?",
        f"claims ampere {OCTOBER}",
        "headcount ... about 10000 people ... a unit that the same article calls planned",
    ),
    asked(
        "What can its factory make?",
        f"claims ampere {JULY}",
        "capacity-projected ... 480000 electric vehicles a year ... 2023-07 ... north of France",
    ),
    asked(
        "How many models, and which?",
        f"claims ampere {JULY}",
        "first-line-up-proposed ... 6 vehicles",
        "models-in-the-first-line-up-proposed ... Renault 5, Renault 4 ... and two not announced",
    ),
    asked(
        "Who is to lead it, and when does it earn money?",
        f"claims ampere {JULY}",
        "head-planned ... Luca de Meo ... To come, and beside his office at Renault",
        "time-to-profit-forecast ... at most 2 years ... at some earlier time",
    ),
    asked(
        "What are Renault's goals, and what do they rest on?",
        f"claims renault {JULY}",
        "all-electric-brand-in-europe-to-rely-on ... Ampere, to reach the goal of 2030",
        "all-electric-brand-in-europe-target ... at most 2030 year ... A goal",
        "carbon-neutral-in-europe-target ... at most 2040 year",
        "carbon-neutral-in-the-world-target ... at most 2050 year",
    ),
    # its listing
    asked(
        "Is Ampere to be listed, as October 2022 has it?",
        f"claims ampere {OCTOBER}",
        "listing-possible ... in the second half of 2023 ... no plan and no decision",
        never=("planned for", "ampere-ipo"),
    ),
    asked(
        "Is a listing planned, then?",
        f"deals ampere-ipo {OCTOBER}",
        "Not known: no event at this cut tells a step of ampere-ipo",
        "Claims speak of ampere-ipo; `stakebook timeline ampere-ipo` shows them",
        never=(" planned ",),
    ),
    asked(
        "Is it called off by the end of 2023, as far as was known then?",
        "deals ampere-ipo --as-of 2023-12-31 --known-by 2023-12-31",
        "Not known: no event at this cut tells a step",
        never=("cancelled",),
    ),
    asked(
        "Perhaps, as we know now?",
        "deals ampere-ipo --as-of 2023-12-31",
        "Possible, not certain",
        "at the latest 2024-03-27 press-cleanenergy-ipo-cancelled ... the date is unknown",
    ),
    asked(
        "Is it called off at last, when, and why?",
        f"deals ampere-ipo {LAST}",
        "offering ampere-ipo ... cancelled ... at the latest 2024-03-27",
    ),
    asked(
        "Why, and what came first?",
        f"timeline ampere-ipo {LAST}",
        "offering ampere-ipo is cancelled: stock markets less favourable than wished",
        "order-of-cancellation ... before the confirmation of Nissan's investment in December 2023",
        "listing-planned is said to be at some earlier time; the plans fell through",
    ),
    # projects
    asked(
        "What do the two plan together in July 2023, and where?",
        f"timeline nissan {JULY}",
        "FlexEVan, an electric van that Renault plans to launch ... Europe",
        "new half-ton pick-up of Renault, to be shared with Nissan is announced, Latin America",
        "a new model with the Renault brand, to be built by Nissan at a factory in Mexico",
        "two electric city cars, to be developed together and sold in Latin America and India",
        "several new crossovers, to be worked on together is announced, India",
        "Renault Triber with a Nissan badge, to be the first of the crossovers is announced, India",
        never=("Megane's size, for sale after 2026 is announced", "Alaskan"),
    ),
    asked(
        "When comes the van?",
        f"pending flexevan {JULY}",
        "flexevan ... announced ... 2026",
    ),
    asked(
        "Which projects are in question only, which work is sought, and is it likely 800 V?",
        f"claims renault-nissan-alliance {JULY}",
        "regions-of-projects-under-study ... Latin America, India and Europe; some plans are",
        "work-together-sought-in-europe ... a Megane's size, for sale after 2026",
        "likely-voltage-of-the-megane-sized-electric-cars ... likely 800 volts",
        "likely-charging-of-the-megane-sized-electric-cars ... likely at a new network at dealers",
    ),
    asked(
        "What is the pick-up to replace?",
        f"claims latin-america-half-ton-pick-up {JULY}",
        "possibly-replaces ... possibly the Duster Oroch ... The author's guess",
    ),
    asked(
        "What is shared already?",
        f"claims nissan {JULY}",
        "renault-vans-sold-under-its-badge-in-europe ... sold now ... long standing",
    ),
    asked(
        "Who builds the Alaskan, and from what?",
        f"claims renault {JULY}",
        "alaskan-production-in-argentina ... by Renault, to be continued ... Frontier or Navara",
    ),
    asked(
        "What is new in India in 2024, and from when?",
        f"deals india-electric-models {LAST}",
        "announced ... 2024-03-27 - ... five and with seven seats ... among them",
    ),
    asked(
        "Is Nissan's name on Renault's electric cars?",
        f"claims nissan {FEBRUARY}",
        "renault-electric-cars-under-nissan-name ... perhaps possible ... The author's guess",
        "access-to-electric-research ... expected to grow ... The author expects it",
    ),
    # Nissan alone
    asked(
        "Which electric cars has Nissan?",
        f"claims nissan {FEBRUARY}",
        "electric-models-in-the-united-states-so-far ... Leaf alone",
        "second-electric-model-in-the-united-states ... Ariya, to come in 2023",
        "new-electric-models-in-japan ... some, brought to market ... Neither named",
        "further-plans ... others, not named",
    ),
    asked(
        "Does Nissan go its own way, and who says so?",
        f"claims nissan {APRIL}",
        "software-strategy ... its own, without Renault ... unnamed ... Seven people",
        "electric-car-strategy ... its own, without Renault ... unnamed ... Seven people",
        "electric-car-strategy-regions ... North America and Asia ... unnamed",
        "connected-car-software-partner ... wanted, from outside the car industry ... Two people",
        "connected-car-software ... a weak point ... One person",
        "rank-by-sales-among-car-makers-of-japan ... 3",
    ),
    asked(
        "What is in its long-term plan, and when does it come?",
        f"pending nissan-roadmap {APRIL}",
        "press-nissan-roadmap ... expected ... 2023 ... autonomous driving",
        never=("2023-12",),
    ),
    asked(
        "Are Renault's constraints gone?",
        f"claims nissan {APRIL}",
        "constraints-from-renault ... no longer there ... unnamed ... not the end of an agreement",
    ),
    asked(
        "What do Nissan's people think of Renault and of the alliance?",
        f"timeline renault-nissan-alliance {APRIL}",
        "benefits-from-renault-to-nissan ... hard to obtain ... unnamed",
        "view-inside-nissan ... most of the great difficulties lie behind it ... unnamed",
        "joint-purchasing-of-parts ... to Nissan's benefit ... unnamed",
    ),
    asked(
        "Does Renault contribute enough?",
        f"claims renault {APRIL}",
        "contribution-to-development ... too small in the eyes of Nissan's executives",
    ),
    asked(
        "Do Nissan and Honda negotiate?",
        f"claims nissan {LAST}",
        "partnership-with-honda ... a possible one is being explored ... 2024-03-27",
        "growing-competition-in-electric-cars-from ... Chinese makers such as BYD, and Tesla",
        never=("negotiating",),
    ),
    asked(
        "How far are they, and in what form?",
        f"claims nissan-honda {LAST}",
        "form-explored ... joint ventures",
        "stage ... preliminary ... 2024-03-27",
    ),
    asked(
        "Is there a deal with Honda?",
        f"deals nissan-honda {LAST}",
        "Not known: no event at this cut tells a step of nissan-honda",
        "Claims speak of nissan-honda",
        never=("negotiating",),
    ),
    # who spoke
    asked(
        "What did Uchida say?",
        f"timeline makoto-uchida {LAST}",
        "at the latest 2023-02-28 ... by makoto-uchida for nissan ... new business in Europe",
        "at the latest 2024-03-27 ... Before the press in Chennai, Uchida makes",
        "by makoto-uchida for nissan ... India is vital",
        "by makoto-uchida for nissan ... the state must give incentives",
    ),
    asked(
        "What did de Meo say?",
        f"timeline luca-de-meo {LAST}",
        "at the latest 2023-07-31 ... by luca-de-meo for renault ... software-led cars",
        "by luca-de-meo for renault ... India is vital",
        "by luca-de-meo for renault ... Hard competition lies ahead",
    ),
    asked(
        "What did Renault's chairman say, when, and who is he?",
        f"show press-cleanenergy-renault-chairman {LAST}",
        "effective_on 2024-02",
        "what a statement is made for renault ... the partnership is sound and on course",
        "It does not name him",
    ),
    asked(
        "How did the word of Uchida in February reach the article?",
        f"show press-insideevs-uchida-on-ampere {LAST}",
        "Third hand. Said to Reuters, taken over by Teslarati",
    ),
    asked(
        "Who leads the two companies?",
        f"timeline {LAST}",
        "nissan: chief-executive is said to be Makoto Uchida",
        "renault: chief-executive is said to be Luca de Meo",
    ),
    asked(
        "Do all three still work together, and were both heads in India before?",
        f"claims renault-nissan-alliance {LAST}",
        "commitment-to-collaborate ... upheld by Nissan, Renault and Mitsubishi Motors",
        "visit-of-both-chief-executives-to-india ... the first ... at the latest 2024-03-27",
    ),
    # the sources
    asked(
        "How are the companies called?",
        f"timeline {LAST}",
        "Nissan Motor Co. is registered as company",
        "Mitsubishi Motors is registered as company",
        "Honda Motor is registered as company",
        never=("Ltd", "Corporation", "S.A."),
    ),
    asked("Do the articles contradict each other?", f"conflicts {LAST}", "No conflict is found"),
)  # fmt: skip


@pytest.fixture(scope="module")
def press(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The five articles alone."""
    return load(tmp_path_factory.mktemp("articles") / "press.db", [PRESS])


@pytest.mark.parametrize("one", ASKED, ids=[one.question for one in ASKED])
def test_a_reader_of_the_articles_asks(press: Path, one: Asked) -> None:
    outcome = run(press, *one.command.split())
    assert outcome.code == 0, outcome.err
    answer = [" ".join(line.split()) for line in outcome.out.splitlines()]
    for said in one.says:
        line = re.compile(".*".join(map(re.escape, said.split(" ... "))))
        assert any(map(line.search, answer)), (said, outcome.out)
    for unsaid in one.never:
        assert unsaid not in "\n".join(answer), (unsaid, outcome.out)


def test_no_article_is_taken_for_a_paper_of_the_companies(press: Path) -> None:
    rows = ask(press, "timeline", "--as-of", "2024-12-31", "--standing", "official")["rows"]
    assert {row["type"] for row in rows} == {"party-registered", "source-registered", "note-added"}


def test_every_fact_names_its_lines(press: Path) -> None:
    for row in ask(press, "timeline", "--as-of", "2024-12-31")["rows"]:
        if row["type"] == "source-registered":
            continue
        (shown,) = ask(press, "show", row["event"])["rows"]
        for cited in shown["data"]["citations"]:
            assert re.fullmatch(r"line [0-9]+", cited["locator"]), row["event"]
