"""What a batch refuses before it begins: a folder that can be none, a date that is none."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from tco_xlsx.documents.errors import BadInput, Fault


def unwritable(out: Path, error: OSError) -> BadInput:
    """What to say of a folder that cannot be written to."""
    return BadInput([Fault(str(out), 0, 0, f"cannot be written to: {error.strerror or error}.")])


def refuse_folder(out: Path) -> None:
    """Raise BadInput for what can be no folder to write to."""
    try:
        is_folder = stat.S_ISDIR(os.stat(out).st_mode)
    except FileNotFoundError:
        return
    except OSError as error:
        raise unwritable(out, error) from None
    if not is_folder:
        message = "is a file; name a folder, or for one scenario a workbook that ends in .xlsx."
        raise BadInput([Fault(str(out), 0, 0, message)])


def refuse_epoch(epoch: str | None) -> None:
    """Raise BadInput for a SOURCE_DATE_EPOCH that is no date of Excel's."""
    if epoch is None:
        return
    try:
        seconds = int(epoch)
    except ValueError:
        seconds = -1
    # Excel's dates end with the year 9999.
    if not 0 <= seconds < 253_402_300_800:
        message = f'"{epoch}" is no date; expected the seconds since 1970, or leave it unset.'
        raise BadInput([Fault("SOURCE_DATE_EPOCH", 0, 0, message)])
