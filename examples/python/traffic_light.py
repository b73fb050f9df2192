"""Cars wait at a traffic light: an event is set while it is green. The light turns green
when all cars wait, and red again when all are through."""

from multiprocessing import Event, Process, Semaphore, set_start_method


def car(green, red, waiting, through, name):
    for round in ("first", "second"):
        red.wait()
        if not green.is_set():
            print(name, "stops,", round, "time", flush=True)
        waiting.release()
        green.wait()
        print(name, "drives on", flush=True)
        through.release()


if __name__ == "__main__":
    set_start_method("spawn")
    green = Event()
    red = Event()
    waiting = Semaphore(0)
    through = Semaphore(0)
    cars = []
    for name in ("a lorry", "a bus", "a taxi"):
        cars.append(Process(target=car, args=(green, red, waiting, through, name)))
    for p in cars:
        p.start()
    for _ in range(2):
        print("red", flush=True)
        red.set()
        for _ in cars:
            waiting.acquire()
        red.clear()
        print("green", flush=True)
        green.set()
        for _ in cars:
            through.acquire()
        green.clear()
    for p in cars:
        p.join()
    print("the road is free")
