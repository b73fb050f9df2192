"""A pipeline of processes: one reads, some parse, one writes, in the order of the input."""

from multiprocessing import Process, Queue, set_start_method

PARSERS = 3
LINES = 1000


def read(lines):
    for i in range(LINES):
        lines.put((i, "item%d;%d.%02d" % (i, i % 7, i % 100)))
    for _ in range(PARSERS):
        lines.put(None)


def parse(lines, rows):
    for number, text in iter(lines.get, None):
        name, price = text.split(";")
        rows.put((number, name, round(float(price) * 100)))


def write(rows):
    early = {}
    next = 0
    sum = 0
    for row in iter(rows.get, None):
        early[row[0]] = row
        while next in early:
            number, name, cents = early.pop(next)
            if number % 250 == 0:
                print(number, name, cents)
            sum += cents
            next += 1
    print("%d rows, %d cents, %d out of order" % (next, sum, len(early)))


if __name__ == "__main__":
    set_start_method("spawn")
    lines = Queue(8)
    rows = Queue(8)
    reader = Process(target=read, args=(lines,))
    parsers = [Process(target=parse, args=(lines, rows)) for _ in range(PARSERS)]
    writer = Process(target=write, args=(rows,))
    all = [reader, *parsers, writer]
    for p in all:
        p.start()
    for p in parsers:
        p.join()
    rows.put(None)
    for p in all:
        p.join()
    print("exit codes", *[p.exitcode for p in all])
