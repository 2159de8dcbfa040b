"""The floor of a question as a whole process: click, sqlite3, one statement with the keys, rows."""

import click

from benchmarks.floor_answers import EVER, printed, question
from benchmarks.floor_fold import read_only


@click.command()
@click.argument("model")
@click.argument("issuer")
@click.option("--as-of", required=True)
@click.option("--known-by", default=EVER)
def main(model: str, issuer: str, as_of: str, known_by: str) -> None:
    """Print the holdings in an issuer, each with the events that it is made of."""
    click.echo(printed(question(read_only(model), issuer, as_of, known_by)))


if __name__ == "__main__":
    main()
