"""`examples`: the scenarios that ship with the product, as files of the user's own."""

from __future__ import annotations

from pathlib import Path

import click

from tco_xlsx.cli.output import expected_errors
from tco_xlsx.documents.errors import BadInput, Fault


@click.command()
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path),
    default="tco-xlsx-examples",
    show_default=True,
    help="Folder to write to.",
)
@click.option("--force", is_flag=True, help="Replace files there that are not as shipped.")
@expected_errors
def examples(out: Path, force: bool) -> None:
    """Write the shipped example scenarios, their benchmark files, the schema and the template to a folder."""
    from tco_xlsx.documents.shipped import below, shipped
    from tco_xlsx.documents.target import write_file

    missing: dict[Path, bytes] = {}
    faults: list[Fault] = []
    files = 0
    # In a folder of its own: a template among scenarios would be taken for one.
    for name, file in (*below(shipped("examples")), *below(shipped("templates"), "templates/")):
        target, content = out / name, file.read_bytes()
        files += 1
        try:
            if target.exists() and target.read_bytes() == content:
                continue
            if target.exists() and not force:
                message = "is there, and is not as shipped; name another folder with -o, or replace it with --force."
                faults.append(Fault(str(target), 0, 0, message))
        except OSError as error:
            faults.append(Fault(str(target), 0, 0, f"cannot be written: {error.strerror or error}."))
        missing[target] = content
    if faults:
        raise BadInput(faults)
    for target, content in missing.items():
        write_file(target, content, makes_folder=True)
    click.echo(f"{out}: {files} files. Next: tco-xlsx build {out}")
