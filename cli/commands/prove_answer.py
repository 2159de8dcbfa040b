"""stakebook prove-answer"""

from __future__ import annotations

from pathlib import Path

import click

from cli.context import progress
from cli.render import safe
from ledger.files import peek
from ledger.newfiles import create


@click.command("prove-answer", context_settings={"ignore_unknown_options": True})
@click.option("--out", type=click.Path(path_type=Path), help="Write to FILE [standard output].")
@click.argument("question", nargs=-1, type=click.UNPROCESSED)
@click.pass_obj
def command(path: Path, out: Path | None, question: tuple[str, ...]) -> None:
    """Answer QUESTION as of the newest checkpoint, and prove what the answer rests on.

    The bundle holds the question, the answer, every event looked at with its proof, the checkpoint
    and the version of the rules. `stakebook verify FILE --key VKEY` checks it, and answers the
    question again, without the ledger.

    \b
    Example:
      stakebook prove-answer --out stake.json holdings nissan --as-of 2023-11-08
    """
    from cli.proven import prove_answer

    with progress("hashing", peek(path).position) as advance:
        bundle = prove_answer(path, question, advance)
    if out is None:
        click.echo(str(bundle), nl=False)
        return
    create(out, str(bundle))
    click.echo(safe(f"wrote {out}: the answer rests on {len(bundle.proofs)} events"))
