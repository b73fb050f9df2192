"""What the emitted Python programs use: one line of the transcript for each step."""
import multiprocessing
import os
import re
import signal
import sys
import threading

# Seconds for a step: in a program that has lost steps, another one may wait for ever.
LIMIT = float(os.environ.get('DIFFERENTIAL_LIMIT', 25))


class Hangs(BaseException):
    """A step has taken too long; what comes after it is left out."""


def hangs(number, frame):
    raise Hangs()


if threading.current_thread() is threading.main_thread():
    signal.signal(signal.SIGALRM, hangs)

ABSENT = type('Absent', (), {'__repr__': lambda self: 'absent'})()


def outcome(run, uses):
    """What comes of a step: its value, or its error."""
    if any(one is ABSENT for one in uses):
        return ABSENT, 'absent'
    is_main = threading.current_thread() is threading.main_thread()
    try:
        if is_main:
            signal.setitimer(signal.ITIMER_REAL, LIMIT)
        value = run()
        return value, show(value)
    except (Exception, SystemExit) as error:
        return ABSENT, failure(error)
    finally:
        if is_main:
            signal.setitimer(signal.ITIMER_REAL, 0)


def S(key, run, *uses):
    """A step whose value is shown."""
    emit(key, outcome(run, uses)[1])


def L(key, run, *uses):
    """A step that makes a variable."""
    value, text = outcome(run, uses)
    emit(key, text if value is ABSENT else 'made')
    return value


def emit(key, text):
    text = text.replace('\\', '\\\\').replace('\n', '\\n')
    sys.stdout.write('@%s %s\n' % (key, text))
    sys.stdout.flush()


def failure(error):
    """Class and text of an error."""
    text = str(error)
    if type(error).__name__ == 'RemoteError' and '\n' in text:
        text = remote(text)
    return '%s: %s' % (type(error).__name__, text)


def remote(text):
    """The last line of a traceback that a manager's server has sent."""
    return [line for line in text.split('\n') if line and not line.startswith('---')][-1]


def show(value):
    """A value as both languages have it: kinds that are one in the other are not told apart."""
    if value is None or isinstance(value, (bool, int)):
        return str(value)
    if isinstance(value, float):
        if value == int(value) if abs(value) < 1e300 else False:
            return '-0' if str(value) == '-0.0' else str(int(value))
        return repr(value)
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, (bytes, bytearray)):
        return 'b[%s]' % ','.join(map(str, value))
    if isinstance(value, (list, tuple)):
        return '[%s]' % ', '.join(map(show, value))
    if isinstance(value, (set, frozenset)):
        return 'set(%s)' % ', '.join(sorted(map(show, value)))
    if isinstance(value, dict):
        return '{%s}' % ', '.join(show(k) + ': ' + show(v) for k, v in value.items())
    if isinstance(value, BaseException):
        return 'error ' + failure(value)
    return '<%s>' % value


def quoted(text):
    escaped = re.sub(r'[^ !#-\[\]-~]', lambda m: '\\u{%x}' % ord(m[0]), text)
    return '"%s"' % escaped


def settled(queue):
    """The queue, once what was put has come from the thread that feeds its pipe."""
    queue._poll(5)
    return queue


def caught(run):
    """The parts of the error that a call raises."""
    try:
        return show(run())
    except Exception as error:
        cause = error.__cause__
        return [failure(error), cause and type(cause).__name__]


def raised(run):
    """Whether a call raises an error."""
    try:
        run()
    except Exception:
        return True
    return False


def use(value, *calls):
    """Calls one function after the other; gives what the last one gives."""
    result = None
    for call in calls:
        result = call(value)
    return result


def run_all(programs):
    hung = False
    for program in programs:
        try:
            program()
        except Hangs:
            hung = True
    if hung:
        for child in multiprocessing.active_children():
            child.kill()
        os._exit(0)
    signal.alarm(int(LIMIT) + 1)  # the end must not take long, either
