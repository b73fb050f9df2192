"""Which module and which process is it that runs a function?"""

import os
from multiprocessing import Process, set_start_method


def info(title):
    print(title)
    print("module name:", __name__)
    print("parent process:", os.getppid())
    print("process id:", os.getpid())


def f(name):
    info("in the child")
    print("hello", name)


if __name__ == "__main__":
    set_start_method("spawn")
    info("in the main program")
    p = Process(target=f, args=("bob",))
    p.start()
    p.join()
