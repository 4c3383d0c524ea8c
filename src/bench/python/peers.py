"""Measures scikit-learn's network or PyTorch on request, for the benchmark's section `batches`.

    python3 peers.py sklearn|torch

Each line of stdin is a request, `epoch LAYERS FILE BATCH EPOCHS`; each answer is a line `answer SECONDS`, the seconds of an
epoch with Adam at a rate of 0.001, sigmoid, in single precision on two threads: the mean of so many epochs after a first one. FILE has
the features of each row and its label, as floats.
"""

import functools
import sys
import time

import numpy as np

THREADS = 2
RATE = 0.001


@functools.cache
def rows(path, features):
    """Returns the features and the classes of the file's rows."""
    table = np.fromfile(path, dtype=np.float32).reshape(-1, features + 1)
    return np.ascontiguousarray(table[:, :-1]), table[:, -1].astype(np.int64)


def sklearn_seconds(layers, path, batch, epochs):
    """Returns the seconds of an epoch: the difference between a long training and one of a single epoch."""
    import warnings

    from sklearn.neural_network import MLPClassifier
    from threadpoolctl import threadpool_limits

    warnings.simplefilter("ignore")  # that it has not converged
    x, y = rows(path, layers[0])

    def fit(iterations):
        model = MLPClassifier(
            tuple(layers[1:-1]), activation="logistic", solver="adam", alpha=0, batch_size=batch, learning_rate_init=RATE,
            max_iter=iterations, tol=0, n_iter_no_change=iterations + 1, random_state=0)
        start = time.perf_counter()
        model.fit(x, y)
        assert model.n_iter_ == iterations
        return time.perf_counter() - start

    with threadpool_limits(THREADS):
        first = fit(1)
        return (fit(1 + epochs) - first) / epochs


def torch_seconds(layers, path, batch, epochs):
    """Returns the seconds of an epoch of a plain loop: rows in a new order, gathered batch by batch."""
    import torch

    torch.set_num_threads(THREADS)
    x, y = (torch.from_numpy(part) for part in rows(path, layers[0]))
    parts = []
    for inputs, outputs in zip(layers, layers[1:]):
        parts += [torch.nn.Linear(inputs, outputs), torch.nn.Sigmoid()]
    model = torch.nn.Sequential(*parts[:-1])
    loss = torch.nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=RATE)
    for epoch in range(1 + epochs):
        if epoch == 1:
            start = time.perf_counter()
        order = torch.randperm(len(x))
        for first in range(0, len(x), batch):
            chosen = order[first:first + batch]
            optimizer.zero_grad()
            loss(model(x[chosen]), y[chosen]).backward()
            optimizer.step()
    return (time.perf_counter() - start) / epochs


def main():
    measure = {"sklearn": sklearn_seconds, "torch": torch_seconds}[sys.argv[1]]
    for line in sys.stdin:
        _, layers, path, batch, epochs = line.split()
        seconds = measure([int(n) for n in layers.split("-")], path, int(batch), int(epochs))
        print("answer", seconds, flush=True)


if __name__ == "__main__":
    main()
