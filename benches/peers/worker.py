"""One peer in a process of its own: `worker.py PEER CASE` gets ready, then answers lines on standard input with JSON.

`run N` runs N runs and tells the seconds; `compare FOLDER RUNS` holds all runs so far against a result of boljam.
"""

import importlib
import json
import resource
import sys
import time
from pathlib import Path

import agreement
import findings
from case import Case

PEERS = {
    "numpy": ("numpy_peer", "NumpyPeer"),
    "numba": ("numba_peer", "NumbaPeer"),
    "jax": ("jax_peer", "JaxPeer"),
    "jax32": ("jax_peer", "Jax32Peer"),
    "ema": ("workbench_peers", "EmaPeer"),
    "monaco": ("workbench_peers", "MonacoPeer"),
}
SHOWN = agreement.chosen(["temirtau", "balkhash"], "2035")


def timed(work) -> dict[str, float]:
    """Processor and wall seconds of a call, all threads and kernel time together."""

    def cpu() -> float:
        usage = resource.getrusage(resource.RUSAGE_SELF)
        return usage.ru_utime + usage.ru_stime

    before, start = cpu(), time.perf_counter()
    work()
    return {"cpu": cpu() - before, "wall": time.perf_counter() - start}


def compare(peer, case: Case, folder: Path, boljam_runs: int) -> dict:
    """The verdict and its table."""
    if stored := getattr(peer, "stored", None):
        runs, statistics = len(stored["values"]), findings.of_runs(case, peer.layout, stored)
    else:
        runs, statistics = peer.tally.runs, findings.of_tally(case, peer.layout, peer.tally)
    compared = agreement.compare(case, folder, boljam_runs, statistics, runs)
    return {"agrees": agreement.agrees(compared), "runs": runs, "table": agreement.table(compared, SHOWN)}


def main() -> None:
    answers, sys.stdout = sys.stdout, sys.stderr  # frameworks may print
    module, name = PEERS[sys.argv[1]]
    case = Case(Path(sys.argv[2]))
    peer = getattr(importlib.import_module(module), name)(case)
    print(json.dumps("ready"), file=answers, flush=True)
    for line in sys.stdin:
        words = line.split()
        if words[0] == "run":
            answer = timed(lambda n=int(words[1]): peer.run(n))
        else:
            answer = compare(peer, case, Path(words[1]), int(words[2]))
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
