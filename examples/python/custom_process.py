"""A class of processes with fields of its own and a run() of its own."""

from multiprocessing import Process, set_start_method
from time import sleep


class Counter(Process):
    def __init__(self, word, times):
        super().__init__()
        self.word = word
        self.times = times

    def run(self):
        for i in range(1, self.times + 1):
            sleep(0.01)
            print(self.name, "says", self.word, i)


if __name__ == "__main__":
    set_start_method("spawn")
    p = Counter("tick", 3)
    print("name:", p.name)
    print("daemon:", p.daemon)
    print("pid before start:", p.pid)
    p.start()
    print("has a pid:", p.pid > 0)
    print("alive:", p.is_alive())
    p.join()
    print("alive:", p.is_alive())
    print("exitcode:", p.exitcode)
