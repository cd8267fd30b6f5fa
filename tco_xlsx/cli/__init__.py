"""The command line: the only room that prints or exits. What a command needs is imported when it runs."""

from __future__ import annotations

import click

from tco_xlsx import __version__
from tco_xlsx.cli.bench import bench
from tco_xlsx.cli.build import build
from tco_xlsx.cli.compare import compare
from tco_xlsx.cli.declarations import explain, lines, schema
from tco_xlsx.cli.evaluate import check, evaluate
from tco_xlsx.cli.examples import examples
from tco_xlsx.cli.output import Commands
from tco_xlsx.cli.sweep import sweep
from tco_xlsx.cli.voice import with_voice

_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 110}


@click.group(cls=Commands, context_settings=_CONTEXT)
@click.version_option(__version__, prog_name="tco-xlsx")
def main() -> None:
    """LLM-inference benchmarks and scenarios in, Excel workbooks with live formulas out."""


for _command in (build, evaluate, check, bench, lines, explain, sweep, compare, schema, examples):
    main.add_command(with_voice(_command))
