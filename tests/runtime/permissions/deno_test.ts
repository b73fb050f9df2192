/** Tests of src/runtime/permissions/deno.ts; see security/permissions_test.ts, too. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import {
  denoPermissions,
  isAllowedAll,
} from "../../../src/runtime/permissions/deno.ts";
import {
  allGrants,
  KINDS,
  type Wanted,
} from "../../../src/runtime/permissions/grants.ts";
import { DENO } from "../../helpers/groups.ts";

function wanted(some: Partial<Wanted>): Wanted {
  const none = Object.fromEntries(KINDS.map((kind) => [kind, []]));
  return { ...none, ...some } as unknown as Wanted;
}

DENO.test("held() is undefined where everything is allowed", () => {
  ok(isAllowedAll());
  strictEqual(denoPermissions.held(), undefined);
});

DENO.test("limit(): nothing but what is wanted, with paths that are absolute", () => {
  const { limit } = denoPermissions;
  const none = limit(wanted({}));
  // Modules that are there already may be imported, and none is fetched.
  const { import: imports, ...rest } = allGrants(false);
  deepStrictEqual(none.grants, {
    ...rest,
    import: { ...imports, allow: true },
    isOffline: true,
  });
  const some = limit(
    wanted({ read: ["a/../b", "/c/"], net: true, env: "inherit", import: ["a.b"] }),
  );
  deepStrictEqual(some.grants.read.allow, [`${Deno.cwd()}/b`, "/c"]);
  strictEqual(some.grants.net.allow, true);
  strictEqual(some.grants.env.allow, true);
  deepStrictEqual(some.grants.import.allow, ["a.b"]);
  strictEqual(some.grants.isOffline, undefined);
  deepStrictEqual([some.missing, some.unable], [[], []]);
});

DENO.test("limit(): a program's name is the first of that name on the PATH", () => {
  const { grants } = denoPermissions.limit(wanted({ run: ["sh", "./sh", "/a/b"] }));
  const [sh, here, other] = grants.run.allow as string[];
  ok(/^\/.*\/sh$/.test(sh!) && Deno.statSync(sh!).isFile);
  deepStrictEqual([here, other], [`${Deno.cwd()}/sh`, "/a/b"]);
});
