"""Four hikers meet at two points of their way: a barrier lets nobody go on before all are
there. The last one to arrive looks at the map for all."""

from multiprocessing import Barrier, Process, SimpleQueue, set_start_method


def look_at_map():
    print("all are there: on we go", flush=True)


def hiker(point, places, name):
    for where in ("hut", "summit"):
        print(name, "is at the", where, flush=True)
        places.put(point.wait())


if __name__ == "__main__":
    set_start_method("spawn")
    point = Barrier(4, look_at_map)
    places = SimpleQueue()
    hikers = []
    for name in ("Ada", "Grace", "Linus", "Guido"):
        hikers.append(Process(target=hiker, args=(point, places, name)))
    for p in hikers:
        p.start()
    for where in ("hut", "summit"):
        arrived = []
        for _ in hikers:
            arrived.append(places.get())
        print("places at the", where + ":", sorted(arrived))
    for p in hikers:
        p.join()
    print("waiting:", point.n_waiting, "of", point.parties)
