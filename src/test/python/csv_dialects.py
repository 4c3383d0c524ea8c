"""Writes CSV files of many dialects with Python's csv module, and what that module reads in them.

    csv_dialects.py FOLDER COUNT SEED

FOLDER gets the files and `expected.jsonl`, a line for each: its name, dialect, and all its cells as csv.reader reads them. The
separator "blanks" stands for runs of blanks, also at the ends of lines.
"""

import csv
import gzip
import io
import json
import random
import sys
from pathlib import Path

TEXTS = [
    "red", "light green", "blau-grün", "紅", "O'Neill", 'a "quoted" one', "#7", "a;b|c", "x, y", "tab\there",
    "two\nlines", "two\r\nlines", "two\rlines", "\nfirst line empty", "ends with a break\n", "", "nil", "'", '"', '""', "a,b;c",
    "Meier, Hans", "100 %", "-", "one\n\nblank line between", 'say "hi"\nand "bye"', "=1+1", "back\\slash",
]


def number(rnd, decimal):
    value = rnd.choice([rnd.randint(-99, 99), round(rnd.gauss(0, 100), rnd.choice([1, 2, 4])), rnd.gauss(0, 1)])
    return str(value).replace(".", decimal)


def table(rnd, decimal, breaks, quote):
    """Columns of numbers and of text, at least one of each; names are words. Line breaks are those of `breaks`.

    In single quotes no text is nothing but quotes: both kinds of quotes would do for such a table.
    """
    kinds = ["number"] + rnd.choices(["number", "text"], k=rnd.randint(1, 5)) + ["text"]
    rnd.shuffle(kinds)
    texts = [text for text in TEXTS if not (set(text) & set("\r\n")) - set(breaks)]
    if quote == "'":
        texts = [text for text in texts if text.strip("'\"") or not text]
    rows = []
    for _ in range(rnd.choice([3, 5, 20, 60])):
        rows.append([number(rnd, decimal) if kind == "number" else rnd.choice(texts) for kind in kinds])
    rows[0] = [cell or "red" for cell in rows[0]]
    if decimal == ",":  # a number of which it is certain
        rows[1][kinds.index("number")] = "3,25"
    names = [f"{kind} {i}" if rnd.random() < 0.3 else f"{kind}_{i}" for i, kind in enumerate(kinds)]
    return names, rows


def aligned(rows, quote, quoting, end, rnd):
    """Rows as lines with runs of blanks between cells, at least one of them of several."""
    lines = []
    for row in rows:
        cells = []
        for cell in row:
            text = io.StringIO()
            how = csv.QUOTE_ALL if not cell or set(cell) & set(" \t'\"") else quoting
            csv.writer(text, quotechar=quote, quoting=how, lineterminator="").writerow([cell])
            cells.append(text.getvalue() + " " * rnd.choice([1, 1, 2, 5]))
        ends = [" " * rnd.choice([0, 0, 1, 3]), rnd.choice(["", " "])]
        lines.append(ends[0] + "".join(cells).rstrip(" ") + ends[1] + end)
    return [" " + lines[0]] + lines[1:] + (["  " + end] if rnd.random() < 0.1 else [])


def cells_of(file, separator, quote):
    if separator == "blanks":
        lines = [line.strip(" \r\n") for line in file.read().replace("\r\n", "\n").replace("\r", "\n").split("\n")]
        return list(csv.reader(filter(None, lines), delimiter=" ", quotechar=quote, skipinitialspace=True))
    return list(csv.reader(file, delimiter=separator, quotechar=quote))


def write(folder, i, rnd):
    separator = rnd.choice([",", ",", ";", "\t", "|", " ", "blanks"])
    quote = '"' if separator == "blanks" else rnd.choice(['"', '"', '"', "'"])
    quoting = rnd.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC])
    end = rnd.choice(["\n", "\n", "\r\n", "\r"])
    encoding = rnd.choice(["utf-8"] * 4 + ["utf-8-sig"] + (["utf-16", "utf-16-le"] if separator != "blanks" else []))
    decimal = "," if separator != "," and rnd.random() < 0.3 else "."
    has_header = rnd.random() < 0.8
    zipped = rnd.random() < 0.1
    # QUOTE_MINIMAL leaves line breaks that are not the row's end without quotes
    breaks = "" if rnd.random() < 0.4 or separator == "blanks" else end if quoting == csv.QUOTE_MINIMAL else "\r\n"
    names, rows = table(rnd, decimal, breaks, quote)
    path = folder / f"t{i}.csv{'.gz' if zipped else ''}"
    with gzip.open(path, "wt", encoding=encoding, newline="") if zipped else open(
        path, "w", encoding=encoding, newline=""
    ) as file:
        all_rows = ([names] if has_header else []) + rows
        if quote == "'" and sum("\n" in cell or "\r" in cell for row in all_rows for cell in row) == 1:
            quoting = csv.QUOTE_NONNUMERIC  # two apostrophes apart are not taken for quotes
        if separator == "blanks":
            file.writelines(aligned(all_rows, quote, quoting, end, rnd))
        else:
            writer = csv.writer(file, delimiter=separator, quotechar=quote, quoting=quoting, lineterminator=end)
            writer.writerows(all_rows)
    with gzip.open(path, "rt", encoding=encoding, newline="") if zipped else open(
        path, encoding=encoding, newline=""
    ) as file:
        cells = cells_of(file, separator, quote)
    return {
        "file": path.name,
        "separator": separator,
        "quote": quote,
        "end": end,
        "encoding": encoding,
        "decimal": decimal,
        "header": has_header,
        "cells": cells,
    }


def main():
    folder, count, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    rnd = random.Random(seed)
    with open(folder / "expected.jsonl", "w", encoding="utf-8") as expected:
        for i in range(count):
            expected.write(json.dumps(write(folder, i, rnd)) + "\n")


main()
