/**
 * Every message of the protocol, as one union of labelled tuples; no code.
 *
 * A message is a CBOR array: its kind, then the fields that its type below names. A
 * call's number is 0 where nobody waits for an answer. Users' values are byte strings in
 * it (`Payload`), which are not opened on the way.
 *
 * Numbers of objects and processes are made where the thing is made, without
 * asking: `creator * 2 ** 32 + counter`, the root being creator 0.
 * To add a message: a number in `Kind`, a type in `ToHub` or `ToPeer`, a row in `SCHEMA`.
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
  // parts of a message that is too long for one write; only frame.ts sees them
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
  // processes again
  Ready: 14,
  Holds: 15,
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
  // pipes; they also use Want, Unwant, Items, Taken, Recall and Return
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
  // queues again
  Ask: 63,
  // what is claimed where both ends of a link look; they never leave them either
  Claims: 64,
  ClaimsOpened: 65,
} as const;

/** One of the numbers in {@linkcode Kind}. */
export type Kind = typeof Kind[keyof typeof Kind];

/** What an answer can carry. */
export type Scalar = number | boolean | null | string | Payload;

// --- from the hub to a process -------------------------------------------------

/**
 * The first message to a new process: who it is, as its parent says in `Launch`. In `folder`
 * the files for long messages will be, if it is not `""`: see link/shared_channel.ts.
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
 * What a process may do at most, an encoded `Grants`. To a new process, before its work:
 * what it was started with, if that is not everything. From a process, about itself: what
 * is left, when it has given something up.
 */
export type Holds = [kind: typeof Kind.Holds, process: number, grants: Payload];

/** The second: what it runs. */
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

/** A call failed: the error class's name and its text. `call` 0: one that nobody waits for. */
export type Failure = [
  kind: typeof Kind.Failure,
  object: number,
  call: number,
  name: string,
  message: string,
];

/** A process has ended; told to its logical parent and to its logical children. */
export type Exited = [kind: typeof Kind.Exited, process: number, exitcode: number];

/** Queue items, in order, that this process may take. */
export type Items = [kind: typeof Kind.Items, queue: number, items: Payload[]];

/** Somebody else waits: give back what nobody here waits for. */
export type Revoke = [kind: typeof Kind.Revoke, queue: number];

/** Somebody else has released what this process holds, as anybody may. */
export type Disowned = [kind: typeof Kind.Disowned, semaphore: number];

/** The answer to `Claim`; false if the token is void. Earlier messages of the object do not count. */
export type Claimed = [
  kind: typeof Kind.Claimed,
  object: number,
  token: number,
  isValid: boolean,
];

/**
 * From now on all messages of a pipe are sent here unasked. Void: every `Want` and `Watch`
 * so far. `isAlone`: nobody else holds the end, so it need not be said of each that it
 * has been taken, before the end is shared.
 */
export type Feed = [kind: typeof Kind.Feed, end: number, isAlone: boolean];

/** No more messages will come, but for those that somebody gives back. */
export type End = [kind: typeof Kind.End, end: number];

/** The answer to `Watch`: there is a message, or nobody is left who could send one. */
export type Readable = [kind: typeof Kind.Readable, end: number];

/** So many bytes that this process has sent were taken, or are as good as that. */
export type Credit = [kind: typeof Kind.Credit, end: number, bytes: number];

/** Nobody is left who could take a message. */
export type Broken = [kind: typeof Kind.Broken, end: number];

/**
 * The last lines that a process wrote to stderr, told to its logical parent before
 * `Exited`, if it was started with a stderr of its own.
 */
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
  | Disowned
  | Claimed
  | Feed
  | End
  | Readable
  | Credit
  | Broken
  | Tell
  | Report
  | StderrTail;

// --- from a process to the hub -------------------------------------------------

/**
 * Asks the root for a new process by an encoded `LaunchConfig`; the encoded `InitConfig`
 * is handed on to that process unopened. Answered with the pid.
 */
export type Launch = [
  kind: typeof Kind.Launch,
  process: number,
  call: number,
  launch: Payload,
  init: Payload,
];

/** Sends a signal to a process of one's own. */
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

/** Gives up waiting for a call. The hub answers it all the same: with what it became. */
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

/** Adds an item. `call` 0: unbounded, no answer. Answered true (in), or false (full, or cancelled). */
export type Put = [
  kind: typeof Kind.Put,
  queue: number,
  call: number,
  block: boolean,
  item: Payload,
];

/**
 * Of a process that has been sent `received` items of a queue, those included that were taken
 * back: `waiting` getters wait there. Void: what it has said of that before.
 */
export type Ask = [
  kind: typeof Kind.Ask,
  queue: number,
  received: number,
  waiting: number,
];

/** `count` more readers wait here. */
export type Want = [kind: typeof Kind.Want, queue: number, count: number];

/** One reader has stopped waiting. */
export type Unwant = [kind: typeof Kind.Unwant, queue: number];

/**
 * An item now or never; besides, the same as `Ask`. Answered true (one has been sent here) or
 * false (there is none).
 */
export type Grab = [
  kind: typeof Kind.Grab,
  queue: number,
  call: number,
  received: number,
  waiting: number,
];

/**
 * The oldest item that was sent here has been taken. From a process that claims what it
 * takes: some have been.
 */
export type Ack = [kind: typeof Kind.Ack, queue: number];

/** Every item before number `index`, counted from 0 as they were sent here, has been taken. */
export type AckUpTo = [kind: typeof Kind.AckUpTo, object: number, index: number];

/**
 * All items that are not taken go back: number `from` to `to` (exclusive), counted from 0 as
 * they were sent here, and those that are on their way still.
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

/** Keeps the object alive under a random number, so that another process may get hold of it. */
export type Share = [kind: typeof Kind.Share, object: number, token: number];

/** Gets hold of a shared object; a token is good for once. Answered by `Claimed`. */
export type Claim = [kind: typeof Kind.Claim, object: number, token: number];

/** A process that one has launched holds these objects too, from now on. */
export type Give = [kind: typeof Kind.Give, process: number, objects: number[]];

/**
 * Sends a message through a pipe. Answered, unless `call` is 0: true, or false if nobody
 * is left who could take it.
 */
export type Send = [kind: typeof Kind.Send, end: number, call: number, body: Payload];

/**
 * The same, where the message speaks of shared objects of this process: whoever takes it
 * claims them, by a token each.
 */
export type SendShared = [
  kind: typeof Kind.SendShared,
  end: number,
  call: number,
  body: Payload,
  objects: number[],
  tokens: number[],
];

/** Tell once, by `Readable`, when there is a message or will be none. */
export type Watch = [kind: typeof Kind.Watch, end: number];

/**
 * From a logical parent to its child; what the numbers and the items mean is theirs. The
 * hub hands it on unopened.
 */
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

/** Some bytes of an encoded message; `LastPiece` ends it. They never leave src/wire. */
export type Piece = [kind: typeof Kind.Piece | typeof Kind.LastPiece, bytes: Payload];

// --- between the two ends of a link; nobody else sees them

/** From now on long messages may go by these two files, towards the child and from it. */
export type ChannelOffer = [kind: typeof Kind.ChannelOffer, down: string, up: string];

/** The answer: whether the child has both open. */
export type ChannelOpened = [kind: typeof Kind.ChannelOpened, isOpen: boolean];

/**
 * A message is in the file of its direction, from `start` on. `parts` are the places of
 * its long byte strings in it: where one begins and how long it is, alternately.
 */
export type ByChannel = [
  kind: typeof Kind.ByChannel,
  start: number,
  length: number,
  parts: number[],
];

/**
 * From now on what the child takes may be claimed in these two files, see hub/claims.ts. Empty
 * names are the answer to a `ClaimsOpened` that is false: what was sent before is void.
 */
export type ClaimsOffered = [kind: typeof Kind.Claims, first: string, second: string];

/** Whether the child claims there from now on. After false it takes nothing it was sent before. */
export type ClaimsOpened = [kind: typeof Kind.ClaimsOpened, isOpen: boolean];

/** Every message. */
export type Message =
  | ToHub
  | ToPeer
  | ChannelOffer
  | ChannelOpened
  | ByChannel
  | ClaimsOffered
  | ClaimsOpened;

/**
 * The fields after the kind, a letter each; a value outside its range is no message.
 *
 * - `u` unsigned integer below 2 ** 53: numbers of objects, processes, calls, items
 * - `w` unsigned integer below 2 ** 32: marks, spaces, counts, lengths
 * - `t` unsigned integer below 256: types and methods; `g` a signal, from 1 to 64
 * - `e` exit code, or minus a signal: from -64 to 2 ** 32 - 1
 * - `s` text, `b` bytes, `?` boolean
 * - `v` a {@linkcode Scalar}, whose numbers are integers within 2 ** 53
 * - `U` array of `u`; `N` array of any numbers: users' own values are among them
 * - `B` array of byte strings
 *
 * No handler runs for longer than the length of a message justifies: a count or an index
 * says how many, and is never counted up to one by one.
 */
export const SCHEMA: Readonly<Record<Kind, string>> = {
  [Kind.Init]: "uwwbs",
  [Kind.Boot]: "uubU",
  [Kind.Launch]: "uubb",
  [Kind.Signal]: "ug",
  [Kind.Exited]: "ue",
  [Kind.Piece]: "b",
  [Kind.LastPiece]: "b",
  [Kind.Answer]: "uuv",
  [Kind.Failure]: "uuss",
  [Kind.Call]: "uutU",
  [Kind.Cancel]: "uu",
  [Kind.Create]: "utU",
  [Kind.Drop]: "u",
  [Kind.Ready]: "u",
  [Kind.Holds]: "ub",
  [Kind.Put]: "uu?b",
  [Kind.Ask]: "uuw",
  [Kind.Want]: "uw",
  [Kind.Unwant]: "u",
  [Kind.Grab]: "uuuu",
  [Kind.Items]: "uB",
  [Kind.Ack]: "u",
  [Kind.Revoke]: "u",
  [Kind.Return]: "uuu",
  [Kind.Acquire]: "uu?",
  [Kind.Release]: "uu",
  [Kind.Disowned]: "u",
  [Kind.Share]: "uu",
  [Kind.Claim]: "uu",
  [Kind.Claimed]: "uu?",
  [Kind.Give]: "uU",
  [Kind.Send]: "uub",
  [Kind.SendShared]: "uubUU",
  [Kind.Watch]: "u",
  [Kind.Feed]: "u?",
  [Kind.End]: "u",
  [Kind.Readable]: "u",
  [Kind.Credit]: "uw",
  [Kind.Broken]: "u",
  [Kind.AckUpTo]: "uu",
  [Kind.Tell]: "uNB",
  [Kind.Report]: "uNB",
  [Kind.StderrTail]: "us",
  [Kind.ChannelOffer]: "ss",
  [Kind.ChannelOpened]: "?",
  [Kind.ByChannel]: "wwU",
  [Kind.Claims]: "ss",
  [Kind.ClaimsOpened]: "?",
};
