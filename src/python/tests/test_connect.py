"""The estimators over Spark Connect: a real server on this machine, and a client in a process of its own."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyspark
import pytest
from pyspark.ml import PipelineModel
from pyspark.sql import DataFrame, SparkSession

import firesteel
from firesteel import FiresteelClassificationModel, FiresteelClassifier

SECONDS_TO_START = 90


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def server(folder: Path, jars: list[str]) -> tuple[subprocess.Popen[bytes], str]:
    """Starts a server of PySpark's own distribution, and returns it with its URL."""
    port = free_port()
    settings = {
        "spark.master": "local[2]",
        "spark.ui.enabled": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.connect.grpc.binding.address": "127.0.0.1",
        "spark.connect.grpc.binding.port": port,
        "spark.sql.shuffle.partitions": 2,
        "spark.sql.warehouse.dir": folder / "warehouse",
        **({"spark.jars": ",".join(jars)} if jars else {}),
    }
    home = Path(pyspark.__file__).parent
    command = [str(home / "bin" / "spark-submit"), "--class", "org.apache.spark.sql.connect.service.SparkConnectServer"]
    for key, value in settings.items():
        command += ["--conf", f"{key}={value}"]
    environment = {**os.environ, "SPARK_HOME": str(home), "SPARK_LOCAL_IP": "127.0.0.1"}
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen([*command, "spark-internal"], env=environment, cwd=folder, stdout=log, stderr=log)
    end = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < end and process.poll() is None:
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return process, f"sc://127.0.0.1:{port}"
        time.sleep(0.2)
    process.terminate()
    raise AssertionError((folder / "server.log").read_text()[-3000:])


def client(script: list[str]) -> str:
    """Runs Python in a process that is no client yet, and returns what it printed."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("SPARK_", "PYSPARK_"))}
    done = subprocess.run([sys.executable, *script], env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("connect")


@pytest.fixture(scope="module")
def table(spark: SparkSession, folder: Path) -> DataFrame:
    """Columns of several kinds, in files that the server reads, too."""
    spark.range(200).selectExpr(
        "double(id % 3 = 0) as label",
        "if(id % 9 = 0, null, id % 50) as age",
        "if(id % 3 = 0, 'Bonn', 'Ulm') as city",
        "array(float(id % 4), 1.5F) as list",
        "1.0D + id % 2 as weight",
        "double(id) as number",
    ).write.parquet(str(folder / "table"))
    return spark.read.parquet(str(folder / "table"))


@pytest.fixture(scope="module")
def seen(table: DataFrame, folder: Path) -> Iterator[dict[str, Any]]:
    process, url = server(folder, firesteel.jars())
    try:
        yield json.loads(client([str(Path(__file__).with_name("connect_client.py")), url, str(folder)]))
    finally:
        process.terminate()
        process.wait(30)


def theta(model: Any) -> list[float]:
    return list(model._java_obj.trainedModel().theta())


def test_fit_gives_the_weights_of_a_classic_session(seen: dict[str, Any], table: DataFrame, folder: Path) -> None:
    columns = ["age", "city", "list"]
    estimator = FiresteelClassifier(inputCols=columns, epochs=5, hidden=[8, 4], activation="relu", seed=2**40)
    estimator.setPatience(3).setDropout([0.1, 0.0]).setAnneal(False).setLearningRate(0.01)
    classic = estimator.fit(table)
    saved = FiresteelClassificationModel.load(str(folder / "model"))
    assert theta(saved) == theta(classic)
    assert saved.getInputCols() == columns and saved.getSeed() == 2**40
    assert seen["history"] == classic.summary.objectiveHistory
    assert seen["steps"] == classic.summary.totalIterations
    assert (seen["classes"], seen["features"]) == (2, 4)
    assert "network 6-8-4-1" in seen["text"]
    assert seen["accuracy"] > 0.9
    local = firesteel.load(folder / "model")
    assert len(local.history) == len(seen["history"])


def test_summary_is_shown(seen: dict[str, Any]) -> None:
    assert seen["summary"].startswith(f"FitSummary: {seen['steps']} steps, last loss ")
    assert f"{seen['steps']:,}" in seen["html"]


def test_what_is_saved_is_loaded(seen: dict[str, Any], folder: Path) -> None:
    assert seen["read"] == [True, ["age", "city", "list"], [8, 4], 2**40, [0.1, 0.0]]
    assert seen["loaded"] == [True, seen["accuracy"]]
    assert FiresteelClassifier.load(str(folder / "estimator")).getPatience() == 3
    assert seen["pipeline"] > 0.6
    assert type(PipelineModel.load(str(folder / "pipeline")).stages[0]) is FiresteelClassificationModel


def test_vectors_and_tuning(seen: dict[str, Any], spark: SparkSession) -> None:
    assert seen["vectors"][:2] == [2, 200]
    assert seen["best"] == 30


def test_several_targets_and_contributions(seen: dict[str, Any]) -> None:
    assert seen["several"] == [2, 2]
    prediction, added = seen["contributions"]
    assert added == pytest.approx(prediction, abs=1e-6)


def test_mistakes_and_what_connect_lacks_are_one_line(seen: dict[str, Any]) -> None:
    expected = [
        "IllegalArgumentException: inputCols=agee: expected a column of the DataFrame: label, age, city, list, weight, "
        "number (did you mean age?)",
        "IllegalArgumentException: hidden=-3: expected positive numbers of units such as 64,32, or none",
        "FiresteelError: toLocal needs a classic session: over Spark Connect, save the model, and firesteel.load(path) "
        "has it where the path is read",
        "FiresteelError: exportOnnx needs a classic session",
        "FiresteelError: bestStep needs a classic session",
        "FiresteelError: importance needs a classic session",
        "FiresteelError: evaluate needs a classic session",
        "FiresteelError: this needs a classic session, as firesteel.session() starts",
        "FiresteelError: this needs a classic session, as firesteel.session() starts",
    ]
    for line, part in zip(seen["errors"], expected, strict=True):
        assert part in line and "\n" not in line.strip(), line


def test_a_server_without_the_jar(tmp_path: Path) -> None:
    process, url = server(tmp_path, [])
    fit = (
        "import sys; from pyspark.sql import SparkSession; from firesteel import FiresteelRegressor\n"
        f"spark = SparkSession.builder.remote({url!r}).getOrCreate()\n"
        "try:\n"
        "    FiresteelRegressor(inputCols='id', labelCol='id').fit(spark.range(9))\n"
        "except Exception as error:\n"
        "    print(type(error).__name__, error)\n"
    )
    try:
        assert client(["-c", fit]).startswith("FiresteelError this server of Spark Connect lacks Firesteel's jar")
    finally:
        process.terminate()
        process.wait(30)
