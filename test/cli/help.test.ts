import { expect, test } from "vitest";
import { inceptc } from "../support/cli.js";

const verbs = ["init", "check", "explain", "build", "run", "predict", "train", "eval", "weights"];

test.each([[], ...[...verbs, "doctor", "cache"].map((verb) => [verb])])(
  "the help of inceptc %s fits into 80 columns",
  (...verb) => {
    const { status, stdout } = inceptc([...verb, "--help"]);
    expect(status).toBe(0);
    const rows = stdout.split("\n");
    expect(rows.length).toBeGreaterThan(5);
    expect(rows.filter((row) => row.length > 80)).toEqual([]);
  },
);
