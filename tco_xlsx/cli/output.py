"""The door out: all that a command prints passes it, and every command ends through it."""

from __future__ import annotations

import errno
import functools
import gc
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TextIO, TypeVar, cast

import click

from tco_xlsx.cli.stopping import stoppable
from tco_xlsx.documents.errors import ExpectedError
from tco_xlsx.documents.text_out import cut, one_line, told

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

F = TypeVar("F", bound=Callable[..., Any])

NO_POINT_EXIT = 3
FAULT_EXIT, UNWRITABLE_EXIT, BROKEN_PIPE_EXIT = 1, 2, 141
DEBUG = "TCO_XLSX_DEBUG"
"""The environment variable that shows where in the program a fault is."""
_MOST_TOLD = 10
_RARELY = 200_000, 20, 20
_LONGEST_MESSAGE, _LONGEST_REASON = 20_000, 400


class Door:
    """A stream on the way out: control characters are written out, what its encoding lacks is replaced, and a reader
    that has gone or a full disk is remembered instead of raised: the work of the command goes on."""

    def __init__(self, stream: TextIO | None, is_for_control: bool = False, keeper: Door | None = None) -> None:
        """`is_for_control`: what is written moves the cursor and gives colours, by our own hand alone."""
        self._stream = stream
        self._is_for_control = is_for_control
        self._keeper = keeper or self
        self.failure: OSError | None = None
        self.encoding = getattr(stream, "encoding", None) or "utf-8"
        self.errors = "replace"

    @property
    def terminal(self) -> Door:
        """The same stream, for what a program draws on a terminal."""
        return self if self._is_for_control else Door(self._stream, True, self._keeper)

    def write(self, text: str) -> int:
        """Write a text, as far as the stream takes it."""
        if not isinstance(text, str):
            raise TypeError("a text is written here")
        safe = text if self._is_for_control else told(text)
        self._try(lambda stream: stream.write(safe.encode(self.encoding, "replace").decode(self.encoding)))
        return len(text)

    def flush(self) -> None:
        """Send what waits."""
        self._try(lambda stream: stream.flush())

    def isatty(self) -> bool:
        """Whether a person reads it."""
        return self._stream is not None and not self._stream.closed and self._stream.isatty()

    def fileno(self) -> int:
        """The file's number."""
        if self._stream is None:
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        return self._stream.fileno()

    def writable(self) -> bool:
        """Always: what cannot be written is remembered."""
        return True

    def _try(self, act: Callable[[TextIO], object]) -> None:
        keeper = self._keeper
        if keeper.failure is not None:
            return
        if self._stream is None or self._stream.closed:
            keeper.failure = OSError(errno.EBADF, os.strerror(errno.EBADF))
            return
        try:
            act(self._stream)
        except OSError as error:
            keeper.failure = error
            _let_go(self._stream)


def _let_go(stream: TextIO) -> None:
    """Lead a stream that nobody takes to nowhere, or Python would complain of what waits in it when it ends."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
    except (OSError, ValueError):
        return


class Commands(click.Group):
    """The commands behind their door: no traceback, no exception and no control character leaves it."""

    def main(self, *arguments: Any, **options: Any) -> Any:
        # Hundreds of thousands of points are made and none is garbage: looking through them takes a fifth of the time.
        gc.set_threshold(*_RARELY)
        with _doors() as (out, _):
            try:
                result = super().main(*arguments, **options)
            except SystemExit as ending:
                out.flush()
                raise SystemExit(_code(ending.code, out)) from None
            out.flush()
            return result

    def invoke(self, ctx: click.Context) -> Any:
        with stoppable():
            return self._invoke(ctx)

    def _invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except ExpectedError as error:
            _tell(error)
        except Exception as error:
            if os.environ.get(DEBUG) == "1":
                raise
            sys.exit(_tell_fault(error))


def expected_errors(command: F) -> F:
    """Show what the user can mend as a message on standard error, without a traceback."""

    @functools.wraps(command)
    def guarded(*arguments: Any, **options: Any) -> Any:
        try:
            return command(*arguments, **options)
        except ExpectedError as error:
            _tell(error)

    return guarded  # type: ignore[return-value]


@contextmanager
def _doors() -> Iterator[tuple[Door, Door]]:
    plain: tuple[Any, Any] = sys.stdout, sys.stderr
    doors = out, err = Door(plain[0]), Door(plain[1])
    sys.stdout, sys.stderr = cast("TextIO", out), cast("TextIO", err)
    try:
        yield doors
    finally:
        sys.stdout, sys.stderr = plain


def _code(code: object, out: Door) -> object:
    """What the command ends with. Its own complaint goes before that of its reader."""
    if out.failure is None or code not in (0, None):
        return code
    if out.failure.errno in (errno.EPIPE, errno.ECONNRESET):
        return BROKEN_PIPE_EXIT
    click.echo(f"standard output: cannot be written: {out.failure.strerror}.", err=True)
    return UNWRITABLE_EXIT


def _tell(error: ExpectedError) -> None:
    click.echo(cut(str(error), _LONGEST_MESSAGE), err=True)
    sys.exit(error.exit_code)


def _tell_fault(error: Exception) -> int:
    """What nobody foresaw, in words. Of the operating system's complaints the file is told."""
    if isinstance(error, OSError) and error.filename is not None:
        name = os.fsdecode(error.filename) if isinstance(error.filename, (str, bytes)) else str(error.filename)
        click.echo(f"{one_line(name)}: {error.strerror or error}.", err=True)
        return UNWRITABLE_EXIT
    if isinstance(error, MemoryError):
        click.echo("the memory is not enough for it; give fewer scenarios or points at a time.", err=True)
        return UNWRITABLE_EXIT
    try:
        reason = cut(one_line(str(error)), _LONGEST_REASON)
    except Exception:
        reason = ""
    lines = (
        f"fault of tco-xlsx: {type(error).__name__}{reason and ': '}{reason} (at {_place(error)})",
        f"Please report it with this message, the command and its files; {DEBUG}=1 shows where it comes from.",
    )
    for line in lines:
        click.echo(line, err=True)
    return FAULT_EXIT


def _place(error: Exception) -> str:
    trace, place = error.__traceback__, "?"
    while trace is not None:
        code = trace.tb_frame.f_code
        if f"{os.sep}tco_xlsx{os.sep}" in code.co_filename:
            place = f"{code.co_filename.rpartition(f'{os.sep}tco_xlsx{os.sep}')[2]}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place


def end(missing: list[str], allowed: bool) -> None:
    for text in missing[:_MOST_TOLD]:
        click.echo(text, err=True)
    if len(missing) > _MOST_TOLD:
        click.echo(f"... and {len(missing) - _MOST_TOLD:,} more scenarios without an operating point", err=True)
    if missing and not allowed:
        sys.exit(NO_POINT_EXIT)


def _console() -> Console:
    from rich.console import Console

    stream: Any = sys.stdout.terminal if isinstance(sys.stdout, Door) else sys.stdout
    # A pipe has no width; a table must not be squeezed into 80 columns there.
    return Console(file=stream, width=None if stream.isatty() else 200, highlight=False, markup=False, emoji=False)


def print_table(shown: RenderableType) -> None:
    """Print a table or a tree. The colours are ours, the texts are not."""
    from rich.segment import Segment, Segments

    console = _console()
    laid_out = [
        segment if segment.control else Segment(told(segment.text), segment.style)
        for segment in console.render(shown, console.options)
    ]
    console.print(Segments(laid_out), end="")
