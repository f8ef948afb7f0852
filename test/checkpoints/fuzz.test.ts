import { expect, it } from "vitest";
import { formats, fuzz } from "./fuzz.js";

/** `npm run fuzz:checkpoints -- 100000` does more of it. */
it.each(formats.map((format) => [format.name, format] as const))(
  "reads or refuses 2,000 mutated files of %s",
  async (_, format) => {
    const { counts, failures } = await fuzz(format, 2000, 1);
    expect(failures).toEqual([]);
    // Neither all of them nor none come to where values are read.
    expect(counts.get("read")).toBeGreaterThan(50);
    expect(counts.size).toBeGreaterThan(2);
  },
  120_000,
);
