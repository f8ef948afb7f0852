import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { publish } from "../../src/build/cache/cache.js";
import type { Trust } from "../../src/build/request.js";
import type { Whole } from "../../src/build/cache/verify.js";
import { digestOf } from "../../src/files/digest.js";
import { fakeManifest } from "../runtime/support/fake.js";

/** Names of builds, as keys are. */
export const key = "0123456789abcdef0123456789abcdef";
export const otherKey = "f".repeat(32);

/** A folder such as a build leaves before it is finished, whose binary is this text. */
export function fresh(root: string, name: string, code = name): string {
  const folder = join(root, name);
  mkdirSync(folder, { recursive: true });
  const manifest = { ...fakeManifest, binaryDigest: digestOf(code) };
  writeFileSync(join(folder, "manifest.json"), JSON.stringify(manifest));
  writeFileSync(join(folder, "fake.node"), code);
  return folder;
}

let count = 0;

/** A finished build. */
export const finished = (
  root: string,
  name = key,
  {
    variant = "variant",
    code = "code",
    trust = "own",
  }: Partial<{
    variant: string;
    code: string;
    trust: Trust;
  }> = {},
): Whole =>
  publish(
    fresh(root, `${name}.${(count++).toString(16).padStart(8, "0")}.new`, code),
    root,
    name,
    variant,
    trust,
  );

export const codeOf = (build: { readonly directory: string } | undefined): string | undefined =>
  build === undefined ? undefined : readFileSync(join(build.directory, "fake.node"), "utf8");
