"""Recalculate workbooks with LibreOffice.

Headless LibreOffice does not recalculate an xlsx that it opens: it echoes the cached values, and a test
against it passes on broken formulas. The private profile written here makes it recalculate. Tests should
poison the caches first (workbook.poison), so that an echo cannot pass either.

Two traits of what it writes: numbers have 15 digits, and #NUM! and #REF! that a function returns come out
as #VALUE!.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

_MAC = Path("/Applications/LibreOffice.app/Contents/MacOS/soffice")
_XLSX = "xlsx:Calc MS Excel 2007 XML"
_PDF = "pdf:calc_pdf_Export"
_BATCH = 200  # files per call: the start is shared by many, and a crash does not cost everything

_ITEM = '<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
_LOAD = "/org.openoffice.Office.Calc/Formula/Load"
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
{items}
</oor:items>
"""


class LibreOfficeError(Exception):
    """LibreOffice did not convert what it was given."""


def available() -> str | None:
    """The program, or None when LibreOffice is not installed."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    return found or (str(_MAC) if _MAC.exists() else None)


class LibreOffice:
    """A LibreOffice with a profile of its own. Two processes must not share one: each worker has its own."""

    def __init__(self, profile_dir: Path, *, always_recalculate: bool = True, timeout: float = 300.0) -> None:
        program = available()
        if program is None:
            raise LibreOfficeError("soffice is not on the PATH: install LibreOffice Calc")
        self._program = program
        self._profile = profile_dir.resolve()
        self._timeout = timeout
        # Under a German locale TEXT(1234.5,"#,##0.0") would be another text.
        items = [("/org.openoffice.Setup/L10N", "ooSetupSystemLocale", "en-US")]
        if always_recalculate:
            items += [(_LOAD, "OOXMLRecalcMode", "0"), (_LOAD, "ODFRecalcMode", "0")]
        settings = self._profile / "user" / "registrymodifications.xcu"
        settings.parent.mkdir(parents=True, exist_ok=True)
        lines = "\n".join(_ITEM.format(path=path, name=name, value=value) for path, name, value in items)
        settings.write_text(_SETTINGS.format(items=lines), encoding="utf-8")

    def recalculate(self, paths: Sequence[Path], out_dir: Path) -> list[Path]:
        """Recalculated copies in out_dir, in the order given; many in one call, as a start costs a second."""
        return self._convert(paths, out_dir, _XLSX, ".xlsx")

    def pdf(self, paths: Sequence[Path], out_dir: Path) -> list[Path]:
        """The pages as they print, recalculated."""
        return self._convert(paths, out_dir, _PDF, ".pdf")

    def _convert(self, paths: Sequence[Path], out_dir: Path, filter_name: str, suffix: str) -> list[Path]:
        out_dir.mkdir(parents=True, exist_ok=True)
        used = Counter(path.stem for path in paths)
        targets = [
            out_dir / (path.stem + (f"-{number}" if used[path.stem] > 1 else "") + suffix)
            for number, path in enumerate(paths)
        ]
        for path, target in zip(paths, targets, strict=True):
            if path.resolve() == target.resolve():
                raise LibreOfficeError(f"{path} would be overwritten: choose another output folder")
        for start in range(0, len(paths), _BATCH):
            self._batch(paths[start : start + _BATCH], targets[start : start + _BATCH], filter_name, suffix)
        return targets

    def _batch(self, paths: Sequence[Path], targets: Sequence[Path], filter_name: str, suffix: str) -> None:
        """Numbered copies go in, because two inputs of one name would give one output."""
        with tempfile.TemporaryDirectory(dir=targets[0].parent, prefix=".soffice-") as folder:
            given, made = Path(folder, "in"), Path(folder, "out")
            given.mkdir()
            names = [f"{number:06d}" for number in range(len(paths))]
            for name, path in zip(names, paths, strict=True):
                shutil.copyfile(path, given / f"{name}.xlsx")
            inputs = [str(given / f"{name}.xlsx") for name in names]
            said = self._run(["--convert-to", filter_name, "--outdir", str(made), *inputs])
            missing = [path for name, path in zip(names, paths, strict=True) if not (made / (name + suffix)).exists()]
            if missing:
                listed = ", ".join(str(path) for path in missing[:5]) + (" ..." if len(missing) > 5 else "")
                made_of = f"{len(paths) - len(missing)} of {len(paths)} files"
                raise LibreOfficeError(f"LibreOffice converted {made_of}; missing: {listed}\n{said}")
            for name, target in zip(names, targets, strict=True):
                (made / (name + suffix)).replace(target)

    def _run(self, arguments: Sequence[str]) -> str:
        """What soffice said. Its exit status says little: it is 0 for a file that it could not load."""
        profile = f"-env:UserInstallation={self._profile.as_uri()}"
        quiet = ["--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck"]
        process = subprocess.Popen(
            [self._program, profile, *quiet, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,  # soffice is a script around soffice.bin: both must go on a timeout
        )
        try:
            output, errors = process.communicate(timeout=self._timeout)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            raise LibreOfficeError(f"LibreOffice did not finish within {self._timeout:g} s") from None
        said = [errors.strip()] if errors.strip() else []
        return "\n".join([*said, *output.strip().splitlines()[-5:], f"exit status {process.returncode}"])
