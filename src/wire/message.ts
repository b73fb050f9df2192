/**
 * Every message of the protocol, as one union of labelled tuples; no code. A message is a
 * CBOR array: its kind, then the fields that its type below names. A call's number is 0 where
 * no answer is wanted. Users' values are byte strings (`Payload`), not opened on the way.
 *
 * Objects and processes get their numbers in the process that makes them, without
 * asking: `creator * 2 ** 32 + counter`, the root being creator 0.
 *
 * To add a message: a number in `Kind`, a type in `ToHub` or `ToPeer`, a row in schema.ts.
 *
 * @module
 */

/** Bytes of one encoded user value. */
export type Payload = Uint8Array;

/** The first field of every message. Values are the wire's; never renumber them. */
export const Kind = {
  // processes
  Init: 1,
  Boot: 2,
  Launch: 3,
  Signal: 4,
  Exited: 5,
  // a message that is too long for one write, in pieces; only src/wire sees them
  Piece: 6,
  LastPiece: 7,
  // calls
  Answer: 8,
  Failure: 9,
  Call: 10,
  Cancel: 11,
  // objects
  Create: 12,
  Drop: 13,
  Ready: 14, // of a process
  Holds: 15, // of a process
  // queues
  Put: 16,
  Want: 17,
  Unwant: 18,
  Grab: 19,
  Items: 20,
  Ack: 21,
  Revoke: 22,
  Return: 23,
  // semaphores and locks
  Acquire: 24,
  Release: 25,
  Disowned: 26,
  // objects that travel
  Share: 40,
  Claim: 42,
  Claimed: 43,
  Give: 44,
  // pipes; they also use Want, Unwant, Items, Ack, Revoke and Return
  Send: 45,
  SendShared: 46,
  Watch: 47,
  Feed: 48,
  End: 49,
  Readable: 50,
  Credit: 51,
  Broken: 52,
  AckUpTo: 53,
  // between a process and its logical parent
  Tell: 56,
  Report: 57,
  StderrTail: 58,
  // long messages that go by a file in memory; they never leave the two ends of a link
  ChannelOffer: 60,
  ChannelOpened: 61,
  ByChannel: 62,
  Ask: 63, // of a queue
  // claims in files that both ends of a link read; they never leave the link either
  Claims: 64,
  ClaimsOpened: 65,
  Freed: 66, // a block of memory
  Word: 67, // a lock, semaphore or event in memory
  Preload: 68, // before Init, where a process is started before its work is known
  ShutDown: 69, // a queue
  Hosted: 70, // on another host, from what starts and ends the process there
  // observation; they never leave the link
  Observe: 71,
  Seen: 72,
} as const;

/** One of the numbers in {@linkcode Kind}. */
export type Kind = typeof Kind[keyof typeof Kind];

/** A value that an answer can carry. */
export type Scalar = number | boolean | null | string | Payload;

// --- from the hub to a process -------------------------------------------------

/**
 * The first message to a new process: its identity, as its parent says in `Launch`. The
 * files for long messages are made in `folder`, unless it is `""`: see link/shared_channel.ts.
 */
export type Init = [
  kind: typeof Kind.Init,
  process: number,
  idRange: number,
  mark: number,
  config: Payload,
  folder: string,
];

/**
 * The permissions of a process, an encoded `Grants`. To a new process, before `Boot`: those
 * it was started with, unless it has all. From a process: those left after it dropped some.
 */
export type Holds = [kind: typeof Kind.Holds, process: number, grants: Payload];

/** The second message to a new process: the work that it runs. */
export type Boot = [
  kind: typeof Kind.Boot,
  process: number,
  call: number,
  work: Payload,
  handles: number[],
];

/** The result of a call. */
export type Answer = [
  kind: typeof Kind.Answer,
  object: number,
  call: number,
  value: Scalar,
];

/** A call failed: the error class's name and its text. `call` 0: no answer was wanted. */
export type Failure = [
  kind: typeof Kind.Failure,
  object: number,
  call: number,
  name: string,
  message: string,
];

/** A process has ended; told to its logical parent and to its logical children. */
export type Exited = [kind: typeof Kind.Exited, process: number, exitcode: number];

/** Queue items, in order, that the receiver may take. */
export type Items = [kind: typeof Kind.Items, queue: number, items: Payload[]];

/** Another process waits: give back the items that no getter here waits for. */
export type Revoke = [kind: typeof Kind.Revoke, queue: number];

/**
 * A queue was shut down. To a process that puts: it says `QueueMethod.Knows` and puts no
 * more. `isEmpty`, to one whose getters wait: none of them gets an item.
 */
export type QueueShutDown = [
  kind: typeof Kind.ShutDown,
  queue: number,
  isEmpty: boolean,
];

/** Another process has released what the receiver holds, as any process may. */
export type Disowned = [kind: typeof Kind.Disowned, semaphore: number];

/** The answer to `Claim`; false: the token is void. Earlier messages of the object are void. */
export type Claimed = [
  kind: typeof Kind.Claimed,
  object: number,
  token: number,
  isValid: boolean,
];

/**
 * From now on all messages of a pipe are sent to the receiver unasked; every earlier `Want`
 * and `Watch` is void. `isAlone`: no other process holds the end, so until it is shared no
 * message need be acknowledged.
 */
export type Feed = [kind: typeof Kind.Feed, end: number, isAlone: boolean];

/** No more messages will come, except for those that another process gives back. */
export type End = [kind: typeof Kind.End, end: number, isReset: boolean];

/** The answer to `Watch`: there is a message, or no sender is left. */
export type Readable = [kind: typeof Kind.Readable, end: number];

/** `bytes` bytes that the receiver has sent were taken, or count as taken. */
export type Credit = [kind: typeof Kind.Credit, end: number, bytes: number];

/** No process is left that could take a message. */
export type Broken = [kind: typeof Kind.Broken, end: number];

/** To the owner of an arena: no process holds a block of it any more. */
export type Freed = [kind: typeof Kind.Freed, arena: number, block: number];

/**
 * A lock, semaphore or event lies in word `index` of a file, where `owner` stands for the
 * receiver: see hub/word.ts. The path `""`: the receiver is not told where, but others are.
 */
export type WordOffered = [
  kind: typeof Kind.Word,
  object: number,
  path: string,
  index: number,
  owner: number,
];

/** The last lines of a process's own stderr, told to its logical parent before `Exited`. */
export type StderrTail = [kind: typeof Kind.StderrTail, process: number, text: string];

/** Everything a process may receive. */
export type ToPeer =
  | Init
  | Holds
  | Boot
  | Answer
  | Failure
  | Exited
  | Items
  | Revoke
  | QueueShutDown
  | Disowned
  | Claimed
  | Feed
  | End
  | Readable
  | Credit
  | Broken
  | Tell
  | Report
  | Freed
  | WordOffered
  | StderrTail;

// --- from a process to the hub -------------------------------------------------

/** Asks for a process by an encoded `LaunchConfig` and `InitConfig`. Answered with the pid. */
export type Launch = [
  kind: typeof Kind.Launch,
  process: number,
  call: number,
  launch: Payload,
  init: Payload,
];

/** Sends a signal to a process that the sender launched. */
export type Signal = [kind: typeof Kind.Signal, process: number, signal: number];

/** The first message of a new process: it runs this package and has understood `Init`. */
export type Ready = [kind: typeof Kind.Ready, process: number];

/** A method of a shared object with numbers as arguments. `call` 0: no answer. */
export type Call = [
  kind: typeof Kind.Call,
  object: number,
  call: number,
  method: number,
  args: number[],
];

/** Gives up waiting for a call. The hub answers it all the same: with its outcome. */
export type Cancel = [kind: typeof Kind.Cancel, object: number, call: number];

/** A new shared object of type `type`, with its constructor's numbers. */
export type Create = [
  kind: typeof Kind.Create,
  object: number,
  type: number,
  args: number[],
];

/** This process has no handle of the object any more. */
export type Drop = [kind: typeof Kind.Drop, object: number];

/** Adds an item. `call` 0: unbounded, no answer. Answered true, or false (full, cancelled). */
export type Put = [
  kind: typeof Kind.Put,
  queue: number,
  call: number,
  block: boolean,
  item: Payload,
];

/**
 * `waiting` getters wait in the sender, which has been sent `received` items of the queue,
 * revoked ones included. Replaces what it said before.
 */
export type Ask = [
  kind: typeof Kind.Ask,
  queue: number,
  received: number,
  waiting: number,
];

/** `count` more readers wait in the sender. */
export type Want = [kind: typeof Kind.Want, queue: number, count: number];

/** One reader has stopped waiting. */
export type Unwant = [kind: typeof Kind.Unwant, queue: number];

/** `Ask` for an item now or never. Answered true (it has been sent) or false (there is none). */
export type Grab = [
  kind: typeof Kind.Grab,
  queue: number,
  call: number,
  received: number,
  waiting: number,
];

/** The oldest item sent here has been taken; from one that claims in a file: some have. */
export type Ack = [kind: typeof Kind.Ack, queue: number];

/** Every item before number `index`, counted from 0 in the order sent, has been taken. */
export type AckUpTo = [kind: typeof Kind.AckUpTo, object: number, index: number];

/**
 * All items that are not taken go back: number `from` to `to` (exclusive), counted from 0 in
 * the order sent, and those that are still on their way.
 */
export type Return = [
  kind: typeof Kind.Return,
  queue: number,
  from: number,
  to: number,
];

/** Takes a permit. Answered true, or false (none was free, or cancelled). */
export type Acquire = [
  kind: typeof Kind.Acquire,
  semaphore: number,
  call: number,
  block: boolean,
];

/** Gives a permit back. `call` 0: no answer, but a failure if it was one too many. */
export type Release = [kind: typeof Kind.Release, semaphore: number, call: number];

/** Keeps the object alive under a random token, by which another process may claim it. */
export type Share = [kind: typeof Kind.Share, object: number, token: number];

/** Gets a handle of a shared object by a token, which is good for once. Answered by `Claimed`. */
export type Claim = [kind: typeof Kind.Claim, object: number, token: number];

/** A process that the sender launched holds these objects too, from now on. */
export type Give = [kind: typeof Kind.Give, process: number, objects: number[]];

/** Sends a message through a pipe. Answered, unless `call` is 0: true, or false (`Broken`). */
export type Send = [kind: typeof Kind.Send, end: number, call: number, body: Payload];

/** The same for a message that refers to shared objects: its taker claims each by its token. */
export type SendShared = [
  kind: typeof Kind.SendShared,
  end: number,
  call: number,
  body: Payload,
  objects: number[],
  tokens: number[],
];

/** Asks for one `Readable`, when there is a message or no sender is left. */
export type Watch = [kind: typeof Kind.Watch, end: number];

/** From a logical parent to its child: what it means is theirs. The hub does not open it. */
export type Tell = [
  kind: typeof Kind.Tell,
  process: number,
  operands: number[],
  items: Payload[],
];

/** The same from a child, whose own number is `process`, to its logical parent. */
export type Report = [
  kind: typeof Kind.Report,
  process: number,
  operands: number[],
  items: Payload[],
];

/** Everything the hub may receive. */
export type ToHub =
  | Ready
  | Holds
  | Boot
  | Launch
  | Signal
  | Call
  | Cancel
  | Create
  | Drop
  | Put
  | Ask
  | Want
  | Unwant
  | Grab
  | Ack
  | Return
  | Acquire
  | Release
  | Share
  | Claim
  | Give
  | Send
  | SendShared
  | AckUpTo
  | Watch
  | Tell
  | Report;

/** Some bytes of an encoded message; `LastPiece` ends it. */
export type Piece = [kind: typeof Kind.Piece | typeof Kind.LastPiece, bytes: Payload];

// --- between the two ends of a link only

/** From now on long messages may go by these two files: towards the child, and from it. */
export type ChannelOffer = [kind: typeof Kind.ChannelOffer, down: string, up: string];
/** The answer: whether the child has both open. */
export type ChannelOpened = [kind: typeof Kind.ChannelOpened, isOpen: boolean];

/**
 * A message is in the file of its direction, from `start` on. `places` are its long byte
 * strings: the start and the length of each, alternately.
 */
export type ByChannel = [
  kind: typeof Kind.ByChannel,
  start: number,
  length: number,
  places: number[],
];

/**
 * From now on the child may claim what it takes in these two files, see hub/claims.ts. Without
 * the first, the second is memory that it may use in their place. Two empty names answer a
 * `ClaimsOpened` that is false: what was sent before is void.
 */
export type ClaimsOffered = [kind: typeof Kind.Claims, first: string, second: string];
/** Whether the child claims in them from now on. After false it takes nothing sent before. */
export type ClaimsOpened = [kind: typeof Kind.ClaimsOpened, isOpen: boolean];

/** Before `Init`, to a process that is started ahead: an encoded `PreloadConfig`. */
export type Preload = [kind: typeof Kind.Preload, config: Payload];

/** A process runs with that pid; or, with 0, has ended, or for a reason was not started. */
export type Hosted = [kind: typeof Kind.Hosted, pid: number, code: number, why: string];

/**
 * From now on the process is to say every `interval` milliseconds what it does, or no more if
 * that is 0. `flags`: 1 if arguments of tasks may be told.
 */
export type Observe = [kind: typeof Kind.Observe, interval: number, flags: number];

/** What a process does, as a text of JSON: see inspect/report.ts. */
export type Seen = [kind: typeof Kind.Seen, report: Payload];

/** Every message. */
export type Message =
  | ToHub
  | ToPeer
  | ChannelOffer
  | ChannelOpened
  | ByChannel
  | ClaimsOffered
  | ClaimsOpened
  | Preload
  | Hosted
  | Observe
  | Seen;
