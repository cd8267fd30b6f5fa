"""How much a command says: `-q` nothing but errors, `-v` every note in full."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TypeVar

import click

from tco_xlsx.documents.errors import BadInput, Fault

C = TypeVar("C", bound=click.Command)

_QUIET, _VERBOSE = "tco_xlsx.quiet", "tco_xlsx.verbose"
_MOST_SHOWN = 20


def with_voice(command: C) -> C:
    """The command with `-q` and `-v`."""
    command.params += [
        click.Option(["-q", "--quiet"], is_flag=True, expose_value=False, callback=_keep(_QUIET),
                     help="Say nothing but errors."),
        click.Option(["-v", "--verbose"], is_flag=True, expose_value=False, callback=_keep(_VERBOSE),
                     help="Say every note in full; they are counted else."),
    ]  # fmt: skip
    return command


def is_quiet() -> bool:
    """Whether `-q` was given."""
    return bool(click.get_current_context().meta.get(_QUIET))


def is_verbose() -> bool:
    """Whether `-v` was given."""
    return bool(click.get_current_context().meta.get(_VERBOSE))


def say(text: str) -> None:
    """What was done, on standard output."""
    if not is_quiet():
        click.echo(text)


def note(text: str) -> None:
    """What a person should know, on standard error."""
    if not is_quiet():
        click.echo(text, err=True)


def warn(found: Iterable[Fault], strict: bool) -> None:
    """Warnings about inputs, each once with how many scenarios have it. Raises BadInput with all when `strict`."""
    from tco_xlsx.case.caveats import placed, strictly

    counted = Counter(found)
    if strict and counted:
        raise BadInput(strictly(counted))
    shown = list(counted) if is_verbose() else list(counted)[:_MOST_SHOWN]
    for fault in shown:
        many = f" ({counted[fault]:,} scenarios)" if counted[fault] > 1 else ""
        note(f"warning: {placed(fault)}{many}")
    if len(counted) > len(shown):
        note(f"warning: ... and {len(counted) - len(shown):,} more; -v tells each")


def _keep(name: str):  # type: ignore[no-untyped-def]
    def keep(context: click.Context, _: click.Parameter, given: bool) -> None:
        context.meta[name] = given

    return keep
