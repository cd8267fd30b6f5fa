"""Random scenarios from the model: right ones, nearly right ones, and wrong ones, as the bytes of a YAML file."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tco_xlsx.language.lines import Choice, Given, Pick, RowText
from tco_xlsx.model import MODEL

NUMBERS = (
    "0", "-0", "1", "-1", "0.1", "1e-9", "1e-300", "5e-324", "1e15", "1e20", "1e28", "1e99", "1e300",
    "1.7e308", "1e999",
    "-1e300", ".inf", "-.inf", ".nan", "NaN", "9" * 25, "9" * 400, "0x10", "0o17", "1_000", "1,000", "1.000,5", "10 %",
    "1/3", "$5", "2026-01-31", "1:30", "+7", "1e", "0.0000001", "123456789.123456789", "007", "1e+05",
)  # fmt: skip
OTHER_TYPES = (
    "true", "no", "~", "", "null", "''", "text", "[]", "{}", "[1, 2]", "{a: 1}", "{value: 1}", "{value: [1]}",
    "{value: 1, low: 2}", "{value: 1, high: 0}", "{value: 1, source: 3}", "{value: 1, note: [x]}", "{low: 1}",
    "{value: 1, vlaue: 2}", "!!str 5", "!!python/object:os.system x", "!!binary aGk=", "&a 5", "*a", "<<", "|\n    x",
    "? x", "- 1", "@x", "`x", "%x", "{value: 1, value: 2}", "[[[[[[[[[[1]]]]]]]]]]", "{{{1}}}",
)  # fmt: skip
CHARACTERS = (
    "\\x01", "\\x07", "\\e", "\\0", "\\x08", "\\x0b", "\\x1f", "\\x7f", "\\x85", "\\u2028", "\\u2029",
    "\\ufffe", "\\uffff",
    "\\ud800", "\\udfff", "\\ud83d\\ude00", "\\U0001F600", "\\U0010FFFF", "\\ufeff", "\\u200b", "\\u202e", "\\n", "\\r",
    "\\r\\n", "\\t", "\\\"", "\\\\", "_x0001_", "_x005F_", "&", "<b>", "]]>", "<!--", "'", "''", "=1+1", "@SUM(A1)",
    "+1", "-1", "{", "}", "{0}", "{x}", "%s", "%", "#REF!", "#N/A", "n/a", "TRUE", "*", "?", "~", "[Book]Sheet!A1",
    "https://example.com", "file:///etc/passwd", "internal:Inputs!A1", "mailto:a@b", "é", "中文", "אב", "ẞ", "İ", "ﬁ",
    "a\\u0301", "  lead", "trail  ", ":", "; ", ",", "|", "/", "..", "CON", "\\x00", "x" * 300, "長" * 120,
)  # fmt: skip
RAW = (b"\x00", b"\x01", b"\x0b", b"\x1b[31m", b"\x7f", b"\x85", b"\xff", b"\xfe\xff", b"\xc3\x28", b"\xed\xa0\x80",
       b"\xef\xbf\xbe", b"\t", b"\r", b"\r\n", b"\xef\xbb\xbf", b"\xe2\x80\xa8", b"---\n", b"...\n",
       b"%YAML 1.1\n")  # fmt: skip
NOT_LINES = (
    "server.prise",
    "xyz.abc",
    "checks.failing",
    "fleet.servers",
    "title.x",
    "benchmark.where.isl",
    "Server.price",
)


@dataclass
class Wild:
    """One scenario as bytes, with the files beside it. `sane`: nothing was done to it on purpose."""

    content: bytes
    beside: dict[str, bytes] = field(default_factory=dict)
    sane: bool = False
    told: list[str] = field(default_factory=list)
    """What was done to it, for messages."""

    def write(self, folder: Path) -> Path:
        """The scenario's file in a folder."""
        for name, content in self.beside.items():
            (folder / name).write_bytes(content)
        path = folder / "wild.yaml"
        path.write_bytes(self.content)
        return path


class Wilderness:
    """Scenarios one after the other; the same seed gives the same ones."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)

    def scenario(self) -> Wild:
        """The next scenario."""
        sections = self._sections()
        head = {"title": self._text(plain=True)}
        if self.chance.random() < 0.5:
            head["notes"] = self._text(plain=True)
        if self.chance.random() < 0.5:
            head["currency"] = self.chance.choice(["USD", "EUR", "CNY"])
        head |= self._rows()
        wild = Wild(b"", sane=True)
        if self.chance.random() < 0.6:
            wild.beside["runs.csv"] = self._table()
            head["benchmark"] = self.chance.choice(["runs.csv", "{files: runs.csv, facts: {gpu_type: H100}}"])
        else:
            rate, gpus = self._number(0.01, 200), self.chance.choice([1, 2, 3, 4, 8, 16])
            sections["performance"] = {"source": "manual", "manual_rps": rate, "manual_gpus": str(gpus)}
        if self.chance.random() < 0.15:
            head["matrix"] = self._matrix()
        for _ in range(self.chance.choice([0, 0, 1, 1, 1, 2, 3])):
            self._spoil_parts(wild, head, sections)
        text = "".join(f"{key}: {value}\n" for key, value in head.items())
        for name, inputs in sections.items():
            text += f"{name}:\n" + "".join(f"  {key}: {value}\n" for key, value in inputs.items())
        wild.content = text.encode("utf-8", "surrogatepass")
        if self.chance.random() < 0.15:
            self._spoil_bytes(wild)
        return wild

    # --- what is right

    def _sections(self) -> dict[str, dict[str, str]]:
        sections: dict[str, dict[str, str]] = {}
        for line in MODEL.inputs:
            assert line.section is not None
            name = line.section.name
            if name == "performance" or isinstance(line, Pick) or line.is_column:
                continue
            # Some ways to state a load, or the shape of a day, need further inputs of their section.
            if not line.required and name not in ("workload", "day") and self.chance.random() < 0.55:
                continue
            sections.setdefault(name, {})[line.attribute] = self._values(line)
        return sections

    def _rows(self) -> dict[str, str]:
        """Tables, each as a list of rows on one line."""
        columns: dict[str, list[Given]] = {}
        for line in MODEL.inputs:
            if line.is_column:
                columns.setdefault(line.name.partition(".")[0], []).append(line)
        found = {}
        for name, lines in columns.items():
            if self.chance.random() < 0.4:
                count = self.chance.randint(1, lines[0].axis.seats or 1) if lines[0].axis is not None else 1
                rows = (", ".join(f"{one.attribute}: {self._value(one)}" for one in lines) for _ in range(count))
                found[name] = "[" + ", ".join(f"{{{row}}}" for row in rows) + "]"
        return found

    def _values(self, line: Given) -> str:
        """One value, or a list where the input has a seat for each year or hour."""
        if line.axis is None:
            return self._value(line)
        if line.axis.written == "series" and self.chance.random() < 0.5:
            return self._value(line)
        seats = line.axis.seats or 1
        count = self.chance.randint(1, seats) if line.axis.written == "series" else seats
        return "[" + ", ".join(self._plain(line) for _ in range(count)) + "]"

    def _value(self, line: Given) -> str:
        if isinstance(line, RowText):
            return self._text(plain=True)
        if isinstance(line, Choice):
            return self.chance.choice(line.codes)
        number = self._plain(line)
        if line.is_column or self.chance.random() > 0.2:
            return number
        return f"{{value: {number}, source: {self._text(plain=True)}, note: {self._text(plain=True)}}}"

    def _plain(self, line: Given) -> str:
        low = line.at_least if line.at_least is not None else (line.above or 0.0)
        high = line.at_most if line.at_most is not None else self.chance.choice([10.0, 1e3, 1e6])
        if line.integer:
            number = str(self.chance.randint(int(low), int(min(high, 64))))
        else:
            number = self._number(low, high) if self.chance.random() < 0.9 else f"{low:.15g}"
        if line.above is not None and float(number) <= line.above:
            number = "1"
        return number

    def _number(self, low: float, high: float) -> str:
        number = self.chance.uniform(low, high) if self.chance.random() < 0.5 else low + (high - low) * 0.1
        return f"{round(number, self.chance.choice([0, 1, 2, 6])) or high:.15g}"

    def _table(self) -> bytes:
        """Points that the laws allow: latency is concurrency over rate."""
        rows = ["gpu_type,gpus_per_instance,precision,concurrency,rps,ttft_avg_ms,itl_avg_ms,latency_avg_ms,isl,osl"]
        for number in range(self.chance.randint(1, 7)):
            load = 2**number
            rate = load / self.chance.uniform(1.0, 1.6 + number)
            latency = load / rate * 1000
            ttft = latency * self.chance.uniform(0.05, 0.3)
            itl = (latency - ttft) / 199
            gpus = self.chance.choice([1, 1, 1, 2])
            precision = self.chance.choice(["fp8", "fp8", "fp8", "bf16"])
            rows.append(f"H100,{gpus},{precision},{load},{rate:.6g},{ttft:.6g},{itl:.6g},{latency:.6g},1000,200")
        return "\n".join(rows).encode() + b"\n"

    def _text(self, plain: bool = False) -> str:
        words = ["Chat", "R&D", "é", "70B", "plan", "offer of 3 May", "中文", "<b>", "100 %", "a'b", "x" * 40]
        if plain:
            return json.dumps(" ".join(self.chance.sample(words, self.chance.randint(1, 3))), ensure_ascii=False)
        parts = [self.chance.choice([*words, *CHARACTERS]) for _ in range(self.chance.randint(1, 3))]
        return '"' + "".join(part.replace('"', "'") if part not in CHARACTERS else part for part in parts) + '"'

    def _matrix(self) -> str:
        axis = self.chance.choice(["server.price: [1, 2, 3]", "server.life_years: {from: 1, to: 5, steps: 3}",
                                   "hw: {A: {server.price: 5}, B: {server.price: 7, server.gpus: 4}}"])  # fmt: skip
        extra = self.chance.choice(
            ["", "", ', name: "{server.price}"', ', title: "x {hw}"', ", include: [{server.price: 9}]"]
        )
        return f"{{vary: {{{axis}}}{extra}}}"

    # --- what is not

    def _spoil_parts(self, wild: Wild, head: dict[str, str], sections: dict[str, dict[str, str]]) -> None:
        section = self.chance.choice(list(sections))
        inputs = sections[section]
        key = self.chance.choice(list(inputs)) if inputs else ""
        way = self.chance.choice(list(WAYS))
        wild.sane = False
        wild.told.append(f"{way} {section}.{key}")
        WAYS[way](self, head, sections, section, key)

    def _number_in(self, head: dict[str, str], sections: dict[str, dict[str, str]], section: str, key: str) -> None:
        sections[section][key] = self.chance.choice(NUMBERS)

    def _type_in(self, head: dict[str, str], sections: dict[str, dict[str, str]], section: str, key: str) -> None:
        sections[section][key] = self.chance.choice(OTHER_TYPES)

    def _text_in(self, head: dict[str, str], sections: dict[str, dict[str, str]], section: str, key: str) -> None:
        place = self.chance.choice(["title", "notes", "currency", "source", "note", "value", "key"])
        if place in ("title", "notes", "currency"):
            head[place] = self._text()
        elif place == "key":
            sections[section][self._text()] = "1"
        elif place == "value":
            sections[section][key] = self._text()
        else:
            sections[section][key] = f"{{value: {sections[section].get(key, '1')}, {place}: {self._text()}}}"

    def _empty(self, head: dict[str, str], sections: dict[str, dict[str, str]], section: str, key: str) -> None:
        sections[section][key] = self.chance.choice(["", "~", '""', "[]", "{}"])

    def _left_out(self, head: dict[str, str], sections: dict[str, dict[str, str]], section: str, key: str) -> None:
        if self.chance.random() < 0.3:
            del sections[section]
        else:
            sections[section].pop(key, None)

    def _unknown(self, head: dict[str, str], sections: dict[str, dict[str, str]], section: str, key: str) -> None:
        name = self.chance.choice(NOT_LINES)
        first, _, second = name.partition(".")
        sections.setdefault(first, {})[second] = "1"

    def _picks(self, head: dict[str, str], sections: dict[str, dict[str, str]], section: str, key: str) -> None:
        picked = self.chance.choice(["gpu_type", "precision", "engine", "model", "setup", "tokens"])
        codes = ["any", "ANY", "H100", "h100", "fp8", "unknown", "7", "null", "[H100]", self._text()]
        sections["configuration"] = {picked: self.chance.choice(codes)}

    def _currency(self, head: dict[str, str], sections: dict[str, dict[str, str]], section: str, key: str) -> None:
        head["currency"] = self.chance.choice(
            ["usd", "US", "USDX", "€", "ÄÖÜ", "5", "[USD]", "~", "No", "１２３", "USD "]
        )

    def _benchmark(self, head: dict[str, str], sections: dict[str, dict[str, str]], section: str, key: str) -> None:
        head["benchmark"] = self.chance.choice([
            "gone.csv", ".", "..", "[]", "{}", "''", "[runs.csv, runs.csv]", '"\\x01"', '"**"', '"*.csv"', "/dev/null",
            "{files: runs.csv, where: {isl: 1000}}", "{files: runs.csv, where: {isl: -1}}",
            "{files: runs.csv, where: 5}",
            "{files: runs.csv, accept: x}", "{files: runs.csv, facts: {gpus_per_instance: 0}}",
            "{files: runs.csv, facts: {gpus_per_instance: 1e300}}", '{files: runs.csv, facts: {model: "a\\x01b"}}',
            "wild.yaml", "{files: runs.csv, where: {precision: [fp8, ~]}}", f"{{files: {self._text()}}}",
        ])  # fmt: skip

    def _extends(self, head: dict[str, str], sections: dict[str, dict[str, str]], section: str, key: str) -> None:
        head["extends"] = self.chance.choice(
            ["wild.yaml", "gone.yaml", ".", "''", "~", "[a]", '"a\\x00b"', "/dev/null"]
        )

    def _matrix_in(self, head: dict[str, str], sections: dict[str, dict[str, str]], section: str, key: str) -> None:
        head["matrix"] = self.chance.choice([
            "{}", "[]", "5", "{vary: {}}", "{vary: {server.price: []}}", "{vary: {server.price: [1, 1]}}",
            "{vary: {server.prise: [1]}}", "{vary: {server.price: {from: 1, to: 2, steps: 1e9}}}",
            "{vary: {server.price: {from: 1, to: 2, steps: 3}}, exclude: [{}]}",
            "{vary: {hw: {A: {server.price: 1}, B: {}}}}", f"{{vary: {{hw: {{{self._text()}: {{server.price: 1}}}}}}}}",
            "{vary: {server.price: [1, 2]}, name: x}", '{vary: {server.price: [1, 2]}, name: "{x}"}',
            '{vary: {server.price: [1, 2]}, title: "{server.price:>2000000000}"}',
            '{vary: {server.price: [1, 2]}, name: "{server.price.__class__}"}',
            f"{{vary: {{server.price: [1, 2]}}, title: {self._text()}}}",
            f"{{vary: {{server.price: [1, 2]}}, name: {self._text()}}}",
            f"{{vary: {{server.price: [{self.chance.choice(NUMBERS)}, {self.chance.choice(NUMBERS)}]}}}}",
            "{vary: {service.max_ttft_ms: [~, 100]}}", "{vary: {currency: [USD, EUR]}}", "{vary: {title: [a, b]}}",
        ])  # fmt: skip

    def _twice(self, head: dict[str, str], sections: dict[str, dict[str, str]], section: str, key: str) -> None:
        sections[section][f"{key} "] = "1"

    def _points(self, head: dict[str, str], sections: dict[str, dict[str, str]], section: str, key: str) -> None:
        limit = self.chance.choice(["max_ttft_ms", "max_itl_ms", "max_latency_ms"])
        sections.setdefault("service", {})[limit] = self.chance.choice(["0.001", "1e-300", "1e300", "100"])

    def _rows_in(self, head: dict[str, str], sections: dict[str, dict[str, str]], section: str, key: str) -> None:
        head["items"] = self.chance.choice([
            "[]", "{}", "~", "5", "[[]]", "[~]", "[{}]", "[{label: a}, 5]", "[{amount: 1}]", "[{label: a, amont: 1}]",
            f"[{{label: {self._text()}, amount: {self.chance.choice(NUMBERS)}}}]", "[{label: a, when: never}]",
            "[{label: a, from_year: 5, to_year: 2, amount: 1}]", f"[{', '.join(['{label: a, amount: 1}'] * 40)}]",
        ])  # fmt: skip

    def _series_in(self, head: dict[str, str], sections: dict[str, dict[str, str]], section: str, key: str) -> None:
        many = self.chance.choice([0, 1, 2, 10, 11, 24, 25, 400])
        sections[section][key] = "[" + ", ".join(self.chance.choice(NUMBERS[:12]) for _ in range(many)) + "]"

    def _spoil_bytes(self, wild: Wild) -> None:
        wild.sane = False
        content = bytearray(wild.content)
        for _ in range(self.chance.randint(1, 3)):
            at = self.chance.randrange(len(content) + 1)
            match self.chance.randrange(5):
                case 0:
                    content[at:at] = self.chance.choice(RAW)
                case 1:
                    del content[at : at + self.chance.randint(1, 40)]
                case 2:
                    end = self.chance.randrange(at, min(len(content), at + 60) + 1)
                    content[at:at] = content[at:end]
                case 3 if at < len(content):
                    content[at] = self.chance.randrange(256)
                case _:
                    content[at:at] = self.chance.choice(
                        [b": ", b"- ", b"\n", b"  ", b"{", b"]", b"'", b'"', b"#", b"&a ", b"*a"]
                    )
        wild.content = bytes(content)
        wild.told.append("bytes")


Way = Callable[[Wilderness, dict[str, str], dict[str, dict[str, str]], str, str], None]
WAYS: Mapping[str, Way] = {
    "number": Wilderness._number_in,
    "number again": Wilderness._number_in,
    "type": Wilderness._type_in,
    "text": Wilderness._text_in,
    "text again": Wilderness._text_in,
    "empty": Wilderness._empty,
    "left out": Wilderness._left_out,
    "unknown": Wilderness._unknown,
    "pick": Wilderness._picks,
    "currency": Wilderness._currency,
    "benchmark": Wilderness._benchmark,
    "extends": Wilderness._extends,
    "matrix": Wilderness._matrix_in,
    "twice": Wilderness._twice,
    "limit": Wilderness._points,
    "table": Wilderness._rows_in,
    "series": Wilderness._series_in,
}


def scenarios(seed: int, count: int) -> Sequence[Wild]:
    """The first `count` scenarios of a seed."""
    wilderness = Wilderness(seed)
    return [wilderness.scenario() for _ in range(count)]
