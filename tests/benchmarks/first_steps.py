"""A process that trains a work from its start: when its first step is done, its speed, its bits.

    python -m tests.benchmarks.first_steps WORK CACHE STEPS SECONDS [--small]

CACHE is the directory of compiled programs. The answer is one line of JSON.
"""

import json
import sys
import time

from gan_cli.bench.speed import alone
from tests.benchmarks import synthetic


def main() -> None:
    work, cache, steps, seconds, *small = sys.argv[1:]
    values = synthetic.values(work, small=bool(small), compile_cache=cache)
    prepared = synthetic.ready(values)
    synthetic.trained(prepared, 1)
    first = time.time()
    digest = synthetic.digest(synthetic.trained(prepared, int(steps)))
    training = alone(prepared, float(seconds))
    rates = [training() for _ in range(3)]
    print(json.dumps({"first_step": first, "digest": digest, "rates": rates}))


if __name__ == "__main__":
    main()
