/** Families of addresses. */

import { deepStrictEqual, match, strictEqual, throws } from "node:assert/strict";
import { dirname } from "node:path";
import {
  address_type,
  arbitrary_address,
  default_family,
  families,
  familiesOf,
  validateFamily,
} from "../../src/connection/address.ts";
import { get_temp_dir } from "../../src/python/util.ts";
import { test } from "../suite.ts";

test("the family of an address, or Python's word that it is none", () => {
  strictEqual(address_type(["localhost", 0]), "AF_INET");
  strictEqual(address_type("/tmp/s"), "AF_UNIX");
  strictEqual(address_type("\0abstract"), "AF_UNIX");
  strictEqual(address_type("\\\\.\\pipe\\x"), "AF_PIPE");
  throws(() => address_type(null), {
    name: "ValueError",
    message: "address type of None unrecognized",
  });
  throws(() => address_type(5), {
    name: "TypeError",
    message: "address type of 5 unrecognized",
  });
});

test("an arbitrary address is another each time, in a directory of ours", () => {
  deepStrictEqual(arbitrary_address("AF_INET"), ["localhost", 0]);
  const [one, other] = [arbitrary_address("AF_UNIX"), arbitrary_address("AF_UNIX")];
  strictEqual(dirname(one as string), get_temp_dir());
  match(one as string, /\/listener-[0-9a-f]{12}$/);
  strictEqual(one === other, false);
  throws(() => arbitrary_address("AF_PIPE"), {
    name: "ValueError",
    message: "unrecognized family",
  });
});

test("families that are not served are refused", () => {
  for (const family of families) validateFamily(family);
  strictEqual(families.includes(default_family), true);
  for (const family of ["AF_PIPE", "AF_INET6", ""]) {
    throws(() => validateFamily(family), {
      name: "ValueError",
      message: `Family ${family} is not recognized.`,
    });
  }
});

test("Windows has no AF_UNIX, and takes AF_INET", () => {
  deepStrictEqual(familiesOf(true), ["AF_INET"]);
  deepStrictEqual(familiesOf(false), families);
});
