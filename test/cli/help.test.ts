import { expect, test } from "vitest";
import { inceptc } from "../support/cli.js";

const { stdout: help } = inceptc(["--help"]);
const verbs = [...help.matchAll(/^ {2}([a-z]+) .*<|^ {2}([a-z]+) \[/gm)].map(
  ([, first, second]) => (first ?? second)!,
);

test("the help names the verbs", () => {
  expect(verbs).toEqual(expect.arrayContaining(["init", "check", "train", "export", "doctor"]));
});

test.each([[], ...verbs.map((verb) => [verb])])(
  "the help of inceptc %s fits into 80 columns",
  (...verb) => {
    const { status, stdout } = inceptc([...verb, "--help"]);
    expect(status).toBe(0);
    const rows = stdout.split("\n");
    expect(rows.length).toBeGreaterThan(5);
    expect(rows.filter((row) => row.length > 80)).toEqual([]);
  },
);
