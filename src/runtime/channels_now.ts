/**
 * Has the channels there at once: for what must know when it is called whether somebody
 * listens. With what a program that makes pools loads anyway, it takes 0.4 ms.
 *
 * @module
 */
import diagnostics from "node:diagnostics_channel";
import { type Channels, useChannels } from "./channels.ts";

/** The channels. */
export const channels: Channels = useChannels(diagnostics);
