"""The entry point: finds the noun's module only when it is called, so that help is instant."""

from __future__ import annotations

import logging
import sys
from importlib import import_module

import click

from jobmatch_ml import __version__
from jobmatch_ml.errors import JobMatchError, suggest

# noun -> (module, attribute, help line); modules are imported on use.
COMMANDS: dict[str, tuple[str, str, str]] = {
    "world": ("jobmatch_ml.cli.world", "world", "Build a synthetic job market."),
    "rome": ("jobmatch_ml.cli.rome", "rome", "Import the classification ROME 4.0."),
    "esco": ("jobmatch_ml.cli.esco", "esco", "Import the classification ESCO."),
    "offers": ("jobmatch_ml.cli.offers", "offers", "Fetch and ingest job offers."),
    "warehouse": ("jobmatch_ml.cli.warehouse", "warehouse", "DuckDB and BigQuery."),
    "cv": ("jobmatch_ml.cli.cv", "cv", "Read CVs."),
    "interactions": ("jobmatch_ml.cli.interactions", "interactions", "Bring one's own log."),
    "match": ("jobmatch_ml.cli.match", "match", "Rank the offers for a CV."),
    "tailor": ("jobmatch_ml.cli.tailor", "tailor", "Write a CV and a letter for one offer."),
    "rank": ("jobmatch_ml.cli.rank", "rank", "Rank a BEIR corpus for its queries."),
    "encoder": ("jobmatch_ml.cli.encoder", "encoder", "Adapt encoders; the one in the box."),
    "evaluate": ("jobmatch_ml.cli.evaluate", "evaluate", "Score a run against judgements."),
    "pipeline": ("jobmatch_ml.cli.pipeline", "pipeline", "Run notebooks in order."),
    "notebook": ("jobmatch_ml.cli.notebook", "notebook", "Run and check single notebooks."),
    "model": ("jobmatch_ml.cli.model", "model", "List, review and promote models."),
    "monitor": ("jobmatch_ml.cli.monitor", "monitor", "Watch for drift."),
    "serve": ("jobmatch_ml.cli.serve", "serve", "Start the matching service."),
    "app": ("jobmatch_ml.cli.app", "app", "Start the demo application."),
    "bench": ("jobmatch_ml.cli.bench", "bench", "Measure speed and size."),
    "docs": ("jobmatch_ml.cli.docs", "docs", "Fill the generated tables of the documentation."),
}


class LazyGroup(click.Group):
    """A click group whose commands are imported only when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Returns the nouns in the order of the house."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Imports and returns one noun's command; ``None`` when it is unknown."""
        if cmd_name not in COMMANDS:
            return None
        module, attribute, _ = COMMANDS[cmd_name]
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Finds the command, with a suggestion when the noun is misspelt."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            raise click.UsageError(suggest(args[0], COMMANDS, kind="command"))
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes the command list from the table above, importing nothing."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry[2]) for name, entry in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="jobmatch")
@click.option("-v", "--verbose", is_flag=True, help="Log what happens to stderr.")
def cli(verbose: bool) -> None:
    """JobMatch ML: match French job seekers to offers, from research to production."""
    logging.basicConfig(
        level=logging.INFO if verbose else logging.WARNING,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
        stream=sys.stderr,
    )


def main() -> None:
    """Runs the command; a domain error is one line on stderr and exit code 1."""
    try:
        cli(standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("interrupted", err=True)
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except JobMatchError as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(1)
