"""Runs that a training writes down, read back by TensorBoard and MLflow themselves. The latter brings many packages, so
that its test runs on demand (see test_mlflow.py), with a server of its own on this machine:

pip install mlflow==3.17.2; src/python/build/test.sh -m mlflow
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pyspark.sql import SparkSession

import firesteel
from firesteel import FiresteelError


def train(table: pd.DataFrame, **places: Any) -> firesteel.Model:
    return firesteel.train(table, "income", preset="fast", epochs=4, batch_size=64, metric="roc-auc", **places)


def test_tensorboard_reads_curves_and_settings(spark: SparkSession, people: pd.DataFrame, tmp_path: Path) -> None:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
    from tensorboard.plugins.hparams import api_pb2, metadata

    board = tmp_path / "runs" / "one"
    model = train(people, tensorboard=board, history=tmp_path / "course.jsonl")
    read = EventAccumulator(str(board)).Reload()

    def curve(tag: str) -> list[tuple[int, float]]:
        return [(event.step, event.value) for event in read.Scalars(tag)]

    def expected(key: str) -> list[tuple[int, float]]:
        return [(epoch, float(np.float32(entry[key]))) for epoch, entry in enumerate(model.history)]

    assert len(model.history) == 5
    assert curve("loss/train") == expected("loss")
    assert curve("loss/validation") == expected("validationLoss")
    assert curve("roc_auc/validation") == expected("validationMetric")
    assert [step for step, _ in curve("learning_rate")] == [0, 1, 2, 3]
    content = read.SummaryMetadata(metadata.SESSION_START_INFO_TAG).plugin_data.content
    start = metadata.parse_session_start_info_plugin_data(content)
    assert start.hparams["epochs"].number_value == 4 and start.hparams["preset"].string_value == "fast"
    content = read.SummaryMetadata(metadata.SESSION_END_INFO_TAG).plugin_data.content
    end = metadata.parse_session_end_info_plugin_data(content)
    assert end.status == api_pb2.Status.Value("STATUS_SUCCESS")
    lines = [json.loads(line) for line in (tmp_path / "course.jsonl").read_text().splitlines()]
    pairs = zip(lines, model.history, strict=True)
    assert [{key: line[key] for key in entry} for line, entry in pairs] == model.history
    with pytest.raises(FiresteelError, match="tensorboard='.*one' has another run: expected a directory for each run"):
        train(people, tensorboard=board)
    with pytest.raises(FiresteelError, match="mlflow='databricks': expected the address of a tracking server"):
        train(people, mlflow="databricks")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of MLflow's own server."""
    pytest.importorskip("mlflow")
    folder = tmp_path_factory.mktemp("server")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
    command += ["--backend-store-uri", f"sqlite:///{folder}/runs.db", "--artifacts-destination", str(folder / "files")]
    with open(folder / "log", "w") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
        try:
            address = f"http://127.0.0.1:{port}"
            for _ in range(600):
                assert process.poll() is None, (folder / "log").read_text()
                try:
                    urllib.request.urlopen(address + "/health", timeout=5).read()
                    break
                except OSError:
                    time.sleep(0.2)
            else:
                pytest.fail("the server does not answer: " + (folder / "log").read_text())
            yield address
        finally:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@pytest.mark.mlflow
def test_mlflow_reads_the_run(spark: SparkSession, people: pd.DataFrame, server: str) -> None:
    from mlflow import MlflowClient

    model = train(people, mlflow=server, mlflow_experiment="people")
    client = MlflowClient(server)
    experiment = client.get_experiment_by_name("people")
    (run,) = client.search_runs([experiment.experiment_id])
    assert run.info.status == "FINISHED" and run.data.params["preset"] == "fast"
    assert run.data.params["label"] == "income" and run.data.tags["mlflow.source.name"] == "firesteel"

    def logged(name: str) -> dict[int, float]:
        return {each.step: each.value for each in client.get_metric_history(run.info.run_id, name)}

    assert logged("loss") == {epoch: entry["loss"] for epoch, entry in enumerate(model.history)}
    assert logged("validation_roc_auc") == {i: entry["validationMetric"] for i, entry in enumerate(model.history)}
    with pytest.warns(UserWarning, match="mlflow='http://127.0.0.1:1': .*no answer"):
        train(people, mlflow="http://ann:s3cret@127.0.0.1:1")
