"""What processes, threads and workers of the emitted programs run."""
import multiprocessing
import os
import time


def nothing(*args):
    pass


def echo(value=None):
    return value


def square(x):
    return x * x


def add(a, b=1, c=0):
    return a + b + c


def fail(text, kind='ValueError'):
    raise {'ValueError': ValueError, 'KeyError': KeyError, 'TypeError': TypeError,
           'OSError': OSError, 'EOFError': EOFError}[kind](text)


def fail_on_odd(x):
    if x % 2:
        raise ValueError('odd: %d' % x)
    return x * 10


def leave(*reason):
    raise SystemExit(*reason)


def exit_now(code):
    os._exit(code)


def wait_long(*args):
    time.sleep(60)


def tell_and_wait(event):
    event.set()
    wait_long()


def wait_for(event, value=None):
    event.wait()
    return value


def remember(value):
    global kept
    kept = value


def recall(*args):
    return kept


def process_kind(*args):
    process = multiprocessing.current_process()
    return process.daemon


kept = None
