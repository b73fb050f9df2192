/** Managed objects that print, and what their callers print when the call is over. */
import process from "node:process";
import { Buffer } from "node:buffer";
import { is_main, Process } from "../../mod.ts";
import { BaseManager, type BaseProxy } from "../../src/managers.ts";
import { ClassicChannel } from "../../src/managers/protocol/classic_channel.ts";

export class Printer {
  log(text: string): string {
    console.log(text);
    return text;
  }
  async later(text: string): Promise<void> {
    await Promise.resolve();
    console.info(text);
  }
  write(text: string): void {
    process.stdout.write(`${text}\n`);
  }
  much(text: string): void {
    for (let n = 0; n < 200; n++) console.log("-".repeat(100));
    console.log(text);
  }
  fail(text: string): never {
    console.debug(text);
    throw new RangeError(text);
  }
  silent(): Buffer {
    return Buffer.alloc(1);
  }
}

export class PrinterManager extends BaseManager {}
PrinterManager.register("Printer", Printer);

const METHODS = ["log", "later", "write", "much", "fail"];
const ROUNDS = 10;

/** Calls from another process than the root. */
export async function call(printer: BaseProxy): Promise<void> {
  for (let n = 0; n < ROUNDS; n++) {
    for (const method of METHODS) {
      await printer._callmethod(method, [`child ${method} ${n}`]).catch(() => {});
      console.log(`child ${method} ${n} is over`);
    }
  }
}

async function main(): Promise<void> {
  const manager = new PrinterManager();
  await manager.start();
  const printer = await manager.Printer() as BaseProxy;
  const classic = new ClassicChannel(printer._token.address, manager._authkey);
  const ways: Record<string, (method: string, text: string) => Promise<unknown>> = {
    native: (method, text) => printer._callmethod(method, [text]),
    classic: (method, text) => classic.call(printer._token, method, [text], null),
  };
  for (const [name, way] of Object.entries(ways)) {
    for (let n = 0; n < ROUNDS; n++) {
      for (const method of METHODS) {
        await way(method, `${name} ${method} ${n}`).catch(() => {});
        console.log(`${name} ${method} ${n} is over`);
        await printer._callmethod("silent");
      }
    }
  }
  classic.bye();
  const p = new Process({ target: call, args: [printer] });
  p.start();
  await p.join();
  await manager.shutdown();
}

if (is_main(import.meta)) void main();
