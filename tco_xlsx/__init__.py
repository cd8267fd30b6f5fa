"""LLM-inference benchmarks and scenarios in, Excel workbooks with live formulas out."""

__version__ = "0.1.0"
