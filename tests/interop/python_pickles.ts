/**
 * Values as expressions in Python, and the Python program that writes and reads them, for
 * the tests of pickles.
 */

/** Defines what the expressions of {@linkcode EXPRESSIONS} use, and `show`. */
export const PRELUDE = String.raw`
import array, collections, multiprocessing as mp, pickle, queue, struct, sys, threading
from multiprocessing import managers, pool
from multiprocessing.managers import Namespace, RebuildProxy, Token
from multiprocessing.reduction import ForkingPickler

class Reduced:
    "Is pickled as a call, as proxies are."
    def __init__(self, *parts): self.parts = parts
    def __reduce__(self): return self.parts[0], self.parts[1:]

def shared(): a = [1]; return [a, a, (a,)]
def list_in_itself(): a = []; a.append(a); return a
def tuple_in_itself(): a = ([],); a[0].append(a); return a
def long_tuple_in_itself(): a = (1, 2, 3, []); a[3].append(a); return a
def dict_in_itself(): a = {}; a['self'] = a; return a
def int_dict_in_itself(): a = {}; a['a'] = [a]; a[1] = a; return a
def with_fields(): e = ValueError('a'); e.x = [1]; return e
def missing_attribute(): e = AttributeError('a'); e.name = 'b'; return e
def namespace(): n = Namespace(a=1); n.b = (2,); return n
def token(address): return Token('list', address, '7f00')
def proxy(name, address, **kwds):
    return Reduced(RebuildProxy, getattr(managers, name), token(address), 'pickle', kwds)

def rebuild(func, token, serializer, kwds): return ['proxy', func, token, kwds]
# Reading a proxy must not connect to anything.
class Reader(pickle._Unpickler):
    def find_class(self, module, name):
        if name == 'RebuildProxy': return rebuild
        return super().find_class(module, name)

def show(value, seen=()):
    "A text that is the same for values of the same types and contents only."
    if isinstance(value, Reduced): return show(rebuild(*value.parts[1:]), seen)
    if any(value is s for s in seen): return '^%d' % [value is s for s in seen].index(True)
    seen += (value,)
    inner = lambda items: ', '.join([show(item, seen) for item in items])
    kind = type(value).__name__.replace('OrderedDict', 'dict')
    if hasattr(value, '__qualname__'): return kind + ' ' + value.__qualname__
    if isinstance(value, dict):
        return kind + '{' + ', '.join(inner(pair) for pair in value.items()) + '}'
    if isinstance(value, (list, tuple)): return kind + '[' + inner(value) + ']'
    if isinstance(value, (set, frozenset)):
        return kind + '{' + ', '.join(sorted(show(item, seen) for item in value)) + '}'
    if isinstance(value, BaseException):
        return kind + '(' + inner(value.args) + ')' + ascii(str(value)) + inner([vars(value)])
    if isinstance(value, int) and abs(value) >> 8000: return hex(value)
    return ascii(value) + ':' + kind
`;

/**
 * Reads lines, answers each with one:
 * `write <protocol> <expression>`: the pickle, in hexadecimal;
 * `show <expression>`: its text;
 * `read <hexadecimal>`: the text of what the pickle holds, for both of Python's readers;
 * `copy <protocol> <hexadecimal>`: the value, read and written again.
 */
export const PICKLES = PRELUDE + String.raw`
import io
for line in sys.stdin:
    order, _, rest = line.rstrip('\n').partition(' ')
    try:
        if order == 'write':
            protocol, _, text = rest.partition(' ')
            print(bytes(ForkingPickler.dumps(eval(text), int(protocol))).hex())
        elif order == 'show': print(show(eval(rest)))
        elif order == 'read':
            data = bytes.fromhex(rest)
            text = show(Reader(io.BytesIO(data)).load())
            if 'RebuildProxy'.encode() not in data: assert show(pickle.loads(data)) == text
            print(text)
        elif order == 'copy':
            protocol, _, text = rest.partition(' ')
            data = pickle.loads(bytes.fromhex(text))
            print(bytes(ForkingPickler.dumps(data, int(protocol))).hex())
    except Exception as error: print('ERROR', type(error).__name__, ascii(str(error)))
`;

/** Values that must come from Python unchanged in kind, and go back so. */
export const EXPRESSIONS: readonly string[] = String.raw`
None | True | False
0 | 1 | -1 | 255 | 256 | 65535 | 65536 | -255 | 2**31-1 | 2**31 | -2**31 | -2**31-1
2**47 | -2**47 | 2**53-1 | 2**53 | -2**53 | 2**63-1 | -2**63 | 2**64 | 10**100 | -10**100
2**2039 | -2**2039 | -2**2039-1 | 128 | -128 | -129 | 2**55 | -2**55
0.0 | -0.0 | 1.0 | -1.5 | 1e300 | 5e-324 | 1e20 | float('inf') | -float('inf') | float('nan')
'' | 'abc' | 'caf\xe9' | '\u20ac' | '\U0001f600' | '\ud800' | 'a\udfffb\U0001f600' | '\ufeffx'
'line\nback\\slash\\u0041\r\0\x1a' | 'x' * 300 | '\xe9' * 200 | 'x' * 33
b'' | b'abc' | bytes(range(256)) | b'x' * 300
bytearray() | bytearray(b'ab\xff') | [b'a', bytearray(b'a')]
[] | [1, 2] | [[], [[]]] | () | (1,) | (1, 'b') | (1, 2, 3) | (1, 2, 3, 4) | ((), [()])
{} | {'a': 1} | {1: 2} | {'a': 1, 2: 3} | {2: 3, 'a': 1} | {'b': 1, '1': 2, '0': 3}
{'__proto__': 1, 'constructor': {'__proto__': []}} | {(1, 2): 3} | {None: {}} | {b'k': 1.0}
{'a': {}, 'b': {1: {}}} | [{}, {}, {1: 1}, {}] | {1: {2: {3: {}}}} | {True: 1, 1.5: 2}
{frozenset({1}): 1, ((1,), 'a'): 2} | {i: i for i in range(1002)}
dict([('k%d' % i, i) for i in range(1002)] + [(7, 7)])
set() | {1} | {'a', 2, (3,)} | frozenset() | frozenset({1}) | {frozenset({frozenset()})}
list(range(1500)) | set(range(1002)) | ['spam', 'spam', {'spam': 'spam'}]
shared() | list_in_itself() | tuple_in_itself() | long_tuple_in_itself()
dict_in_itself() | int_dict_in_itself() | [int_dict_in_itself(), dict_in_itself()]
slice(None) | slice(1, 2) | slice(1, None, -2)
collections.OrderedDict(a=1) | collections.OrderedDict([(2, 1), ('1', 0)])
array.array('i', [1, -2]) | array.array('d', [0.5]) | array.array('b') | array.array('Q', [2**63])
array.array('q', [-5]) | array.array('h', [1]) | array.array('H', [1]) | array.array('I', [7])
array.array('f', [0.25])
ValueError() | ValueError('a') | ValueError(1) | ValueError(1, 'b', (None,)) | ValueError(None)
TypeError('x') | Exception('e') | RuntimeError('r') | RecursionError('d') | IndexError('i')
KeyError('a') | KeyError(1) | KeyError((1, 'b')) | KeyError() | StopIteration() | StopIteration(3)
OSError('x') | OSError(5, 'Input/output error') | FileNotFoundError(2, 'No such file', 'f')
OSError(17, 'File exists', 'a', None, 'b') | ConnectionRefusedError(111, 'Connection refused')
BrokenPipeError(32, 'Broken pipe') | TimeoutError(110, 'late') | EOFError() | BufferError('b')
UnicodeDecodeError('utf-8', b'\xff', 0, 1, 'bad') | SystemExit(2) | KeyboardInterrupt()
ModuleNotFoundError('no') | NotImplementedError() | ZeroDivisionError('z') | MemoryError()
AttributeError('a') | AssertionError('a') | DeprecationWarning('w') | NameError('n')
queue.Empty() | queue.Full() | threading.BrokenBarrierError() | struct.error('s')
pickle.PickleError('p') | pickle.PicklingError('p') | pickle.UnpicklingError('p')
mp.ProcessError('p') | mp.TimeoutError() | mp.BufferTooShort(b'xyz')
mp.AuthenticationError('digest sent was rejected') | managers.RemoteError('text\n')
with_fields() | [ValueError('a')] * 2 | ('#ERROR', KeyError('k')) | ('#RETURN', None)
(None, 'create', ('list', [1, 2]), {}) | ('7f00', 'append', ((1, 2.0),), {'k': {1: b'x'}})
('#RETURN', (('append', 'sort'), token(('127.0.0.1', 5000)))) | namespace()
managers.Value('i', 3) | token('/tmp/s') | token(b'\0name') | token(('127.0.0.1', 5000))
proxy('ListProxy', '/tmp/s') | proxy('AutoProxy', ('::1', 80), exposed=('get', 'put'))
[proxy('DictProxy', '/tmp/s'), 1]
`.trim().split(/\s*[|\n]\s*(?=\S)/);
