"""stakebook show"""

from __future__ import annotations

import click

from cli.asking import Asking, question
from cli.completions import EVENT


@question("show")
@click.argument("event", type=EVENT)
def command(event: str) -> Asking:
    """One event whole: EVENT is its key, its position (as '#12' or 12) or its id.

    Shows it as it stands at the cut, as it was recorded, and what amended it.

    \b
    Example:
      stakebook show '#12'
    """
    from cli.plans.show import ShowPlan
    from projections.subjects.timeline import show

    return Asking(lambda view: show(view, event), f"Event {event}", screen=ShowPlan(event).screen)
