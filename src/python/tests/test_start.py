"""The ways to bring Firesteel into a session: by spark-submit with the wheel, and with its jars in spark.jars."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pyspark
import pytest

import firesteel

WHEELS = list(Path(__file__).parents[1].glob("firesteel-*.whl"))

APPLICATION = """
import sys
from pyspark.sql import SparkSession

builder = SparkSession.builder.config("spark.ui.enabled", False)
if len(sys.argv) > 1:
    builder = builder.config("spark.jars", sys.argv[1])
spark = builder.getOrCreate()
there = spark._jvm.io.firesteel.base.Version

import firesteel

rows = spark.createDataFrame([(float(i), float(i % 2)) for i in range(40)], ["x", "y"])
model = firesteel.train(rows, "y", epochs=2, hidden=[4])
print("whl" if ".whl" in firesteel.__file__ else "installed", callable(there), model.features, len(firesteel.jars()))
spark.stop()
"""


@pytest.fixture
def application(tmp_path: Path) -> Path:
    path = tmp_path / "application.py"
    path.write_text(APPLICATION)
    return path


@pytest.mark.skipif(not WHEELS, reason="the wheel is not built")
def test_spark_submit_needs_nothing_but_the_wheel(application: Path) -> None:
    spark = Path(pyspark.__file__).parent
    options = ["--master", "local[1]", "--driver-memory", "1g", "--py-files", str(WHEELS[0])]
    environment = os.environ | {"SPARK_HOME": str(spark), "PYSPARK_PYTHON": sys.executable}
    command = [str(spark / "bin" / "spark-submit"), *options, str(application)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, env=environment)
    assert done.stdout.splitlines()[-1:] == [f"whl False ['x'] {len(firesteel.jars())}"], done.stderr


def test_jars_that_a_session_has_are_used(application: Path) -> None:
    command = [sys.executable, str(application), ",".join(firesteel.jars())]
    environment = os.environ | {"MASTER": "local[1]", "SPARK_LOCAL_IP": "127.0.0.1"}
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, env=environment)
    assert done.stdout.splitlines()[-1:] == [f"installed True ['x'] {len(firesteel.jars())}"], done.stderr
