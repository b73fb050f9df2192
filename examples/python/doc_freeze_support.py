"""freeze_support() may be called first; it matters to frozen programs only."""

from multiprocessing import Process, freeze_support, set_start_method


def f():
    print("hello world!")


if __name__ == "__main__":
    freeze_support()
    set_start_method("spawn")
    Process(target=f).start()
