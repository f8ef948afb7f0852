import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { packageFile, version } from "../../emit/package.js";
import type { Circumstances } from "./records-file.js";

/** This processor's name, as its maker and the system have it. */
export const processor = (): string => cpus()[0]?.model.trim() ?? process.arch;

let known: string | undefined;

/** Which kernels there are: `0.1.0 1f3c5a7798b2`. Times of others say nothing of them. */
export function kernelsHere(): string {
  if (known !== undefined) return known;
  const folder = packageFile("native", "cpu");
  const hash = createHash("sha256");
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" }).sort()) {
    if (/\.hpp$/.test(name)) hash.update(name).update(readFileSync(join(folder, name)));
  }
  return (known = `${version} ${hash.digest("hex").slice(0, 12)}`);
}

/** Why what was measured there says nothing of a build here, as the end of a sentence. */
export function foreign(
  there: Circumstances,
  here: Pick<Circumstances, "processor" | "level" | "precision" | "kernels">,
): string | undefined {
  if (there.processor !== here.processor) {
    return `it was measured on ${there.processor}, and this is ${here.processor}`;
  }
  if (there.precision !== here.precision) {
    return `it was measured in ${there.precision}, and this build is in ${here.precision}`;
  }
  if (there.level !== here.level) {
    return `it was measured of ${there.level}, and this build is for ${here.level}`;
  }
  if (there.kernels === here.kernels) return undefined;
  return `it was measured with the kernels of ${there.kernels}, and these are of ${here.kernels}`;
}
