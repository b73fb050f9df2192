"""What a short program sees, in Python by the start method `spawn`; see cold.ts."""
import multiprocessing
import sys
import time

from report import rate, show

ITEMS = 20_000
SIZE = 100
CALLS = 200


def square(x):
    return x * x


def produce(q):
    q.put(time.time())
    for i in range(ITEMS):
        q.put(i)


def consume(q):
    began = q.get()
    for _ in range(ITEMS):
        q.get()
    return time.time() - began


def consume_and_tell(q, tell):
    tell.send("ready")
    tell.send(consume(q))


def echo(q, back, tell):
    tell.send("ready")
    for _ in range(CALLS):
        back.put(q.get())


def send(to):
    message = bytes(SIZE)
    to.send(time.time())
    for _ in range(ITEMS):
        to.send_bytes(message)


def receive(source):
    began = source.recv()
    for _ in range(ITEMS):
        source.recv_bytes()
    return time.time() - began


def receive_and_tell(source, tell):
    tell.put(-1)
    tell.put(receive(source))


def reflect(connection, tell):
    tell.put(-1)
    for _ in range(CALLS):
        connection.send(connection.recv())


def arrive(arrived):
    arrived.release()


def queue_child_to_root(mp):
    q = mp.Queue()
    p = mp.Process(target=produce, args=(q,))
    p.start()
    took = consume(q)
    p.join()
    return ITEMS / took


def queue_root_to_child(mp):
    q = mp.Queue()
    told, tell = mp.Pipe(False)
    p = mp.Process(target=consume_and_tell, args=(q, tell))
    p.start()
    told.recv()
    produce(q)
    took = told.recv()
    p.join()
    return ITEMS / took


def queue_child_to_child(mp):
    q = mp.Queue()
    told, tell = mp.Pipe(False)
    c = mp.Process(target=consume_and_tell, args=(q, tell))
    p = mp.Process(target=produce, args=(q,))
    c.start()
    told.recv()
    p.start()
    took = told.recv()
    p.join()
    c.join()
    return ITEMS / took


def queue_round_trip(mp):
    q, back = mp.Queue(), mp.Queue()
    told, tell = mp.Pipe(False)
    p = mp.Process(target=echo, args=(q, back, tell))
    p.start()
    told.recv()

    def turns():
        for i in range(CALLS):
            q.put(i)
            back.get()

    result = rate(CALLS, turns)
    p.join()
    return result


def pipe_child_to_root(mp):
    reader, writer = mp.Pipe(False)
    p = mp.Process(target=send, args=(writer,))
    p.start()
    writer.close()
    took = receive(reader)
    p.join()
    return ITEMS / took


def pipe_root_to_child(mp):
    reader, writer = mp.Pipe(False)
    told = mp.Queue()
    p = mp.Process(target=receive_and_tell, args=(reader, told))
    p.start()
    reader.close()
    told.get()
    send(writer)
    took = told.get()
    p.join()
    return ITEMS / took


def pipe_child_to_child(mp):
    reader, writer = mp.Pipe(False)
    told = mp.Queue()
    p = mp.Process(target=receive_and_tell, args=(reader, told))
    q = mp.Process(target=send, args=(writer,))
    p.start()
    told.get()
    q.start()
    took = told.get()
    p.join()
    q.join()
    return ITEMS / took


def pipe_round_trip(mp):
    here, there = mp.Pipe()
    told = mp.Queue()
    p = mp.Process(target=reflect, args=(there, told))
    p.start()
    there.close()
    told.get()

    def turns():
        for i in range(CALLS):
            here.send(i)
            here.recv()

    result = rate(CALLS, turns)
    p.join()
    return result


def of_pool(mp, count, use):
    arrived = mp.Semaphore(0)
    with mp.Pool(mp.cpu_count(), arrive, (arrived,)) as pool:
        for _ in range(mp.cpu_count()):
            arrived.acquire()
        return rate(count, lambda: use(pool))


def apply(pool):
    for i in range(CALLS):
        pool.apply(square, (i,))


def apply_async(pool):
    results = [pool.apply_async(square, (i,)) for i in range(CALLS)]
    for result in results:
        result.get()


def map_all(pool):
    pool.map(square, range(ITEMS))


def imap_unordered(pool):
    for _ in pool.imap_unordered(square, range(ITEMS)):
        pass


def pool_from_start(mp):
    start = time.perf_counter()
    with mp.Pool(mp.cpu_count()) as pool:
        apply(pool)
        return CALLS / (time.perf_counter() - start)


CASES = {
    "coldQueueChildToRoot": queue_child_to_root,
    "coldQueueRootToChild": queue_root_to_child,
    "coldQueueChildToChild": queue_child_to_child,
    "coldQueueRoundTrip": queue_round_trip,
    "coldPipeChildToRoot": pipe_child_to_root,
    "coldPipeRootToChild": pipe_root_to_child,
    "coldPipeChildToChild": pipe_child_to_child,
    "coldPipeRoundTrip": pipe_round_trip,
    "coldPoolApply": lambda mp: of_pool(mp, CALLS, apply),
    "coldPoolApplyAsync": lambda mp: of_pool(mp, CALLS, apply_async),
    "coldPoolMap": lambda mp: of_pool(mp, ITEMS, map_all),
    "coldPoolImapUnordered": lambda mp: of_pool(mp, ITEMS, imap_unordered),
    "coldPoolFromStart": pool_from_start,
}


def main():
    name = sys.argv[1]
    show({name: CASES[name](multiprocessing.get_context("spawn"))})


if __name__ == "__main__":
    main()
