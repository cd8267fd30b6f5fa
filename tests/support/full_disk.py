"""The program of a process of its own: runs commands while no file may grow beyond a size, and tells how each ended.

Takes a JSON list of {"arguments", "limit"} from standard input; a limit of None is no limit. It stands alone, for the
limit holds for the whole process.
"""

from __future__ import annotations

import json
import resource
import signal
import sys
import traceback


def main() -> None:
    from click.testing import CliRunner

    from tco_xlsx.cli import main as command

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    told = []
    for job in json.load(sys.stdin):
        limit = resource.RLIM_INFINITY if job["limit"] is None else job["limit"]
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
        try:
            result = CliRunner().invoke(command, job["arguments"])
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, hard))
        error = result.exception
        trace = "" if error is None or isinstance(error, SystemExit) else "".join(traceback.format_exception(error))
        told.append({"code": result.exit_code, "stderr": result.stderr, "trace": trace})
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()
