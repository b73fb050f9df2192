"""run() calls the target here and now; its arguments may be a list or a tuple."""

from multiprocessing import Process, set_start_method

if __name__ == "__main__":
    set_start_method("spawn")
    p = Process(target=print, args=[1])
    p.run()
    p = Process(target=print, args=(1,))
    p.run()
