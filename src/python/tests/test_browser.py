"""The tab "Training" of Spark's UI in a browser: while a training runs, and in the history server afterwards."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyspark
import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect, sync_playwright

import firesteel

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: apt-get install chromium")

PHONE, DESKTOP = ViewportSize(width=390, height=844), ViewportSize(width=1280, height=900)

PROGRAM = """
import sys
import numpy, pandas, firesteel

settings = {"ui.enabled": True, "ui.port": 0, "driver.memory": "1g"}
settings |= {"eventLog.enabled": True, "eventLog.dir": sys.argv[1], "eventLog.compress": False}
spark = firesteel.session(master="local[2]", conf={f"spark.{key}": value for key, value in settings.items()})
table = pandas.DataFrame(numpy.random.default_rng(3).normal(size=(1000, 4)), columns=list("abcd"))
table["label"] = numpy.where(table["a"] * table["b"] > 0, "like", "unlike")
firesteel.train(table, "label", preset="notes", hidden=[4], iterations=30)
print(spark.sparkContext.uiWebUrl, spark.sparkContext.applicationId, flush=True)
firesteel.train(table, "label", preset="notes", hidden=[512, 512], iterations=1_000_000, validation_fraction=0.2)
print("stopped", flush=True)
input()
spark.stop()
"""


@contextmanager
def running(command: list[str], log: Path, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """Runs a process, which is ended with the block."""
    with log.open("w") as errors:
        pipe = subprocess.PIPE
        process = subprocess.Popen(
            command, stdin=pipe, stdout=pipe, stderr=errors, text=True, env=os.environ | environment
        )
    try:
        yield process
    finally:
        process.kill()
        process.communicate(timeout=30)


@contextmanager
def history_server(events: Path, folder: Path) -> Iterator[str]:
    """Runs Spark's own history server as the page watching.md says, and gives its address."""
    home = Path(pyspark.__file__).parent
    settings = {"ui.port": 0, "fs.logDirectory": events.as_uri(), "fs.update.interval": "1s"}
    options = [f"-Dspark.history.{key}={value}" for key, value in settings.items()]
    log = folder / "history.log"
    with running(
        [str(home / "bin" / "spark-class"), "org.apache.spark.deploy.history.HistoryServer"],
        log,
        SPARK_HOME=str(home),
        SPARK_LOCAL_IP="127.0.0.1",
        SPARK_DAEMON_CLASSPATH=str(Path(firesteel.__file__).parent / "jars" / "firesteel.jar"),
        SPARK_HISTORY_OPTS=" ".join(options),
    ) as process:
        end = time.monotonic() + 60
        while not (found := re.search(r"started at (http://\S+)", log.read_text())):
            assert process.poll() is None and time.monotonic() < end, log.read_text()
            time.sleep(0.1)
        yield found[1]


def curve(page: Page) -> Locator:
    """The loss on the training rows by step, in the chart itself: the legend has a piece of the same line."""
    return page.locator("#firesteel-training svg.chart path.line.s0").first


def points(page: Page) -> str:
    return curve(page).get_attribute("d") or ""


def steps(page: Page) -> int:
    return int(page.locator("#firesteel-training .tiles dd").first.inner_text().split(" of ")[0].replace(",", ""))


def expect_growth(page: Page) -> None:
    """Waits until the page shows by itself more steps, and a curve of other points (not of more: they are thinned)."""
    taken = steps(page)  # first: what the page shows may be replaced after any line
    expect(curve(page)).not_to_have_attribute("d", points(page), timeout=30_000)
    assert steps(page) > taken


def expect_fit(page: Page) -> None:
    """Expects all of the tab on screens of either width, without a need to scroll sideways."""
    for size in [PHONE, DESKTOP]:
        page.set_viewport_size(size)
        too_wide = "document.getElementById('firesteel-training').scrollWidth > document.documentElement.clientWidth"
        assert not page.evaluate(too_wide), size


def test_tab_grows_while_a_training_runs_and_stays_in_the_history(tmp_path: Path) -> None:
    events = tmp_path / "events"
    events.mkdir()
    problems: list[str] = []
    with (
        running([sys.executable, "-c", PROGRAM, str(events)], tmp_path / "program.log") as program,
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=CHROMIUM) as browser,
    ):
        page = browser.new_page(viewport=DESKTOP)
        page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: problems.append(str(error)))
        assert program.stdout is not None
        address, application = program.stdout.readline().split()
        page.goto(address)
        page.get_by_role("link", name="Training", exact=True).click()
        shown = page.locator("#firesteel-training")
        expect(shown).to_contain_text("Training 2, running", timeout=30_000)
        expect(curve(page)).to_be_attached(timeout=30_000)
        expect_growth(page)

        # What the user has opened stays open while the page renews itself, on a phone as on a desktop.
        shown.get_by_text("All settings").click()
        expect_growth(page)
        expect(shown.get_by_role("group").get_by_text("validation-fraction")).to_be_visible()
        expect_fit(page)

        page.get_by_role("link", name="Training 1").click()
        expect(shown).to_contain_text("Training 1, finished")
        page.get_by_role("link", name="Training 2").click()
        program.send_signal(signal.SIGINT)
        expect(shown).to_contain_text("Training 2, stopped", timeout=30_000)
        last = points(page)
        assert last.count("L") > 2
        assert not problems

        # A page whose application has ended says so.
        program.communicate("\n", timeout=60)
        expect(page.locator("#firesteel-lost")).to_be_visible(timeout=30_000)

        page.goto("about:blank")  # the page of before asks no more
        problems.clear()
        with history_server(events, tmp_path) as address:
            end = time.monotonic() + 30
            while application not in urllib.request.urlopen(address + "/api/v1/applications").read().decode():
                assert time.monotonic() < end, (tmp_path / "history.log").read_text()
                time.sleep(0.2)
            page.goto(address)
            page.get_by_role("link", name=application).click()
            page.get_by_role("link", name="Training", exact=True).click()
            expect(shown).to_contain_text("Training 2, stopped")
            assert points(page) == last
            expect_fit(page)
            assert not problems
