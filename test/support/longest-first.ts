import { relative } from "node:path";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files that keep a compiler busy for a minute and more, longest first. */
const long = [
  "test/cuda/kernels.test.ts",
  "test/native/kernels.test.ts",
  "test/cuda/device/machine.test.ts",
  "test/cuda/device/libraries.test.ts",
  "test/cuda/examples.test.ts",
  "test/judges/",
  "test/sim/",
  "test/golden/",
];

/** What takes long begins early, so that no worker is left alone with it at the end. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => rank(a) - rank(b));
  }
}

function rank({ moduleId }: TestSpecification): number {
  const at = long.findIndex((start) => relative(process.cwd(), moduleId).startsWith(start));
  return at < 0 ? long.length : at;
}
