"""Ends, or has a child of its own end, while a daemon and a worker run: the twin of
exit_order.ts."""
import sys
import time
from multiprocessing import Pipe, Process, current_process, set_start_method
from multiprocessing.util import log_to_stderr


def say(text):
    print(text, flush=True)


def run_for_ever(ready, held):
    ready.send(None)
    while True:
        time.sleep(60)


def outlive(reader):
    try:
        reader.recv()
    except EOFError:
        say("the daemon has ended before the worker")


def leave_both():
    ready, tell = Pipe(False)
    reader, held = Pipe(False)
    daemon = Process(target=run_for_ever, args=(tell, held), daemon=True)
    daemon.start()
    held.close()
    Process(target=outlive, args=(reader,)).start()
    ready.recv()
    say("%s is done" % current_process().name)


def echo(conn):
    while True:
        conn.send(conn.recv())


def do_nothing():
    pass


def join_one():
    conn, theirs = Pipe()
    Process(target=echo, args=(theirs,), daemon=True).start()
    p = Process(target=do_nothing)
    p.start()
    p.join()
    conn.send("the daemon runs on")
    say(conn.recv())


if __name__ == "__main__":
    set_start_method("spawn")
    if sys.argv[1] == "root":
        log_to_stderr("INFO")
        leave_both()
    elif sys.argv[1] == "join":
        join_one()
    else:
        p = Process(target=leave_both)
        p.start()
        p.join()
        say("exitcode %s" % p.exitcode)
