"""Rates of one reasoning-gym task; run by envs.py with the interpreter that has it. Prints one line of JSON."""

import json
import sys
import time
import warnings

warnings.filterwarnings("ignore")
import reasoning_gym  # noqa: E402

SIZE = 10**9


def rate(call, seconds):
    """Calls per second of CPU time; a call that raises still counts."""
    n = 0
    start = time.process_time()
    while (used := time.process_time() - start) < seconds:
        try:
            call(n)
        except Exception:
            pass
        n += 1
    return n / used


def main(task, seconds):
    """Draw, score the reference answer, score another item's answer."""
    data = reasoning_gym.create_dataset(task, size=SIZE, seed=42)
    items = [data[i] for i in range(50)]
    print(
        json.dumps(
            {
                "tasks": rate(lambda n: data[1_000_000 + n], seconds),
                "right": rate(lambda n: data.score_answer(items[n % 50]["answer"], items[n % 50]), seconds),
                "wrong": rate(lambda n: data.score_answer(items[(n + 1) % 50]["answer"], items[n % 50]), seconds),
            }
        )
    )


main(sys.argv[1], float(sys.argv[2]))
