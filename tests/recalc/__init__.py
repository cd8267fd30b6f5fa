"""Recalculate workbooks with real spreadsheet engines and compare them with the Python results.

workbook     read and edit cells without disturbing anything else in the file
libreoffice  recalculate many files with a LibreOffice that is made to recalculate
engines      two engines inside this process: fast enough for every edit of every input
compare      expected against actual, in lines a person can read
lint         what stands in a formula: functions, constants, R1C1 form
audit        is the file itself a valid workbook
facts        what the engines make of the formulas we rely on, and where they differ from Excel
"""
