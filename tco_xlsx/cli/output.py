"""The door out: what a command prints, and how it ends."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from tco_xlsx.errors import ExpectedError

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

F = TypeVar("F", bound=Callable[..., Any])

NO_POINT_EXIT = 3
_MOST_TOLD = 10


def expected_errors(command: F) -> F:
    """Show what the user can mend as a message on standard error, without a traceback."""

    @functools.wraps(command)
    def guarded(*arguments: Any, **options: Any) -> Any:
        try:
            return command(*arguments, **options)
        except ExpectedError as error:
            click.echo(str(error), err=True)
            sys.exit(error.exit_code)

    return guarded  # type: ignore[return-value]


def end(missing: list[str], allowed: bool) -> None:
    for text in missing[:_MOST_TOLD]:
        click.echo(text, err=True)
    if len(missing) > _MOST_TOLD:
        click.echo(f"... and {len(missing) - _MOST_TOLD:,} more scenarios without an operating point", err=True)
    if missing and not allowed:
        sys.exit(NO_POINT_EXIT)


def _console() -> Console:
    from rich.console import Console

    # A pipe has no width; a table must not be squeezed into 80 columns there.
    return Console(width=None if sys.stdout.isatty() else 200, highlight=False)


def print_table(shown: RenderableType) -> None:
    _console().print(shown)
