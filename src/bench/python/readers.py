"""Prints the seconds in which a reader of Python reads a table of numbers into memory, the second time that it does.

    readers.py pyarrow|polars csv|parquet DIRECTORY
"""

import sys
import time
from pathlib import Path


def read(reader, format, directory):
    if reader == "pyarrow":
        import pyarrow.dataset

        return pyarrow.dataset.dataset(directory, format=format).to_table().num_rows
    import polars

    files = [str(file) for file in sorted(Path(directory).glob("part-*"))]
    return (polars.scan_csv(files) if format == "csv" else polars.scan_parquet(files)).collect().height


read(*sys.argv[1:])
start = time.perf_counter()
read(*sys.argv[1:])
print(time.perf_counter() - start)
