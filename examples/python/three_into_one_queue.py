"""Three processes put a list each into one queue; the parent takes three."""

from multiprocessing import Process, Queue, set_start_method


def put_one(q, n):
    q.put([n, "hello"])


if __name__ == "__main__":
    set_start_method("spawn")
    q = Queue()
    processes = []
    for n in range(3):
        p = Process(target=put_one, args=(q, n))
        processes.append(p)
        p.start()
    print(q.get())
    print(q.get())
    print(q.get())
    for p in processes:
        p.join()
