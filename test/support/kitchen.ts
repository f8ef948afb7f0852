/** What the networks of one recipe share, compiled once a run. */
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { packageFile } from "../../src/emit/package.js";
import { kept, nativeVersion, ofThisRun } from "./kept.js";
import type { Recipe } from "./quick-recipe.js";

export const compiler = process.env.CXX ?? "c++";
const run = promisify(execFile);

/** At most this many compilers at once, over all builds of this process. */
const atOnce = 2;
let running = 0;
const waiting: (() => void)[] = [];

export async function compile(args: readonly string[]): Promise<void> {
  if (running >= atOnce) await new Promise<void>((go) => waiting.push(go));
  else running++;
  try {
    await run(compiler, [...args]);
  } finally {
    const next = waiting.shift();
    if (next === undefined) running--;
    else next();
  }
}

/** What all networks of one recipe share. */
export interface Kitchen {
  /** With g++'s precompiled form of it beside it. */
  readonly header: string;
  readonly objects: readonly string[];
}

/** Made once a run for the same sources: a dozen test files begin with one of a few. */
export async function kitchenOf(recipe: Recipe): Promise<Kitchen> {
  const [header, objects] = await Promise.all([headerOf(recipe), objectsOf(recipe)]);
  return { header, objects };
}

async function headerOf({ flags, headers }: Recipe): Promise<string> {
  const text = headers.map((file) => `#include "${file}"\n`).join("");
  const key = [compiler, ...flags, text, nativeVersion()];
  const folder = await kept(ofThisRun(), "header", key, async (place) => {
    const header = join(place, "kernels.hpp");
    writeFileSync(header, text);
    await compile([...flags, "-pthread", "-x", "c++-header", header, "-o", `${header}.gch`]);
  });
  return join(folder, "kernels.hpp");
}

/** Recipes that differ in the kernels' flags alone have these in common. */
async function objectsOf({ sharedFlags, shared }: Recipe): Promise<readonly string[]> {
  const sources = ["abi/abi.cpp", "addon/addon.cpp", "picture/picture.cpp", ...shared];
  const objectOf = (file: string): string => `${file.replace(/\W/g, "_")}.o`;
  const key = [compiler, ...sharedFlags, ...sources, nativeVersion()];
  const folder = await kept(ofThisRun(), "objects", key, async (place) => {
    const all = sources.map((file) => {
      const own = [...sharedFlags, "-DNAPI_VERSION=9", "-x", "c++"];
      return compile([
        ...own,
        "-c",
        packageFile("native", file),
        "-o",
        join(place, objectOf(file)),
      ]);
    });
    await Promise.all(all);
  });
  return sources.map((file) => join(folder, objectOf(file)));
}
