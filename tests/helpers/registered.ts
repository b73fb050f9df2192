/** A class with something to hide, made over there by a function that is registered. */
import { register } from "../../src/reduction.ts";
import type { Queue } from "../../src/queues.ts";

export class Account {
  #balance: number;
  constructor(balance: number) {
    this.#balance = balance;
  }
  get balance(): number {
    return this.#balance;
  }
}

export function openAccount(balance: number, bonus: number): Account {
  return new Account(balance + bonus);
}

register(Account, (account) => [openAccount, [account.balance, 1]], openAccount);

export async function deposit(
  from: Queue<Account>,
  to: Queue<Account>,
): Promise<void> {
  await to.put(new Account((await from.get()).balance * 2));
}
