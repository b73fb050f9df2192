/**
 * The schema of every message: what the encoder writes and the decoder accepts.
 *
 * @module
 */
import { Kind } from "./message.ts";

/**
 * The fields after the kind, a letter each. `MEANING` in encoder.ts tells each letter's
 * values; all others are no message. Numbers of objects, processes, calls and items are
 * `u`; marks, id ranges, counts and lengths `w`; types and methods `t`; arrays that hold
 * users' own numbers `N`. `v` is a {@linkcode Scalar}, whose numbers are integers.
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
  [Kind.End]: "u?",
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
  [Kind.Freed]: "uu",
  [Kind.Word]: "usww",
  [Kind.Preload]: "b",
  [Kind.Hosted]: "ues",
  [Kind.ShutDown]: "u?",
  [Kind.Observe]: "ww",
  [Kind.Seen]: "b",
};
