import { expect, test, vi } from "vitest";
import { Display } from "../../../src/cli/train/display.js";

test.each([false, true])(
  "what is passed over is said on stderr, for a program (%s) too",
  (quiet) => {
    const written: unknown[] = [];
    const write = vi.spyOn(process.stderr, "write").mockImplementation((text) => {
      written.push(text);
      return true;
    });
    try {
      new Display(quiet).say("skipped: a.png is broken.");
    } finally {
      write.mockRestore();
    }
    expect(written).toEqual(["skipped: a.png is broken.\n"]);
  },
);
