"""Six cars share two parking places: a semaphore counts the free ones. Every car tells
over a queue when it comes and goes, so that nobody can cheat."""

from multiprocessing import Process, SimpleQueue, Semaphore, set_start_method
from time import sleep


def car(places, gate, name):
    with places:
        gate.put(1)
        print(name, "parks", flush=True)
        sleep(0.02)
        print(name, "leaves", flush=True)
        gate.put(-1)


if __name__ == "__main__":
    set_start_method("spawn")
    places = Semaphore(2)
    gate = SimpleQueue()
    cars = []
    for i in range(1, 7):
        cars.append(Process(target=car, args=(places, gate, "car %d" % i)))
    for p in cars:
        p.start()
    parked = 0
    most = 0
    for _ in range(12):
        parked += gate.get()
        most = max(most, parked)
    for p in cars:
        p.join()
    print("never more than two:", most <= 2)
    print("free places:", places.get_value())
