/**
 * What a process has made while it was observed, with the places and names; and the handles
 * of what it has made before. Each is told once.
 *
 * @module
 */
import { IdRanges } from "../hub/ids.ts";
import { sources } from "../link/observed.ts";
import { currentPeer } from "../link/peer.ts";
import { fileUrl, runtime } from "../runtime/mod.ts";
import { nameAt } from "./names.ts";
import { placeHere } from "./places.ts";
import { MOST, type ReportedObject, text } from "./report.ts";
import type { Place } from "./snapshot.ts";

/** What was made. */
interface Creation {
  readonly type: string;
  readonly place: Place | null;
  /** How many were made there before. */
  readonly index: number;
}

/** What a process has made. */
export class Made {
  readonly #created = new Map<number, Creation>();
  readonly #told = new Set<number>();
  readonly #pools = new Map<number, Creation>();
  readonly #managed: { server: number; id: number; creation: Creation }[] = [];
  /** How many were made at each place. */
  readonly #counts = new Map<string, number>();
  readonly #sources = new Map<string, string | undefined>();

  add(object: number, type: string, place: Place | null = placeHere()): void {
    this.#created.set(object, this.#create(type, place));
  }

  /** An object of a manager's server. */
  addManaged(server: number, id: number, type: string, place: Place | null): void {
    if (server === 0 || this.#managed.length >= MOST.made) return;
    this.#managed.push({ server, id, creation: this.#create(type, place) });
  }

  addPool(pool: number, place: Place | null = placeHere()): void {
    this.#pools.set(pool, this.#create("Pool", place));
  }

  /** The name and place of a pool. */
  pool(pool: number): { name: string | null; place: Place | null } {
    const { place, index } = this.#pools.get(pool) ?? { place: null, index: 0 };
    return { place, name: this.#name(place, index) };
  }

  #create(type: string, place: Place | null): Creation {
    const key = `${type} ${place?.file}:${place?.line}:${place?.column}`;
    const index = this.#counts.get(key) ?? 0;
    this.#counts.set(key, index + 1);
    return { type, place, index };
  }

  /** What was not told yet. */
  news(): ReportedObject[] {
    const news: ReportedObject[] = [];
    for (const [id, { type, place, index }] of this.#created) {
      if (news.length === MOST.made) return news;
      this.#created.delete(id);
      this.#told.add(id);
      news.push(this.#entry(id, { type, place, index }, null));
    }
    for (const { server, id, creation } of this.#managed.splice(0)) {
      news.push(this.#entry(id, creation, server));
    }
    const live = new Set<number>();
    const { idRange } = currentPeer();
    for (const handle of sources.handles?.() ?? []) {
      const id = handle._number;
      live.add(id);
      if (IdRanges.of(id) !== idRange) continue; // its maker tells
      if (this.#told.has(id) || news.length === MOST.made) continue;
      this.#told.add(id);
      const type = text(handle.constructor.name, 64);
      news.push({ id, type, name: null, place: null, server: null });
    }
    for (const id of this.#told) if (!live.has(id)) this.#told.delete(id);
    return news;
  }

  #entry(
    id: number,
    { type, place, index }: Creation,
    server: number | null,
  ): ReportedObject {
    const name = this.#name(place, index);
    return { id, type: text(type, 64), place, name, server };
  }

  #name(place: Place | null, index: number): string | null {
    if (place === null) return null;
    const source = this.#source(place.file);
    const name = source && nameAt(source, place.line, place.column, index);
    return name ? text(name, 100) : null;
  }

  #source(file: string): string | undefined {
    if (!this.#sources.has(file)) {
      const url = /^[a-z][\w+.-]+:/i.test(file) ? file : fileUrl(file);
      this.#sources.set(file, runtime.moduleSource(url));
    }
    return this.#sources.get(file);
  }
}
