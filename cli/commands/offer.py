"""stakebook offer"""

from __future__ import annotations

import click

from cli.asking import Asking, question
from cli.context import check_known
from cli.naming import Naming
from ledger.time.view import View
from projections.answer import Answer
from projections.share_rows import OfferRow


@question("offer")
@click.argument("offer", type=Naming("offer"))
def command(offer: str) -> Asking:
    """Who accepted OFFER for how much, what of it is taken, and what has moved so far.

    What is taken is found by the scaling rule, limit and entitlements that the offer names. Where
    they do not decide, it is not known. Moved are the shares of events that are under the offer.

    \b
    Example:
      stakebook offer bid-1 --as-of 2024-04-01
    """
    from cli.plans.offers import offer_screen
    from projections.subjects.offers import offer as asked

    def ask(view: View) -> Answer[OfferRow]:
        check_known(view, offer, "offer")
        return asked(view, offer)

    return Asking(
        ask, f"Offer {offer}", screen=lambda answer, labels: offer_screen(offer, answer, labels)
    )
