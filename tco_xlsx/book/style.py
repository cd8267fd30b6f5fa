"""Cell styles by name, made once each from the look of the template."""

from __future__ import annotations

from typing import Any

from tco_xlsx.book.number_format import digits_of
from tco_xlsx.book.template import Template
from tco_xlsx.book.xlsx.recorder import AnyWorkbook
from tco_xlsx.book.xlsx.sheet import Format
from tco_xlsx.language.lines import Derived, Line, Linked
from tco_xlsx.language.rounding import format_of, is_counted

_THOUSANDS = 1000
LARGE_DIFFERENCE = 100, "+#,##0;-#,##0;0"
"""From this size on a difference is shown without decimals."""


_MANY = '[>=10000000]#,##0.0,,"M";[>=1]#,##0;"–"'
"""Prompts and tokens of a year."""
WHOLE_BY_YEAR = '#,##0;-#,##0;"–"'


class Styles:
    """The formats of one workbook. A style is a name and, where it holds a number, a number format."""

    def __init__(self, workbook: AnyWorkbook, template: Template) -> None:
        self._workbook = workbook
        self._template = template
        self._made: dict[tuple[str, str], Format] = {}
        self._formats: dict[Line, str] = {}
        self._of_lines: dict[tuple[str, Line], Format] = {}
        look = template.look
        base = {"font_name": look.font, "font_size": look.size, "font_color": look.colour("ink"), "valign": "vcenter"}
        soft = {**base, "font_color": look.colour("soft")}
        rule = {"bottom": 1, "bottom_color": look.colour("rule")}
        wrap = {"text_wrap": True, "valign": "top"}
        # XlsxWriter drops an indent where only the vertical alignment is set.
        indent = {"align": "left", "indent": 1}
        band = {**base, "bg_color": look.colour("band")}
        card = {"right": 5, "right_color": "#FFFFFF"}
        given = {
            **base,
            "font_color": look.colour("input_ink"),
            "bg_color": look.colour("input_fill"),
            "border": 1,
            "border_color": look.colour("rule"),
            "locked": False,
            "valign": "top",
        }
        self._kinds: dict[str, dict[str, Any]] = {
            "plain": base,
            "top": {**base, "valign": "top", **indent},
            "number": {**base, "align": "right"},
            "number_top": {**base, "align": "right", "valign": "top"},
            "top_left": {**base, "valign": "top"},
            "plain_left": {**base, "align": "left"},
            "strong_left": {**base, "bold": True, "align": "left"},
            "soft_indent": {**soft, **indent},
            "strong": {**base, "bold": True},
            "lead": {**base, "bold": True, "font_color": look.colour("accent")},
            "strong_number": {**base, "bold": True, "align": "right"},
            "soft": soft,
            "soft_top": {**soft, "valign": "top", **indent},
            "soft_number": {**soft, "align": "right"},
            "soft_number_top": {**soft, "align": "right", "valign": "top"},
            "soft_wrap": {**soft, **wrap, **indent},
            "wrap": {**base, **wrap},
            "indent": {**base, "valign": "top", **indent},
            "indent_wrap": {**base, **wrap, **indent},
            "fixed": {**base, "align": "right", "valign": "top"},
            "title": {**base, "font_size": look.size + 6, "bold": True},
            "subtitle": soft,
            "verdict": {**base, "bold": True},
            "verdict_right": {**base, "bold": True, "align": "right"},
            "heading": {
                **base,
                "bold": True,
                "font_color": "#FFFFFF",
                "bg_color": look.colour("ink"),
                **wrap,
                **indent,
            },
            "heading_right": {
                **base,
                "bold": True,
                "font_color": "#FFFFFF",
                "bg_color": look.colour("ink"),
                **wrap,
                "align": "right",
            },
            "section": {**band, "bold": True, "valign": "top"},
            "section_note": {**band, "font_color": look.colour("soft"), **wrap, **indent},
            "part": {**base, "font_size": look.size + 1, "bold": True, **rule},
            "part_fill": {**base, **rule},
            "column": {**soft, **rule, "align": "right"},
            "column_wrap": {**soft, **rule, "align": "right", "text_wrap": True},
            "column_left": {**soft, **rule},
            "total": {**base, "bold": True, "top": 1, "top_color": look.colour("ink"), "align": "right"},
            "total_left": {**base, "bold": True, "top": 1, "top_color": look.colour("ink")},
            "card_label": {**band, **card, "font_color": look.colour("soft"), "indent": 1},
            "card_value": {**band, **card, "font_size": look.size + 8, "bold": True, "align": "left", "indent": 1},
            "card_small": {**band, **card, "font_color": look.colour("soft"), "font_size": look.size - 1, "indent": 1},
            "card_label_wide": {**band, "font_color": look.colour("soft"), "indent": 1},
            "card_value_wide": {**band, "font_size": look.size + 8, "bold": True, "align": "left", "indent": 1},
            "card_small_wide": {**band, "font_color": look.colour("soft"), "font_size": look.size - 1, "indent": 1},
            "card_fill": {**band},
            "card_end": {**band, **card},
            "input": {**given, "align": "right"},
            "side": {**given, "align": "right", "valign": "vcenter"},
            "linked": {**base, "align": "right", "valign": "top"},
            "chooser": {**given, "align": "left", "indent": 1, "valign": "vcenter"},
            "key_input": {**given, "locked": True, "align": "center"},
            "key_edited": {
                **given,
                "bg_color": look.colour("edited_fill"),
                "bold": True,
                "locked": True,
                "align": "center",
            },
            "key_plain": {**base, "align": "center"},
            "key_good": {
                **base,
                "font_color": look.colour("good_ink"),
                "bg_color": look.colour("good_fill"),
                "align": "center",
            },
            "key_bad": {
                **base,
                "font_color": look.colour("bad_ink"),
                "bg_color": look.colour("bad_fill"),
                "bold": True,
                "align": "center",
            },
            "key_warned": {
                **base,
                "font_color": look.colour("warning"),
                "bg_color": look.colour("edited_fill"),
                "align": "center",
            },
            "warned": {**base, "font_color": look.colour("warning"), "bold": True},
            "link": {**base, "font_color": look.colour("link_ink"), "underline": 1},
            "limit": {**base, "font_color": look.colour("warning")},
            "data": {**base, "align": "right", **rule},
            "data_left": {**base, **rule, **indent},
            "data_wrap": {**base, **rule, **indent, "text_wrap": True},
            "data_soft": {**soft, **rule, **indent},
        }

    def of(self, kind: str, number_format: str = "") -> Format:
        """The format of a kind, with a number format."""
        key = (kind, number_format)
        if key not in self._made:
            properties = dict(self._kinds[kind])
            if number_format:
                properties["num_format"] = number_format
            self._made[key] = self._workbook.add_format(properties)
        return self._made[key]

    def changed(self, colours: dict[str, Any]) -> Format:
        """A format for a conditional format."""
        return self._workbook.add_format(colours)

    def of_line(self, kind: str, line: Line) -> Format:
        """The format of a kind, with the number format of a line."""
        key = (kind, line)
        if key not in self._of_lines:
            self._of_lines[key] = self.of(kind, self.format_of(line))
        return self._of_lines[key]

    def format_of(self, line: Line) -> str:
        """The number format of a line's values: words for codes, else what its unit asks for."""
        if line not in self._formats:
            self._formats[line] = self._format_of(line)
        return self._formats[line]

    def _format_of(self, line: Line) -> str:
        if line.states:
            words = [f'"{line.states.get(sign, "")}"' for sign in (1, -1, 0)]
            return ";".join([*words, "@"])
        if isinstance(line, Derived):
            if line.signed:
                return self.signed_format(line)
            if line.digits:
                return format_of(line)
        elif is_counted(line) and not isinstance(line, Linked):
            # As it was measured, or typed.
            return "General"
        return self._template.format_of(line.unit)

    def by_year_format(self, line: Line) -> str:
        """The number format of a line by year: nothing in a year is a dash."""
        if line.unit in ("request", "token"):
            return _MANY
        own = self.format_of(line)
        return own if ";" in own or own == "General" else f'{own};-{own};"–"'

    def signed_format(self, line: Line) -> str:
        """The number format of a difference between two values of a line.

        A part with a condition shows no sign of its own, so there is none: `LARGE_DIFFERENCE` cuts the decimals.
        """
        if line.states:
            return "+0;-0;0"
        own = digits_of(self._template.format_of(line.unit)) or "#,##0.####"
        if not own.startswith("#") and not own.endswith("%"):
            own = f"#,##{own}"
        return f"+{own};-{own};0" if not own.endswith("%") else f"+{own};-{own};{own}"

    def typed_format(self, line: Line, value: float | None) -> str:
        """The number format of a figure as a person typed it: all its digits, and thousands set apart."""
        own = self.format_of(line)
        if own.endswith(("%", "@")):
            return own
        return "#,##0" if value is not None and value >= _THOUSANDS and value == int(value) else "General"
