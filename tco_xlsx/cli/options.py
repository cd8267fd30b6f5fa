"""Arguments and options that several commands share."""

from __future__ import annotations

from pathlib import Path

import click

scenario_files = click.argument("scenarios", nargs=-1, required=True, type=click.Path(path_type=Path))
settings_option = click.option(
    "--set", "settings", multiple=True, metavar="SECTION.NAME=VALUE", help="Give an input; wins over the scenario."
)
shape_option = click.option(
    "--format", "shape", type=click.Choice(["table", "json"]), default="table", show_default=True, help="What to print."
)
template_option = click.option(
    "--template", type=click.Path(path_type=Path), help="A template of your own; templates/finance.yaml else."
)
replace_option = click.option(
    "--force", is_flag=True, help="Replace a file that tco-xlsx did not write, or that has been edited since."
)
strict_option = click.option(
    "--strict", is_flag=True, help="Take every warning about the inputs for an error (exit 2)."
)
allow_no_point_option = click.option(
    "--allow-no-point", is_flag=True, help="Exit 0 though a scenario has no benchmark point within its limits."
)
