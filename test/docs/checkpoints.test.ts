/** The page's networks and commands, from a file of each framework to what it says of a photograph. */
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fixture } from "../checkpoints/expected.js";
import { inceptc, temporaryFolder } from "../support/cli.js";

const page = readFileSync("docs/checkpoints.md", "utf8");
const photo = "chelsea.jpg";

/** Each framework's own probabilities; see fixtures-checkpoints/make_predictions.py. */
const probabilities = JSON.parse(
  readFileSync(fixture("predictions", "expected.json"), "utf8"),
) as Record<string, readonly number[]>;

interface Shown {
  readonly spec: string;
  readonly commands: readonly { readonly command: string; readonly says: string }[];
}

/** Of the section of a framework its network, and what commands on it show. */
function shown(section: string): Shown {
  const text = page.split(/^## /m).find((part) => part.startsWith(`${section}\n`)) ?? "";
  const [, spec = ""] = /```incept\n([^]*?)```/.exec(text) ?? [];
  const [, session = ""] = /```console\n([^]*?)```/.exec(text) ?? [];
  const commands = session.split(/^\$ npx inceptc /m).slice(1);
  return {
    spec,
    commands: commands.map((one) => {
      const end = one.indexOf("\n");
      return { command: one.slice(0, end), says: one.slice(end + 1).trimEnd() };
    }),
  };
}

/** Class and share a row, as `predict` prints them. */
const rowsOf = (values: readonly number[]): readonly string[] =>
  values
    .map((value, index) => ({ value, index }))
    .toSorted((a, b) => b.value - a.value)
    .map(({ value, index }) => `${index} ${(value * 100).toFixed(1)} %`);

test.each([
  ["PyTorch", "tiny.pth"],
  ["Caffe", "tiny.caffemodel"],
  ["Keras", "tiny.keras"],
  ["ONNX", "tiny.onnx"],
])("what it shows of %s", (section, file) => {
  const { spec, commands } = shown(section);
  expect(commands.map(({ command }) => command)).toEqual([
    `weights tiny.incept ${file}`,
    `predict tiny.incept --weights ${file} ${photo}`,
  ]);
  const folder = temporaryFolder();
  writeFileSync(join(folder, "tiny.incept"), spec);
  copyFileSync(fixture("predictions", file), join(folder, file));
  copyFileSync(join("examples", "photos", photo), join(folder, photo));
  for (const { command, says } of commands) {
    const { status, stdout } = inceptc(command.split(" "), { cwd: folder });
    expect(stdout.trimEnd()).toBe(says);
    expect(status).toBe(0);
  }
  const classes = [...commands[1]!.says.matchAll(/^ +(\d) +([\d.]+ %)/gm)];
  expect(classes.map(([, index, share]) => `${index} ${share}`)).toEqual(
    rowsOf(probabilities[file] ?? []),
  );
});

test("what it shows of names that differ", () => {
  const { spec, commands } = shown("Names");
  const [, map = ""] = /```json\n([^]*?)```/.exec(page) ?? [];
  const folder = temporaryFolder();
  writeFileSync(join(folder, "tiny.incept"), spec);
  writeFileSync(join(folder, "map.json"), map);
  copyFileSync(fixture("torch", "nested.pth"), join(folder, "theirs.pth"));
  expect(commands).toHaveLength(2);
  for (const { command, says } of commands) {
    const { status, stdout } = inceptc(command.split(" "), { cwd: folder });
    expect(stdout.trimEnd()).toBe(says);
    expect(status).toBe(0);
  }
  expect(inceptc(["weights", "tiny.incept", "ours.safetensors"], { cwd: folder }).status).toBe(0);
});
