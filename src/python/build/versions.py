#!/usr/bin/env python3
"""Runs one build's jar and wheel on other versions of Spark, and prints a table of what ran.

    mvn -B -Ppython -DskipTests package
    src/python/build/versions.py 4.0.5 4.1.4 4.2.1 4.3.0

Each version's PySpark, a whole distribution of Spark, is installed from the Python package index into a virtual
environment in target/versions and removed after its turn (--keep leaves it there). On it run

- the command line, by submit-scripts with SPARK_HOME: train with every engine, and in two executors, evaluate, predict;
- the Java tests of the estimators;
- the Python tests of the estimators, and the same training in Python;
- the test of Spark Connect.

Weights and predictions are compared with those of the Spark that Firesteel is built against. What each run
printed is in target/versions/VERSION. The exit code is 0 when all have run.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
WORK = ROOT / "target" / "versions"
# What runs the Java tests, of JUnit 5.14.4, and what they use besides.
OF_TESTS = [
    "org.junit.platform:junit-platform-console-standalone:1.14.4",
    "com.microsoft.onnxruntime:onnxruntime:1.23.2",
]
JAVA_TESTS = ["ml.EstimatorsTest", "ml.InputColumnsTest", "ml.BatchTransformTest"]
NOT_NEEDED = {"hatchling", "ipykernel", "matplotlib", "mypy", "nbclient", "nbformat", "pyspark", "ruff", "scikit-learn"}
TABLE, LABEL = "data/digits.csv", "digit"
MINUTES = 20  # after which a run counts as hanging
TRAININGS = {
    "local": ["--master", "local[2]"],
    "job": ["--master", "local[2]"],
    "resident": ["--master", "local[2]"],
    "resident, two executors": ["--master", "local-cluster[2,1,1024]"],
    "job, two executors": ["--master", "local-cluster[2,1,1024]"],
}


class NotRun(Exception):
    """What did not run; its text is the error's first line."""


def run(command: list[str], log: Path, environment: dict[str, str | None] | None = None) -> str:
    """Runs a command at the root of the project, notes in the log what it prints, and returns its stdout.

    A variable of the environment that is None is unset.
    """
    variables = {**os.environ, "SPARK_LOCAL_IP": "127.0.0.1", **(environment or {})}
    with log.open("a") as out:
        out.write(f"$ {' '.join(command)}\n")
    try:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env={name: value for name, value in variables.items() if value is not None},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60 * MINUTES,
        )
    except subprocess.TimeoutExpired as late:
        raise NotRun(f"no end after {MINUTES} minutes: {' '.join(command)[:80]}") from late
    with log.open("a") as out:
        out.write(done.stderr + done.stdout)
    if done.returncode != 0:
        raise NotRun(first_error(done.stdout + done.stderr))
    return done.stdout


def first_error(printed: str) -> str:
    """Returns the first line that tells of an error, or the last one."""
    lines = [line.strip() for line in printed.splitlines() if line.strip()] or ["no output"]
    told = [line for line in lines if re.match(r"(E  |FAILED|ERROR|=> |firesteel: |Exception in|Caused by)", line)]
    told += [line for line in lines if re.search(r"(Error|Exception)\b", line)]
    return (told or lines[-1:])[0].replace("|", "\\|")[:240]


def sha256(path: Path) -> str:
    """Returns the SHA-256 of a file, or of the parts of a folder that Spark has written."""
    parts = sorted(path.glob("part-*")) if path.is_dir() else [path]
    return hashlib.sha256(b"".join(part.read_bytes() for part in parts)).hexdigest()


class Version:
    """A version of Spark, or with no Python the one that Firesteel is built against."""

    def __init__(self, name: str, python: Path | None) -> None:
        self.name = name
        self.folder = WORK / name
        self.python = python
        self.home: Path | None = None
        self.weights: dict[str, str] = {}  # the SHA-256 of each training's
        self.scored: tuple[float, str] | None = None  # the accuracy, and the SHA-256 of the predictions
        if python is not None:
            where = "import pathlib, pyspark; print(pathlib.Path(pyspark.__file__).parent)"
            self.home = Path(run([str(python), "-c", where], self.log("install"), self.environment()).strip())

    def log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def environment(self) -> dict[str, str | None]:
        """Returns the variables that make this version the one in use, and no other."""
        home = None if self.home is None else str(self.home)
        python = None if self.python is None else str(self.python)  # of workers, too, which Spark 4.0's OneVsRest has
        unset = dict.fromkeys(("SPARK_CONF_DIR", "PYTHONPATH", "MASTER"))
        return {"SPARK_HOME": home, "PYSPARK_PYTHON": python, **unset}

    def command_line(self) -> str:
        log = self.log("command-line")

        def firesteel(options: list[str], *arguments: str) -> str:
            local = [str(ROOT / "submit-scripts" / "local.sh"), "--driver-memory", "1g"]
            return run([*local, *options, *arguments], log, self.environment())

        for name, options in TRAININGS.items():
            model = self.folder / f"model {name}"
            data = ["--data", TABLE, "--label", LABEL, "--hidden", "32", "--epochs", "3", "--batch-size", "256"]
            engine = name.split(",")[0]
            firesteel(options, "train", *data, "--engine", engine, "--model", str(model))
            self.weights[name] = sha256(model / "weights.safetensors")
        model, predictions = self.folder / "model local", self.folder / "predictions.csv"
        firesteel([], "predict", "--model", str(model), "--data", TABLE, "--output", str(predictions))
        printed = firesteel([], "evaluate", "--model", str(model), "--data", TABLE, "--json")
        self.scored = (float(json.loads(printed)["accuracy"]), sha256(predictions))
        return f"run, {len(TRAININGS)} trainings"

    def java(self) -> str:
        spark = self.home or ROOT / "target" / "spark"
        folders = ["target/test-classes", "target/firesteel.jar", "target/lib/*", f"{spark}/jars/*", f"{WORK}/tests/*"]
        options = ["@conf/jvm.args", "-Xmx2g", "-Dlog4j2.configurationFile=src/test/resources/log4j2-test.properties"]
        console = ["org.junit.platform.console.ConsoleLauncher", "execute", "--disable-banner", "--details=summary"]
        console += ["--disable-ansi-colors", "--fail-if-no-tests"]
        console += [f"--select-class=io.firesteel.{test}" for test in JAVA_TESTS]
        printed = run(["java", *options, "-cp", ":".join(folders), *console], self.log("java"), self.environment())
        return f"run, {self.counted(printed, r'([0-9]+) tests successful')} tests"

    def pytest(self, name: str) -> str:
        tests = ["-c", "target/python/package/pyproject.toml", "--rootdir", "target/python/tests", "--tb=short"]
        command = [str(self.python), "-m", "pytest", *tests, f"target/python/tests/test_{name}.py"]
        return f"run, {self.counted(run(command, self.log(name), self.environment()), r'([0-9]+) passed')} tests"

    def in_python(self) -> str:
        cell = self.pytest("ml")
        model = self.folder / "model python"
        train = f"firesteel.train({TABLE!r}, {LABEL!r}, hidden=[32], epochs=3, batch_size=256).save({str(model)!r})"
        run([str(self.python), "-c", f"import firesteel; {train}"], self.log("ml"), self.environment())
        self.weights["Python"] = sha256(model / "weights.safetensors")
        return cell

    @staticmethod
    def counted(printed: str, pattern: str) -> int:
        """Returns how many tests have passed, which must be some."""
        found = re.search(pattern, printed)
        count = int(found.group(1)) if found else 0
        if count == 0:
            raise NotRun("no test was run")
        return count

    def compared(self, built: Version) -> str:
        """Returns that all weights, and what was scored with them, are those of the Spark that is built against."""
        (right,) = set(built.weights.values())
        others = [f"{name}: {found[:8]}" for name, found in self.weights.items() if found != right]
        if others or not self.weights:
            raise NotRun(", ".join(others) or "no weights")
        if self.scored != built.scored:
            raise NotRun(f"accuracy and predictions are {self.scored}, expected {built.scored}")
        return f"the same ({len(self.weights)})"


def install(name: str) -> Path:
    """Returns the Python of a new virtual environment with this version of PySpark and the wheel."""
    folder = WORK / name
    log = folder / "install.log"
    wheels = list((ROOT / "target" / "python").glob("firesteel-*.whl"))
    if len(wheels) != 1:
        raise SystemExit("no wheel in target/python: run mvn -B -Ppython -DskipTests package")
    lines = (ROOT / "src" / "python" / "requirements.txt").read_text("utf-8").splitlines()
    needed = [line for line in lines if line[:1] not in ("", "#") and line.split("==")[0] not in NOT_NEEDED]
    run([sys.executable, "-m", "venv", "--clear", str(folder / "venv")], log)
    python = folder / "venv" / "bin" / "python"
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-cache-dir"]
    run([*pip, *needed, f"pyspark=={name}"], log)
    run([*pip, "--no-deps", str(wheels[0])], log)
    return python


def tested(name: str, built: Version, keep: bool) -> list[str]:
    """Returns the cells of a version's row."""
    folder = WORK / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    cells = [name]
    try:
        version = Version(name, install(name))
        parts = [version.command_line, version.java, version.in_python, lambda: version.pytest("connect")]
        for part in [*parts, lambda: version.compared(built)]:
            start = time.monotonic()
            try:
                cells.append(part())
            except NotRun as why:
                cells.append(f"**not run**: {why}")
            print(f"{name}: {cells[-1]} ({time.monotonic() - start:.0f} s)", file=sys.stderr, flush=True)
    except NotRun as why:
        cells.append(f"**not run**: {why}")
    finally:
        if not keep:
            shutil.rmtree(folder / "venv", ignore_errors=True)
    return cells


def main() -> int:
    summary, _, details = (__doc__ or "").partition("\n\n")
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=summary, epilog=details, formatter_class=raw)
    parser.add_argument("versions", nargs="+", metavar="VERSION", help="a version of PySpark, such as 4.2.1")
    parser.add_argument("--keep", action="store_true", help="leave the virtual environments, a gigabyte each")
    given = parser.parse_args()

    for path in ("target/firesteel.jar", "target/test-classes", "target/python/package/pyproject.toml"):
        if not (ROOT / path).exists():
            raise SystemExit(f"{path} is missing: run mvn -B -Ppython -DskipTests package")
    tests = ROOT / "target" / "python" / "tests"
    shutil.rmtree(tests, ignore_errors=True)
    shutil.copytree(ROOT / "target" / "python" / "package" / "tests", tests)
    WORK.mkdir(exist_ok=True)
    for artifact in OF_TESTS:
        to = ["-DoutputDirectory=target/versions/tests", f"-Dartifact={artifact}"]
        run(["mvn", "-B", "-q", "dependency:copy", *to], WORK / "tests.log")

    built = Version("built", None)
    shutil.rmtree(built.folder, ignore_errors=True)
    built.folder.mkdir()
    built.command_line()
    if len(set(built.weights.values())) != 1:
        raise SystemExit(f"the trainings of this build do not agree: {built.weights}")

    rows = [tested(name, built, given.keep) for name in given.versions]
    heads = ["Spark", "command line", "estimators, Java", "estimators, Python", "Connect", "weights"]
    for row in [heads, ["---"] * len(heads), *rows]:
        print(f"| {' | '.join(row + [''] * (len(heads) - len(row)))} |")
    return int(any("**not run**" in cell for row in rows for cell in row))


if __name__ == "__main__":
    sys.exit(main())
