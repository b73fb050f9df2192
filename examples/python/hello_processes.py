"""Three processes say hello; the parent waits for all of them."""

from multiprocessing import Process, set_start_method


def greet(name):
    print("hello", name)


if __name__ == "__main__":
    set_start_method("spawn")
    processes = []
    for name in ("Ada", "Grace", "Linus"):
        p = Process(target=greet, args=(name,))
        processes.append(p)
        p.start()
    for p in processes:
        p.join()
    print("all said hello")
