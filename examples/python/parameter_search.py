"""A search for the best parameters of a model: an endless generator suggests pairs of them,
four workers try them out, and the loop is left when one is good enough. No more than eight
suggestions are made ahead of the results, and the generator is closed in the end."""

from multiprocessing import Pool, set_start_method
from threading import Semaphore

AHEAD = 8


def trial(parameters):
    rate, layers = parameters
    weight = 0
    for step in range(20000):
        weight += (layers - weight) / 50
    loss = abs(weight - 5) + abs(rate - 0.03)
    return loss, parameters


suggested = 0
closed = False
over = False
places = Semaphore(AHEAD)


def suggestions():
    global suggested, closed
    total = 0
    while True:
        total += 1
        for layers in range(1, total + 1):
            places.acquire()
            if over:
                closed = True
                return
            suggested += 1
            yield (total + 1 - layers) / 100, layers


if __name__ == "__main__":
    set_start_method("spawn")
    with Pool(4) as pool:
        looked = 0
        ahead = 0
        for loss, (rate, layers) in pool.imap_unordered(trial, suggestions()):
            looked += 1
            ahead = max(ahead, suggested - looked)
            if loss < 1e-6:
                print(f"found: rate {rate}, {layers} layers")
                break
            places.release()
        over = True
        for _ in range(AHEAD):
            places.release()
        pool.close()
        pool.join()
    print("others were tried:", looked > 20)
    print("never more than eight ahead:", ahead <= AHEAD)
    print("the generator is closed:", closed)
