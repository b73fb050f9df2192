"""The cases of the benchmark about pipes in Python, by `spawn`; see pipes.ts."""
import multiprocessing

from report import show, warm_rate

TURNS = 2_000
MESSAGES = {"100B": (100, 20_000), "10KB": (10_000, 3_000), "1MB": (1_000_000, 100)}


def messages(connection):
    while True:
        try:
            yield connection.recv()
        except EOFError:
            return


def echo(connection):
    for message in messages(connection):
        connection.send(message)


def receive(orders, source):
    for _, count in messages(orders):
        for _ in range(count):
            source.recv_bytes()
        orders.send("received")


def send(orders, to):
    for size, count in messages(orders):
        message = bytes(size)
        for _ in range(count):
            to.send_bytes(message)


def turns(connection):
    def once():
        for i in range(TURNS):
            connection.send(i)
            connection.recv()

    return warm_rate(TURNS, once)


def turn_and_tell(connection, result):
    result.send(turns(connection))
    connection.close()


def round_trip(mp):
    here, there = mp.Pipe()
    p = mp.Process(target=echo, args=(there,))
    p.start()
    there.close()
    rate = turns(here)
    here.close()
    p.join()
    return rate


def round_trip_of_children(mp):
    left, right = mp.Pipe()
    result, tell = mp.Pipe(False)
    p = mp.Process(target=echo, args=(left,))
    q = mp.Process(target=turn_and_tell, args=(right, tell))
    p.start()
    q.start()
    for end in (left, right, tell):
        end.close()
    rate = result.recv()
    p.join()
    q.join()
    return rate


def start(mp, target, end):
    here, there = mp.Pipe()
    p = mp.Process(target=target, args=(there, end))
    p.start()
    there.close()
    return p, here


def child_to_root(mp, size, count):
    reader, writer = mp.Pipe(False)
    p, orders = start(mp, send, writer)
    writer.close()

    def once():
        orders.send((size, count))
        for _ in range(count):
            reader.recv_bytes()

    rate = warm_rate(count, once)
    orders.close()
    p.join()
    return rate


def root_to_child(mp, size, count):
    reader, writer = mp.Pipe(False)
    p, orders = start(mp, receive, reader)
    reader.close()
    message = bytes(size)

    def once():
        orders.send((size, count))
        for _ in range(count):
            writer.send_bytes(message)
        orders.recv()

    rate = warm_rate(count, once)
    orders.close()
    p.join()
    return rate


def child_to_child(mp, size, count):
    reader, writer = mp.Pipe(False)
    p, to_receiver = start(mp, receive, reader)
    q, to_sender = start(mp, send, writer)
    reader.close()
    writer.close()

    def once():
        to_receiver.send((size, count))
        to_sender.send((size, count))
        to_receiver.recv()

    rate = warm_rate(count, once)
    to_receiver.close()
    to_sender.close()
    p.join()
    q.join()
    return rate


def main():
    mp = multiprocessing.get_context("spawn")
    results = {
        "pipeRoundTrip": round_trip(mp),
        "pipeRoundTripOfChildren": round_trip_of_children(mp),
    }
    for name, (size, count) in MESSAGES.items():
        results["pipeChildToRoot" + name] = child_to_root(mp, size, count)
        results["pipeRootToChild" + name] = root_to_child(mp, size, count)
        results["pipeChildToChild" + name] = child_to_child(mp, size, count)
    show(results)


if __name__ == "__main__":
    main()
