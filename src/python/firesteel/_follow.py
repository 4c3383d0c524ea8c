"""Runs a training in the JVM: shows its progress, and lets Ctrl-C end it with the model so far."""

from __future__ import annotations

import contextlib
import math
import signal
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any, TypeVar

from pyspark.sql import SparkSession
from pyspark.util import inheritable_thread_target

T = TypeVar("T")

_SECONDS_BETWEEN_LOOKS = 0.2

_running: set[Any] = set()  # the controls of all trainings of this process


def follow(spark: SparkSession, call: Callable[[Any], T], progress: bool | None) -> tuple[T, list[str]]:
    """Calls the JVM with a new `TrainingControl`, and returns the result and the warnings of the training.

    Ctrl-C, or a notebook's stop button, ends the training after the step that is under way: the result is the model so
    far. Before the first step, and when it is pressed again, it raises KeyboardInterrupt. In any case no training goes
    on in the JVM. Fits that run in threads of their own, such as those of a CrossValidator, are all ended.

    Parameters
    ----------
    progress : bool or None
        Whether a bar is drawn; None draws one on a terminal and in a notebook.
    """
    jvm: Any = spark.sparkContext._jvm
    control = jvm.io.firesteel.fit.TrainingControl()
    _running.add(control)
    try:
        if threading.current_thread() is threading.main_thread():
            result = _in_a_thread(spark, lambda: call(control), control, progress)
        else:
            result = call(control)
        return result, list(control.warnings())
    finally:
        _running.discard(control)


def _in_a_thread(spark: SparkSession, call: Callable[[], T], control: Any, progress: bool | None) -> T:
    done: dict[str, Any] = {}

    def run() -> None:
        try:
            done["result"] = call()
        except BaseException as error:
            done["error"] = error

    thread = threading.Thread(target=inheritable_thread_target(spark)(run), name="firesteel-fit", daemon=True)
    with _presses() as presses, _bar(progress) as show:
        thread.start()
        while thread.is_alive():
            thread.join(_SECONDS_BETWEEN_LOOKS)
            reached = control.progress()
            show(reached)
            if len(presses) > 1 or (presses and reached.step() == 0):
                control.stop()
                spark.sparkContext.cancelAllJobs()
                raise KeyboardInterrupt
            if presses and not control.isStopped():
                control.stop()
                print("Stopping after this step, with the model so far. Ctrl-C again ends without.", file=sys.stderr)
    if "error" in done:
        raise done["error"]
    result: T = done["result"]
    return result


@contextlib.contextmanager
def _presses() -> Iterator[list[int]]:
    """Gives a list that grows by each Ctrl-C, which does nothing else: in the middle of a call of the JVM an exception
    would break the connection, and PySpark would cancel all jobs, this training's too."""
    presses: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, frame: presses.append(number))
    try:
        yield presses
    finally:
        signal.signal(signal.SIGINT, signal.SIG_DFL if before is None else before)


def end_all_on_interrupt() -> None:
    """Makes Ctrl-C also end the trainings of other threads than the main one, which no KeyboardInterrupt reaches."""
    if threading.current_thread() is not threading.main_thread():
        return
    before = signal.getsignal(signal.SIGINT)
    if getattr(before, "ends_trainings", False):
        return

    def end_all(number: int, frame: FrameType | None) -> None:
        # in a thread of its own: this one may be in the middle of a call of the JVM
        stop = threading.Thread(target=lambda: [control.stop() for control in list(_running)])
        stop.start()
        stop.join()
        if callable(before):
            before(number, frame)
        else:
            raise KeyboardInterrupt

    end_all.ends_trainings = True  # type: ignore[attr-defined]
    signal.signal(signal.SIGINT, end_all)


@contextlib.contextmanager
def _bar(progress: bool | None) -> Iterator[Callable[[Any], None]]:
    """Gives a function that shows what a training has reached."""
    notebook = _in_notebook()
    if progress is False or (progress is None and not sys.stderr.isatty() and not notebook):
        yield lambda reached: None
        return
    if notebook:
        yield _shown_in_notebook()
        return
    try:
        from tqdm import tqdm
    except ImportError:
        if progress:
            warnings.warn("no progress is shown: pip install tqdm", stacklevel=2)
        yield lambda reached: None
        return
    bar: Any = None

    def show(reached: Any) -> None:
        nonlocal bar
        if reached.steps() == 0:
            return  # the rows are being read
        if bar is None:
            form = "{desc} {n:.0f}/{total:.0f} |{bar}| {elapsed}<{remaining}{postfix}"
            bar = tqdm(total=reached.steps() / reached.stepsPerEpoch(), desc=_unit(reached), bar_format=form)
        bar.n = reached.step() / reached.stepsPerEpoch()
        bar.set_postfix(_losses(reached))

    try:
        yield show
    finally:
        if bar is not None:
            bar.close()


def _shown_in_notebook() -> Callable[[Any], None]:
    """Returns a function that draws one line of a notebook anew, for which no widgets have to be installed."""
    from IPython.display import HTML, display

    started = time.monotonic()
    line: Any = None

    def show(reached: Any) -> None:
        nonlocal line
        per_epoch = reached.stepsPerEpoch()
        words = ["reading rows"]
        if reached.steps() > 0:
            words = [f"{_unit(reached)} {reached.step() // per_epoch:,} of {reached.steps() // per_epoch:,}"]
            words += [f"{name} {loss}" for name, loss in _losses(reached).items()]
        words.append(f"{time.monotonic() - started:.0f} s")
        bar = f'<progress value="{reached.step()}" max="{max(reached.steps(), 1)}"></progress>'
        drawn = HTML(f'<div style="font-size:90%">{bar} &nbsp; {" &nbsp; ".join(words)}</div>')
        if line is None:
            line = display(drawn, display_id=True)
        else:
            line.update(drawn)

    return show


def _unit(reached: Any) -> str:
    return "epoch" if reached.stepsPerEpoch() > 1 else "step"


def _losses(reached: Any) -> dict[str, str]:
    """Returns the losses that are known, in a few digits."""
    losses = {"loss": reached.loss(), "held out": reached.validationLoss()}
    return {name: f"{loss:.4g}" for name, loss in losses.items() if not math.isnan(loss)}


def _in_notebook() -> bool:
    """Returns whether this is a notebook, whose outputs can be redrawn."""
    shell = sys.modules.get("IPython")
    return shell is not None and type(shell.get_ipython()).__name__ == "ZMQInteractiveShell"
