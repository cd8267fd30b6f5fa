"""Ctrl-C and the request to end: what is half done is cleared away, and the shell sees which of them it was."""

from __future__ import annotations

import contextlib
import signal
import sys
import threading
from collections.abc import Iterator
from types import FrameType

import click

# As shells count the end by a signal.
_BY_SIGNAL = 128


class Terminated(BaseException):
    """The system or an operator asks the process to end. No error: nothing may catch it but for clearing away."""


@contextlib.contextmanager
def stoppable() -> Iterator[None]:
    """Exit with 130 after Ctrl-C and with 143 after a request to end, without a traceback."""
    is_main = threading.current_thread() is threading.main_thread()
    before = signal.signal(signal.SIGTERM, _terminate) if is_main else None
    try:
        yield
    except KeyboardInterrupt:
        _end(signal.SIGINT)
    except Terminated:
        _end(signal.SIGTERM)
    finally:
        if is_main:
            signal.signal(signal.SIGTERM, before or signal.SIG_DFL)


def _terminate(number: int, _: FrameType | None) -> None:
    # Clearing away takes a moment; a second request must not break into it.
    signal.signal(number, signal.SIG_IGN)
    raise Terminated


def _end(number: signal.Signals) -> None:
    with contextlib.suppress(OSError):
        click.echo("stopped; no file is half-written.", err=True)
    sys.exit(_BY_SIGNAL + number)
