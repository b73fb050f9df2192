# The programs of ctrl_c.ts in Python; the argument chooses one.
import multiprocessing as mp
import multiprocessing.connection
import signal
import sys


def say(*words):
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def wait_in(what, name, heard=None):
    try:
        say("ready")
        if what == "event":
            mp.Event().wait()
        elif what == "queue":
            mp.Queue().get()
        elif what == "lock":
            lock = mp.Lock()
            lock.acquire()
            lock.acquire()
        elif what == "condition":
            condition = mp.Condition()
            with condition:
                condition.wait()
        elif what == "barrier":
            mp.Barrier(2).wait()
        elif what == "pipe":
            a, b = mp.Pipe()
            a.recv()
        elif what == "poll":
            a, b = mp.Pipe()
            a.poll(None)
        elif what == "wait":
            a, b = mp.Pipe()
            mp.connection.wait([a])
    except KeyboardInterrupt:
        say(name, "interrupted in", what)
    finally:
        say(name, "tidies up after", what)
        outlive(heard)


def outlive(heard):
    """Waits until the parent has been interrupted, too: Python loses the exit code of a child
    that ends while the signal interrupts the call that asks for it."""
    if heard is not None:
        heard.wait()


def wait_uncaught(q, heard):
    try:
        say("ready")
        q.get()
    finally:
        say("child tidies up")
        outlive(heard)


def with_own_handler(q):
    def handler(*_):
        say("child handles")
        q.put("handled")

    signal.signal(signal.SIGINT, handler)
    say("ready")
    say("child got", q.get())


def ignore():
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def square(x):
    return x * x


def long_task(ready):
    say("ready")
    mp.Event().wait()


def with_term_handler():
    ignore()

    def handler(*_):
        say("child ends by its handler")
        sys.exit(5)

    signal.signal(signal.SIGTERM, handler)
    event = mp.Event()  # before it is ready: so no signal interrupts that
    say("ready")
    event.wait()


def join():
    heard = mp.Event()
    p = mp.Process(target=wait_in, args=("event", "child", heard))
    p.start()
    try:
        p.join()
    except KeyboardInterrupt:
        say("main interrupted")
    finally:
        say("main tidies up")
        heard.set()
    p.join()
    say("exit code", p.exitcode)


KINDS = ["event", "queue", "lock", "condition", "barrier", "pipe", "poll", "wait"]


def kinds():
    children = [mp.Process(target=wait_in, args=(what, "child")) for what in KINDS]
    for p in children:
        p.start()
    wait_in("queue", "main")
    for p in children:
        p.join()
        say("exit code", p.exitcode)


def uncaught():
    q, heard = mp.Queue(), mp.Event()
    p = mp.Process(target=wait_uncaught, args=(q, heard))
    p.start()
    try:
        p.join()
    finally:
        say("main tidies up")
        heard.set()


def uncaught_in_child():
    q, heard = mp.Queue(), mp.Event()
    p = mp.Process(target=wait_uncaught, args=(q, heard))
    p.start()
    try:
        p.join()
    except KeyboardInterrupt:
        say("main interrupted")
        heard.set()
    p.join()
    say("exit code", p.exitcode)


def own_handler():
    q = mp.Queue()
    signal.signal(signal.SIGINT, lambda *_: (say("main handles"), q.put("from main")))
    of_child = mp.Queue()
    p = mp.Process(target=with_own_handler, args=(of_child,))
    p.start()
    say("main got", q.get())
    p.join()
    say("exit code", p.exitcode)


def pool():
    with mp.Pool(2, initializer=ignore) as pool:
        say(pool.map(square, [1, 2, 3]))
        try:
            pool.map(long_task, [1, 2])
        except KeyboardInterrupt:
            say("main interrupted")
    say("after the pool")


def manager():
    with mp.Manager() as manager:
        q = manager.Queue()
        try:
            say("ready")
            q.get()
        except KeyboardInterrupt:
            say("main interrupted")
    say("after the manager")


def terminate():
    p = mp.Process(target=with_term_handler)
    ignoring = mp.Process(target=ignore_and_wait)
    p.start()
    ignoring.start()
    try:
        p.join()
    except KeyboardInterrupt:
        say("main interrupted")
    p.terminate()
    p.join()
    say("exit code", p.exitcode)
    ignoring.terminate()
    ignoring.join()
    say("exit code", ignoring.exitcode)


def server():
    from multiprocessing.connection import Listener

    with Listener() as listener:
        try:
            say("ready")
            listener.accept()
        except KeyboardInterrupt:
            say("main interrupted")
    say("after the listener")


def client():
    from multiprocessing.connection import Client, Listener

    with Listener() as listener:
        with Client(listener.address) as near, listener.accept():
            try:
                say("ready")
                near.recv()
            except KeyboardInterrupt:
                say("main interrupted")
    say("after the connection")


def ignore_and_wait():
    ignore()
    say("ready")
    mp.Event().wait()


if __name__ == "__main__":
    mp.set_start_method("spawn")
    globals()[sys.argv[1]]()
