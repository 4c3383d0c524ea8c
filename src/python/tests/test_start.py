"""The sessions that Firesteel starts, and the ways to bring it into another: by spark-submit, and with its jars."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pyspark
import pytest
from pyspark.sql import SparkSession

import firesteel
import firesteel.spark

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


def test_half_of_the_memory_that_a_container_has(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """At least 1 GB and at most 16 GB; a control group without a limit says max."""
    monkeypatch.delenv("SPARK_DRIVER_MEMORY", raising=False)
    monkeypatch.setattr("os.sysconf", lambda name: {"SC_PAGE_SIZE": 4096, "SC_PHYS_PAGES": 2**24}[name])  # 64 GB
    limit = tmp_path / "memory.max"
    monkeypatch.setattr(firesteel.spark, "_MEMORY_LIMITS", (limit, tmp_path / "absent"))
    given = []
    for text in ["max", str(6 * 2**30), str(2**30)]:
        limit.write_text(text + "\n")
        given.append(firesteel.spark._local_settings()["spark.driver.memory"])
    assert given == ["16384m", "3072m", "1024m"]


def test_what_a_running_session_ignores_is_said(spark: SparkSession) -> None:
    with pytest.warns(UserWarning, match="master and conf are ignored"):
        assert firesteel.session(master="local[1]") is spark


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
