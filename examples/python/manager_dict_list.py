"""Five processes fill one dict and one list that live in a manager's server."""

from multiprocessing import Manager, Process, set_start_method


def f(d, l, n):
    d[n] = "1"
    d["2"] = 2
    d[0.25] = None
    l.append(n)


if __name__ == "__main__":
    set_start_method("spawn")
    with Manager() as manager:
        d = manager.dict()
        l = manager.list(range(5))
        processes = []
        for i in range(5):
            p = Process(target=f, args=(d, l, i))
            p.start()
            processes.append(p)
        for p in processes:
            p.join()
        print(*sorted(map(str, d.keys())))
        l.sort()
        print(l)
