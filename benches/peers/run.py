"""boljam beside NumPy, Numba, JAX, EMA Workbench and Monaco on the shipped case: `python3 benches/peers/run.py`.

Makes a Python environment in target/peers, builds boljam, checks that all agree with boljam within Monte Carlo error
(else the exit code is 1) and measures all by turns, one thread each. Times are processor time per town-scenario-year
(tsy), the least and the median over the rounds; ratios are to boljam at this machine's highest vector level.
"""

import argparse
import csv
import json
import os
import statistics
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
WORK = ROOT / "target" / "peers"
CASE = ROOT / "scenarios" / "karaganda"
TSY_OF_A_RUN = 8 * 4 * 15
# Runs a round: a few seconds each, a multiple of the peer's block.
RUNS = {"numpy": 4096, "numba": 8192, "jax": 4096, "jax32": 4096, "ema": 100, "monaco": 100}
ONE_THREAD = {
    **dict.fromkeys(
        ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS", "NUMEXPR_NUM_THREADS"], "1"
    ),
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
    "JAX_PLATFORMS": "cpu",
    "JAX_COMPILATION_CACHE_DIR": str(WORK / "jax"),
    "PYTHONWARNINGS": "ignore",
}


def environment() -> Path:
    """The Python of the environment, made anew when the requirements have changed."""
    python, stamp = WORK / "venv" / "bin" / "python", WORK / "installed.txt"
    wanted = (HERE / "requirements.txt").read_text(encoding="utf-8")
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
        venv.create(WORK / "venv", with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "-r", HERE / "requirements.txt"], check=True)
        stamp.write_text(wanted, encoding="utf-8")
    return python


def build() -> tuple[Path, Path]:
    """The programs of boljam: its command line and the bench of floors, which one command builds."""
    command = ["cargo", "bench", "--bench", "floors", "--no-run", "--locked", "--message-format=json"]
    messages = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout
    built = [json.loads(line) for line in messages.splitlines()]
    programs = {m["target"]["name"]: Path(m["executable"]) for m in built if m.get("executable")}
    return programs["boljam"], programs["floors"]


class Worker:
    """A peer's process."""

    def __init__(self, python: Path, name: str):
        self.name = name
        log = (WORK / f"{name}.log").open("w", encoding="utf-8")
        command = [python, HERE / "worker.py", name, CASE]
        pipe = subprocess.PIPE
        env = os.environ | ONE_THREAD
        self.process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=log, text=True, env=env)
        self.answer()

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"{self.name} failed: see {WORK / self.name}.log")
        return json.loads(line)

    def ask(self, line: str):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self.answer()

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait()


def measure_boljam(floors: Path, times: dict) -> None:
    """One round of the engine and its floors at every vector level."""
    output = subprocess.run([floors], check=True, stdout=subprocess.PIPE, text=True, env=os.environ | ONE_THREAD).stdout
    start = (0.0, 0.0)
    for row in csv.DictReader(output.splitlines()):
        cpu, wall, tsy = (float(row[column]) for column in ("cpu_seconds", "wall_seconds", "tsy"))
        if row["what"] == "start":
            # What is paid once is left out, as compilation and pilots of the peers are.
            start = (cpu, wall)
            continue
        if row["what"] == "engine":
            cpu, wall = cpu - start[0], wall - start[1]
        times.setdefault((row["what"], row["level"]), []).append((cpu / tsy * 1e9, wall / tsy * 1e9))


def measure_peer(worker: Worker, times: dict) -> None:
    seconds = worker.ask(f"run {RUNS[worker.name]}")
    tsy = RUNS[worker.name] * TSY_OF_A_RUN
    times.setdefault((worker.name, ""), []).append((seconds["cpu"] / tsy * 1e9, seconds["wall"] / tsy * 1e9))


def report(times: dict) -> str:
    """The table of times and ratios; the last level measured is the highest."""
    best = [key for key in times if key[0] == "engine"][-1]
    level = best[1]
    cpu = {key: [c for c, _ in rounds] for key, rounds in times.items()}
    lines = [
        "",
        f"{'':28}{'cpu ns/tsy':>22}{'wall':>10}{'to engine':>22}",
        f"{'':28}{'min':>11}{'median':>11}{'min':>10}{'min':>11}{'median':>11}",
    ]
    for key, rounds in times.items():
        low, middle, wall = min(cpu[key]), statistics.median(cpu[key]), min(w for _, w in rounds)
        by_round = statistics.median(a / b for a, b in zip(cpu[key], cpu[best], strict=True))
        name = " ".join(part for part in key if part)
        lines.append(f"{name:28}{low:11.1f}{middle:11.1f}{wall:10.1f}{low / min(cpu[best]):11.2f}{by_round:11.2f}")
    lines.append("")
    for what in ("normals", "links", "histogram"):
        ratio = min(cpu[best]) / min(cpu[what, level])
        lines.append(f"engine {level} to the floor '{what}': {ratio:.2f}")
    return "\n".join(lines)


def machine() -> str:
    """Processor and what vectors it has."""
    try:
        info = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return "unknown processor"
    fields = {k.strip(): v.strip() for k, _, v in (line.partition(":") for line in info.splitlines()) if v}
    vectors = [name for name in ("sse2", "avx2", "avx512f") if name in fields.get("flags", "").split()]
    place = f"family {fields.get('cpu family')} model {fields.get('model')}"
    return f"{fields.get('model name')} ({place}), {' '.join(vectors)}, {os.cpu_count()} cores"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--peers", nargs="+", choices=list(RUNS), default=list(RUNS))
    parser.add_argument("--boljam-runs", type=int, default=200_000, help="runs that the others are held against")
    arguments = parser.parse_args()
    WORK.mkdir(parents=True, exist_ok=True)
    python, (boljam, floors) = environment(), build()
    folder = WORK / "result"
    command = [boljam, "run", CASE, "--runs", str(arguments.boljam_runs), "--force", "--out", folder]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    workers = [Worker(python, name) for name in arguments.peers]
    times: dict = {}
    for k in range(arguments.rounds):
        print(f"round {k + 1} of {arguments.rounds}", file=sys.stderr, flush=True)
        measure_boljam(floors, times)
        for worker in workers:
            measure_peer(worker, times)
    verdicts = {}
    for worker in workers:
        verdicts[worker.name] = worker.ask(f"compare {folder} {arguments.boljam_runs}")
        worker.close()
    for name, verdict in verdicts.items():
        said = "agrees" if verdict["agrees"] else "DOES NOT AGREE"
        print(f"\n{name} {said} with boljam: {verdict['runs']} and {arguments.boljam_runs} runs\n{verdict['table']}")
    print(f"\n{machine()}; {arguments.rounds} rounds, one thread\n{report(times)}")
    sys.exit(0 if all(v["agrees"] for v in verdicts.values()) else 1)


if __name__ == "__main__":
    main()
