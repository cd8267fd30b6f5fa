"""What spreadsheet engines make of the formulas that the workbooks are built from.

The expected value is Excel's as documented; nothing here was run in Excel itself. Where an engine differs,
DIFFERENT says so: the workbooks then must not depend on it, and a new version of the engine that agrees
shows up as a failure.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from tests.recalc.values import Constant, Err, Value

DIV, NA, NUM, REF, VALUE = (Err(name) for name in ("#DIV/0!", "#N/A", "#NUM!", "#REF!", "#VALUE!"))
LIBREOFFICE, FORMUALIZER, IRONCALC = ENGINES = ("LibreOffice", "formualizer", "IronCalc")


class Fact(NamedTuple):
    says: str
    cells: Mapping[str, Constant]  # a text that begins with "=" is a formula
    formulas: Mapping[str, Value]


MEASURED: dict[str, Constant] = {"A1": 1, "A2": 2, "A4": 3, "A5": 4, "B1": 10, "B2": 20, "B4": 30, "B5": 5}
ON_FRONTIER: dict[str, Value] = {
    "=SUMPRODUCT(($A$1:$A$5<=A1)*($B$1:$B$5>B1))": 0.0,
    "=SUMPRODUCT(($A$1:$A$5<=A4)*($B$1:$B$5>B1))": 2.0,
    "=SUMPRODUCT(($A$1:$A$5<=A5)*($B$1:$B$5>B5))": 3.0,
}
STATISTIC: dict[str, Constant] = {"A1": 1, "C1": 3, "D1": "p50", "A9": "avg", "B9": "p50", "C9": "p90"}
BY_INDEX = "INDEX(A1:C1,MATCH(D1,$A$9:$C$9,0))"
BY_IF = 'IF(D1="avg",A1,IF(D1="p50",B1,C1))'
BY_CHOOSE = 'CHOOSE(MATCH(D1,{"avg","p50","p90"},0),A1,B1,C1)'


def fact(says: str, cells: Mapping[str, Constant], *formulas: Mapping[str, Value]) -> Fact:
    """Formulas in several parts, only so that more than one fits on a line."""
    return Fact(says, cells, {formula: value for part in formulas for formula, value in part.items()})


FACTS = [
    fact(
        "typed text compares above every number, so it counts neither way",
        {**MEASURED, "A3": "n/a", "B3": "n/a"},
        {**ON_FRONTIER, "=SUMPRODUCT(($A$1:$A$5<=A4)*1)": 3.0, "=A3<=A1": False, "=A3>1E300": True},
    ),
    fact(
        "so does text that a formula gives",
        {**MEASURED, "A3": '=IF(1=1,"n/a",0)', "B3": '="n"&"/a"'},
        {**ON_FRONTIER, "=SUMPRODUCT(($A$1:$A$5<=A4)*1)": 3.0},
    ),
    fact(
        "a blank compares as zero, which is a latency no server has",
        {**MEASURED, "A3": None, "B3": None},
        {"=SUMPRODUCT(($A$1:$A$5<=A1)*1)": 2.0, "=A3<=A1": True},
    ),
    fact(
        "a choice that lands on a number",
        {**STATISTIC, "B1": 7},
        {f"={pick}": 7.0 for pick in (BY_INDEX, BY_IF, BY_CHOOSE)},
        {f"=ISNUMBER({pick})": True for pick in (BY_INDEX, BY_IF, BY_CHOOSE)},
    ),
    fact(
        "a choice that lands on a blank is shown as 0 but is no number",
        {**STATISTIC, "B1": None},
        {f"={pick}": 0.0 for pick in (BY_INDEX, BY_IF, BY_CHOOSE)},
        {f"=ISNUMBER({pick})": False for pick in (BY_INDEX, BY_IF, BY_CHOOSE)},
        {f'={BY_INDEX}=""': True},
    ),
    fact(
        "a choice that lands on text",
        {**STATISTIC, "B1": "n/a"},
        {f"={pick}": "n/a" for pick in (BY_INDEX, BY_IF, BY_CHOOSE)},
        {f"=ISNUMBER({pick})": False for pick in (BY_INDEX, BY_IF, BY_CHOOSE)},
    ),
    fact(
        "a choice of something that is not offered",
        {**STATISTIC, "B1": 7, "D1": "p99"},
        {f"={BY_INDEX}": NA, f"={BY_CHOOSE}": NA, f"={BY_IF}": 3.0, f"=ISNUMBER({BY_INDEX})": False},
    ),
    fact(
        "aggregates skip text, typed or computed, and blanks; of no number at all they are 0",
        {
            "A1": 3,
            "A2": "n/a",
            "A3": '=IF(1=1,"n/a",0)',
            "A4": -2,
            "A5": None,
            "B1": "n/a",
            "B2": "=A3",
            "B3": None,
        },
        {
            "=MAX(A1:A5)": 3.0,
            "=MIN(A1:A5)": -2.0,
            "=COUNT(A1:A5)": 2.0,
            "=SUM(A1:A5)": 1.0,
            "=MAX(A4,A2)": -2.0,
        },
        {"=MAX(B1:B3)": 0.0, "=MIN(B1:B3)": 0.0, "=COUNT(B1:B3)": 0.0, "=SUM(B1:B3)": 0.0},
        {"=AVERAGE(B1:B3)": DIV, "=SUMPRODUCT(A1:A5,A1:A5)": 13.0, "=SUMPRODUCT(A1:A5*1)": VALUE},
        {"=INDEX(A1:A5,MATCH(MAX(A1:A5),A1:A5,0))": 3.0},
    ),
    fact(
        "aggregates skip booleans in a range: flags have to be the numbers 0 and 1",
        {"A1": 3, "A2": True, "A3": "=1=1"},
        {"=SUM(A1:A3)": 3.0, "=COUNT(A1:A3)": 1.0, "=A2=1": False, "=ISNUMBER(A3)": False, "=A2*3": 3.0},
    ),
    fact(
        "whole units: the inner round takes the dust away",
        {"A1": 0.1, "A2": 0.3, "A3": 24.10986094, "A4": 1e7 + 0.5, "A5": -2.1, "A6": -3, "A7": 4.0000000004}
        | {"A8": 4.0000000006, "A9": -2.0000000001, "A10": 2.9999999999},
        {"=ROUNDUP(ROUND(A1*3/A2,9),0)": 1.0, "=ROUNDUP(ROUND(A3,9),0)": 25.0},
        {"=ROUNDUP(ROUND(A4,9),0)": 10000001.0, "=ROUNDUP(ROUND(A5,9),0)": -3.0},
        {"=ROUNDUP(ROUND(A6,9),0)": -3.0, "=ROUNDUP(ROUND(A7,9),0)": 4.0, "=ROUNDUP(ROUND(A8,9),0)": 5.0},
        {"=ROUNDUP(ROUND(A9,9),0)": -2.0, "=INT(ROUND(8/3,9))": 2.0, "=INT(ROUND(A10,9))": 3.0},
        {"=INT(ROUND(A5,9))": -3.0},
    ),
    fact(
        "a hair above a whole number, in the 13th digit: LibreOffice rounds to 12 before it rounds up",
        {"A1": 12345.00000001, "A2": 6527201454334.091, "A3": 12345.0000001},
        {"=ROUNDUP(ROUND(A1,9),0)": 12346.0, "=ROUNDUP(A2,0)": 6527201454335.0, "=ROUNDUP(ROUND(A3,6),0)": 12345.0},
        {"=ROUNDUP(ROUND(A3,9),0)": 12346.0, "=-INT(-ROUND(A1,9))": 12346.0, "=-INT(-A2)": 6527201454335.0},
    ),
    fact(
        "ROUND takes halves away from zero, of the number as written: Python's round does neither",
        {"A1": 2.5, "A2": -2.5, "A3": 1.005, "A4": 2.675, "A5": 5e-10},
        {"=ROUND(A1,0)": 3.0, "=ROUND(A2,0)": -3.0, "=ROUND(A3,2)": 1.01, "=ROUND(A4,2)": 2.68},
        {"=ROUND(A5,9)": 1e-9},
    ),
    fact(
        "numbers as text",
        {"A1": 1234567.891, "A2": 0.069682, "A3": 0.5, "A4": 1234.54, "A5": -1234, "A6": 0, "A7": "n/a"},
        {'=TEXT(A1,"#,##0")': "1,234,568", '=TEXT(A2,"0.0000")': "0.0697", '=TEXT(A3,"0%")': "50%"},
        {'=TEXT(A4,"#,##0.0")': "1,234.5", '=TEXT(A5,"#,##0")': "-1,234", '=TEXT(A6,"#,##0")': "0"},
        {'=TEXT(A7,"#,##0")': "n/a", '="$ "&TEXT(A2,"0.0000")&" per 1M"': "$ 0.0697 per 1M"},
        {'=A3&" x"': "0.5 x", '="n = "&A7': "n = n/a"},
    ),
    fact(
        "TEXT of an exact half: round first, then every engine writes the same",
        {"A1": 1234.55, "A2": 2.5, "A3": 0.125},
        {'=TEXT(ROUND(A1,1),"#,##0.0")': "1,234.6", '=TEXT(ROUND(A2,0),"0")': "3"},
        {'=TEXT(ROUND(A3,2),"0.00")': "0.13", '=TEXT(A1,"#,##0.0")': "1,234.6", '=TEXT(A2,"0")': "3"},
    ),
    fact(
        "the arm that is not taken raises no error",
        {"A1": 6, "A2": 0, "B1": 0, "C1": 0},
        {'=IF(AND(ISNUMBER(A1),B1=1),A1/B1,"n/a")': "n/a", '=IF(A2=1,B1/C1,"n/a")': "n/a"},
        {'=IF(A2=0,A1/C1,"n/a")': DIV, "=CHOOSE(2,A1/B1,5)": 5.0, "=IFERROR(A1/B1,0)": 0.0},
    ),
    fact(
        "AND and OR look at all they are given: a condition must not guard another one inside them",
        {"A1": 6, "A2": 0, "B1": 0},
        {"=IF(AND(A2=1,A1/B1>1),1,0)": DIV, "=IF(OR(A2=0,A1/B1>1),1,0)": DIV},
    ),
    fact(
        "a blank input",
        {"A1": 5, "C1": None, "E1": '=""'},
        {
            '=IF(C1="",1,0)': 1.0,
            "=ISNUMBER(C1)": False,
            "=A1+C1": 5.0,
            "=A1*C1": 0.0,
            "=C1": 0.0,
            "=A1/C1": DIV,
        },
        {"=C1=0": True, "=ISBLANK(C1)": True, "=MAX(C1,-1)": -1.0, '=IF(OR(C1="",A1<=C1),1,0)': 1.0},
        {'=E1=""': True, "=ISBLANK(E1)": False, "=E1*1": VALUE, "=E1>0": True},
    ),
    fact(
        "conditions as numbers",
        {"A1": 1, "B1": 2, "C1": "text", "E1": 0, "F1": -3.5},
        {
            '=N("text")': 0.0,
            "=N(C1)": 0.0,
            "=N(A1)": 1.0,
            "=ABS(F1)": 3.5,
            "=ABS(C1)": VALUE,
            "=SIGN(F1)": -1.0,
        },
        {
            "=SIGN(E1)": 0.0,
            "=AND(A1,B1)": True,
            "=AND(A1,E1)": False,
            "=OR(A1,E1)": True,
            "=OR(E1,E1)": False,
        },
        {"=(A1<=B1)*1": 1.0, "=(A1>B1)*1": 0.0, "=(A1<=B1)*(B1<=A1)": 0.0, "=A1<=B1": True},
        {'=IF(A1,"y","n")': "y", '=IF(E1,"y","n")': "n", "=SUM((A1<=B1)*1,2)": 3.0, '=C1="TEXT"': True},
    ),
    fact(
        "precedence",
        {"A1": 2, "A2": 3},
        {"=-A1^2": 4.0, "=0-A1^2": -4.0, "=A1^A2^2": 64.0, "=A1-A2+A1": 1.0, "=A1-(A2+A1)": -3.0},
        {"=2/4/2": 0.25, "=A1&A2+1": "24", "=2^-1": 0.5, "=10%*A1": 0.2},
    ),
    fact(
        "Excel takes computed numbers that differ in the 16th digit for equal: round both before comparing",
        {"A1": 0.1, "A2": 0.3},
        {"=A1*3<=A2": True, "=ROUND(A1*3,9)<=ROUND(A2,9)": True, "=IF(ABS(A1*3-A2)<=A1/1000000,1,0)": 1.0},
    ),
    fact(
        "what random formulas ran into: brackets behind a sign, a hair below a whole number, numbers near zero",
        {"A1": 2, "A2": 3, "A3": 5, "A4": 999999.999999999, "A5": 1e-17, "A6": 0, "A7": 4e-10, "A8": 365},
        {"=A3/(-(A1*A2))": -5 / 6, "=(-(A1*A2))^A1": 36.0, "=A3/(-(A1+A2))": -1.0, "=-(A1*A2)": -6.0},
        {"=INT(A4)": 999999.0, "=A6<A5": True, "=A7^A8": 0.0},
    ),
    fact(
        "errors by name",
        {"A1": 0, "B1": 1, "C1": "n/a", "D1": -1},
        {"=B1/A1": DIV, "=A1/A1": DIV, "=C1+1": VALUE, "=NA()": NA, "=B1/A1+C1": DIV, "=C1+B1/A1": VALUE},
        {"=SUM(NA(),B1/A1)": NA, "=MAX(B1/A1,1)": DIV, '=TEXT(B1/A1,"0")': DIV, "=D1^0.5": NUM},
        {"=LN(D1)": NUM, "=INDEX(A1:D1,5)": REF, "=0^0": NUM},
    ),
]

#: Where an engine departs from the rest. LibreOffice keeps booleans as numbers, and saves some errors as #VALUE!.
DIFFERENT: dict[tuple[str, str], Value] = {
    (LIBREOFFICE, "=SUM(A1:A3)"): 5.0,
    (LIBREOFFICE, "=COUNT(A1:A3)"): 3.0,
    (LIBREOFFICE, "=A2=1"): True,
    (LIBREOFFICE, "=ISNUMBER(A3)"): True,
    (LIBREOFFICE, "=ROUNDUP(ROUND(A1,9),0)"): 12345.0,
    (LIBREOFFICE, "=ROUNDUP(A2,0)"): 6527201454330.0,
    (LIBREOFFICE, "=LN(D1)"): VALUE,
    (LIBREOFFICE, "=INDEX(A1:D1,5)"): VALUE,
    (LIBREOFFICE, "=C1+B1/A1"): DIV,  # which of two errors wins is anybody's choice
    (LIBREOFFICE, "=0^0"): 1.0,
    (FORMUALIZER, "=0^0"): 1.0,
    (FORMUALIZER, "=A1*3<=A2"): False,
    (LIBREOFFICE, "=INT(A4)"): 1000000.0,
    (LIBREOFFICE, "=A7^A8"): NUM,  # too small for a float
    (IRONCALC, "=A3/(-(A1*A2))"): -7.5,  # loses the inner brackets
    (IRONCALC, "=(-(A1*A2))^A1"): -18.0,
    (IRONCALC, "=A6<A5"): False,
    (IRONCALC, f"=ISNUMBER({BY_CHOOSE})"): False,  # whatever it lands on: a fault, so choose by INDEX or IF
    (IRONCALC, '=TEXT(A1,"#,##0.0")'): "1,234.5",  # halves to even
    (IRONCALC, '=TEXT(A2,"0")'): "2",
    (IRONCALC, "=IF(AND(A2=1,A1/B1>1),1,0)"): 0.0,  # stops at the first that decides
    (IRONCALC, "=IF(OR(A2=0,A1/B1>1),1,0)"): 1.0,
}
