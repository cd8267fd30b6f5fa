"""`python -m tco_xlsx` is `tco-xlsx`."""

from __future__ import annotations

from tco_xlsx.cli import main

if __name__ == "__main__":
    main(prog_name="tco-xlsx")
