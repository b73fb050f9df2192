"""How every program of the benchmark in Python runs its cases; see report.ts."""
import json
import time


def report(cases):
    rates = {}
    for name, measure in cases.items():
        measure()
        rates[name] = measure()
    show(rates)


def rate(count, run):
    start = time.perf_counter()
    run()
    return count / (time.perf_counter() - start)


def warm_rate(count, run):
    run()
    return rate(count, run)


TIMES = 2


def show(rates):
    print(json.dumps(rates))
