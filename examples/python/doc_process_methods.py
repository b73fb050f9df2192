"""A process before it starts, while it runs, and after it was terminated."""

import multiprocessing as mp
import signal
from time import sleep

if __name__ == "__main__":
    ctx = mp.get_context("spawn")
    p = ctx.Process(target=sleep, args=(1000,))
    print(p, p.is_alive())
    p.start()
    print(p, p.is_alive())
    p.terminate()
    p.join()
    print(p, p.is_alive())
    print("ended by SIGTERM:", p.exitcode == -signal.SIGTERM)
