import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe } from "vitest";

const repository = join(dirname(fileURLToPath(import.meta.url)), "../..");

/** Real weights and images, which are too large for the repository; `undefined` where absent. */
export function dataDir(): string | undefined {
  const folder = process.env.INCEPT_DATA ?? join(repository, "../shared/data");
  return existsSync(folder) ? folder : undefined;
}

/** A path below the data folder, for tests inside `withData`. */
export const dataFile = (...parts: readonly string[]): string => join(dataDir() ?? "", ...parts);

/** `describe`, skipped where the data is absent. */
export const withData = describe.skipIf(dataDir() === undefined);
