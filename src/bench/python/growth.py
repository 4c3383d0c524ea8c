"""Measures what a step costs on a network, and fits the coefficients of engine/StepCost to it; Linux, as root.

    mvn -B -DskipTests package && python3 src/bench/python/growth.py

It makes hosts of network namespaces (src/test/netlab), a cluster with authentication and encryption on them, and takes
steps without products with 1, 2, 3 and 4 executors of one core, by a Spark job each and by resident tasks, of several
lengths, on links of several round trips and rates, in several rounds. All hosts share this machine: what it has to do
besides makes the figures worse. Medians go to target/growth/steps.csv as they come; --fit FILE fits such a file again.
Lengths and links that are held out are not fitted to, but compared with. The table that is printed last is that of
src/site/markdown/scaling.md.
"""

import argparse
import csv
import os
import pathlib
import re
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
STATE = ROOT / "target" / "growth"
DISK = STATE / "disk"
NETLAB = ROOT / "src" / "test" / "netlab" / "netlab.sh"
START = ROOT / "submit-scripts" / "start-cluster.sh"
MASTER = "spark://h0:7077"
DRIVER = "h5"
MOST = 4  # executors

LENGTHS = [1_000, 30_000, 40_000, 100_000]
LENGTHS_HELD_OUT = [60_000]
LINKS = [(0, 0), (500, 0), (2500, 0), (0, 1000), (0, 200), (500, 1000)]  # one-way delay in us, Mbit/s; 0 for none
LINKS_HELD_OUT = [(1000, 500)]
UNSHAPED_TRIP = 0.09e-3  # seconds, and the bytes a second of links that are not shaped: the laboratory's own
UNSHAPED_RATE = 5.7e9 / 8
WARM_UP = 150
STEPS = {"job": 11, "resident": 25}
FIELDS = ["engine", "executors", "numbers", "delay", "rate", "seconds", "way", "tasks", "pieces", "bytes"]
WAYS = ["JOB", "STAR", "SHARED"]


def environment():
    """Returns the variables that hosts and cluster go by."""
    disks = {"NETLAB": STATE, "NETLAB_DISKS": f"{ROOT / 'target' / 'cluster'}:{DISK}", "SPARK_LOCAL_DIRS": DISK}
    return os.environ | {name: str(value) for name, value in disks.items()} | {"SPARK_DAEMON_MEMORY": "256m"}


def netlab(*words):
    """Runs a verb of the laboratory."""
    subprocess.run([NETLAB, *words], env=environment(), check=True, stdout=subprocess.DEVNULL)


def settings():
    """Writes the template of a cluster's settings, with a secret, and returns its path."""
    lines = (ROOT / "conf" / "standalone.conf").read_text().splitlines()
    sizes = re.compile(r"spark\.(driver|executor|eventLog)\.")
    lines = [line for line in lines if not sizes.match(line)] + ["spark.authenticate.secret 61c9a0f27b5e4d38"]
    path = STATE / "standalone.conf"
    path.write_text("\n".join(lines) + "\n")
    return path


def start_cluster(conf):
    """Makes the hosts, with a master on h0 and workers of one core."""
    netlab("up", "6")
    netlab("exec", "h0", "rm", "-rf", str(ROOT / "target" / "cluster" / "recovery"))
    netlab("exec", "h0", str(START), "--host", "h0", "--properties-file", str(conf), "master")
    for i in range(1, MOST + 1):
        worker = ["--host", f"h{i}", "--properties-file", str(conf), "worker", MASTER, "1", "1g"]
        netlab("exec", f"h{i}", str(START), *worker)


class Server:
    """A driver on a host of its own that takes steps on request: io.firesteel.bench.ExchangeServer."""

    def __init__(self, executors, conf):
        ours = [ROOT / "target" / "test-classes", ROOT / "target" / "firesteel.jar", ROOT / "target" / "lib" / "*"]
        path = ":".join(map(str, ours))
        values = {"spark.cores.max": executors, "spark.executor.cores": 1, "spark.executor.memory": "512m"}
        values |= {"spark.executor.extraClassPath": path}
        values |= dict(line.split(None, 1) for line in conf.read_text().splitlines() if line[:1] not in ("", "#"))
        words = [str(NETLAB), "exec", DRIVER, "env", "-u", "SPARK_LOCAL_IP", "java", "@conf/jvm.args", "-Xmx768m"]
        words += [f"-D{name}={str(value).strip()}" for name, value in values.items()]
        words += ["-Dlog4j2.configurationFile=conf/log4j2.properties"]
        words += ["-cp", f"{path}:{ROOT / 'target' / 'spark' / 'jars' / '*'}", "io.firesteel.bench.ExchangeServer"]
        words += [MASTER, str(executors)]
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(words, env=environment(), cwd=ROOT, stdin=pipe, stdout=pipe, text=True)

    def ask(self, *words):
        """Returns the numbers of the answer to a request."""
        print(*words, file=self.process.stdin, flush=True)
        for line in self.process.stdout:
            if line.startswith("answer "):
                return [float(number) for number in line.split()[1:]]
        raise SystemExit(f"the driver ended at {words}")

    def close(self):
        """Ends it."""
        self.process.stdin.close()
        self.process.wait(60)


def measure(rounds):
    """Takes steps of all kinds, and writes the median of each."""
    STATE.mkdir(parents=True, exist_ok=True)
    DISK.mkdir(exist_ok=True)
    conf = settings()
    netlab("down")  # of a run that was killed
    found = {}
    try:
        start_cluster(conf)
        for executors in range(1, MOST + 1):
            server = Server(executors, conf)
            measure_with(server, executors, rounds, found)
            server.close()
            with open(STATE / "steps.csv", "w", newline="") as file:
                writer = csv.writer(file)
                writer.writerow(FIELDS)
                for key, answers in found.items():
                    writer.writerow([*key, statistics.median(answer[0] for answer in answers), *answers[0][1:]])
    finally:
        netlab("down")


def measure_with(server, executors, rounds, found):
    """Takes steps with some executors; adds the answers to those that were found, by what was asked."""
    links = LINKS + LINKS_HELD_OUT
    for number in range(rounds):
        for engine in STEPS:
            netlab("shape", "all", "0", "0", "0")
            server.ask("open", engine)
            if number == 0:
                for length in LENGTHS + LENGTHS_HELD_OUT:
                    server.ask("steps", length, WARM_UP)
            for delay, rate in links if number % 2 == 0 else reversed(links):
                netlab("shape", "all", str(delay), str(rate), "0")
                for length in LENGTHS + LENGTHS_HELD_OUT:
                    server.ask("steps", length, 2)  # the first on a new link
                    key = (engine, executors, length, delay, rate)
                    found.setdefault(key, []).append(server.ask("steps", length, STEPS[engine]))
        print(f"{executors} executors, round {number + 1} of {rounds}", file=sys.stderr, flush=True)
    netlab("shape", "all", "0", "0", "0")


def terms(row):
    """Returns what the coefficients are multiplied by: milliseconds, round trips, nanoseconds, links."""
    trip = UNSHAPED_TRIP + 2e-6 * float(row["delay"])
    rate = float(row["rate"]) * 1e6 / 8 or UNSHAPED_RATE
    tasks, pieces, size = (float(row[name]) for name in ("tasks", "pieces", "bytes"))
    return [1e-3, 1e-3 * tasks, trip, trip * pieces, 1e-9 * size, size / rate]


def fitted(rows):
    """Returns the coefficients of 0 or more with the least squares of relative errors, by coordinate descent."""
    equations = [[value / float(row["seconds"]) for value in terms(row)] for row in rows]
    size = len(equations[0])
    products = [[sum(e[i] * e[j] for e in equations) for j in range(size)] for i in range(size)]
    sums = [sum(e[i] for e in equations) for i in range(size)]
    c = [0.0] * size
    for _ in range(20_000):
        for i in range(size):
            if products[i][i] > 0:
                rest = sums[i] - sum(products[i][j] * c[j] for j in range(size) if j != i)
                c[i] = max(0.0, rest / products[i][i])
    return c


def is_held_out(row):
    """Returns whether a row is not fitted to."""
    link = (int(row["delay"]), int(row["rate"]))
    return int(row["numbers"]) in LENGTHS_HELD_OUT or link in LINKS_HELD_OUT


def errors(rows, c):
    """Returns in words by how much seconds differ from those of the formula, in percent."""
    off = [100 * (sum(x * y for x, y in zip(c, terms(row), strict=True)) / float(row["seconds"]) - 1) for row in rows]
    sizes = sorted(abs(one) for one in off)
    within = 100 * sum(size <= 35 for size in sizes) / len(sizes)
    median = statistics.median(sizes)
    return f"median {median:.0f} %, {within:.0f} % of {len(sizes)} within 35 %, worst {sizes[-1]:.0f} %"


def fit(path):
    """Prints the coefficients of each way, and their errors."""
    with open(path, newline="") as file:
        rows = list(csv.DictReader(file))
    table = []
    for number, way in enumerate(WAYS):
        ours = [row for row in rows if float(row["way"]) == number]
        known = [row for row in ours if not is_held_out(row)]
        others = [row for row in ours if is_held_out(row)]
        c = fitted(known)
        table.append(f"| `{way}` | | " + " | ".join(f"{value:.3g}" for value in c) + " |")
        print(f"{way}: fitted {errors(known, c)}; held out {errors(others, c)}")
        for row in others:
            forecast = sum(x * y for x, y in zip(c, terms(row), strict=True))
            link = f"{row['delay']:>4} us, {row['rate']:>4} Mbit/s"
            what = f"{row['executors']} executors, {int(row['numbers']):7,} numbers, {link}"
            print(f"  {what}: {1e3 * forecast:7.1f} ms forecast, {1e3 * float(row['seconds']):7.1f} seen")
    print("\n".join(table))


def main():
    """Measures, unless a file is given, and fits."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--fit", metavar="FILE", help="fit what was measured before")
    parser.add_argument("--rounds", type=int, default=5, help="rounds, of whose medians the median is taken")
    arguments = parser.parse_args()
    if not arguments.fit:
        measure(arguments.rounds)
    fit(arguments.fit or STATE / "steps.csv")


if __name__ == "__main__":
    main()
