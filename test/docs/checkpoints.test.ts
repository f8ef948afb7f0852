/** The page's networks and commands, on small files of each kind. */
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { encodeModel } from "../../src/onnx/schema.js";
import { fixture } from "../checkpoints/expected.js";
import { inceptc, temporaryFolder } from "../support/cli.js";

const page = readFileSync("docs/checkpoints.md", "utf8");

/** Of the section of a framework its network, and what a command on it shows. */
function shown(section: string): {
  readonly spec: string;
  readonly command: string;
  readonly says: string;
} {
  const text = page.split(/^## /m).find((part) => part.startsWith(`${section}\n`)) ?? "";
  const [, spec = ""] = /```incept\n([^]*?)```/.exec(text) ?? [];
  const [, command = "", says = ""] = /\$ npx inceptc (.*)\n([^]*?)```/.exec(text) ?? [];
  return { spec, command, says };
}

/** Two initializers, as an exporter writes a fully connected layer. */
function onnxModel(): Uint8Array {
  const tensor = (name: string, dims: readonly number[]) => {
    const count = dims.reduce((a, b) => a * b, 1);
    const rawData = new Uint8Array(Float32Array.from({ length: count }, (_, i) => i).buffer);
    return { name, dataType: 1, dims, rawData };
  };
  const initializer = [tensor("fc.weight", [2, 3]), tensor("fc.bias", [2])];
  const graph = { name: "graph", node: [], initializer, input: [], output: [] };
  const made = { irVersion: 8, producerName: "test", producerVersion: "1", graph, opsetImport: [] };
  return encodeModel(made);
}

test.each([
  ["PyTorch", "tiny.pth", (to: string) => copyFileSync(fixture("torch", "nested.pth"), to)],
  [
    "Caffe",
    "tiny.caffemodel",
    (to: string) => copyFileSync(fixture("caffe", "layers.caffemodel"), to),
  ],
  ["Keras", "tiny.keras", (to: string) => copyFileSync(fixture("keras", "model.keras"), to)],
  ["ONNX", "tiny.onnx", (to: string) => writeFileSync(to, onnxModel())],
] as const)("what it shows of %s", (section, file, make) => {
  const folder = temporaryFolder();
  const { spec, command, says } = shown(section);
  expect(command).toBe(`weights tiny.incept ${file}`);
  writeFileSync(join(folder, "tiny.incept"), spec);
  make(join(folder, file));
  const { status, stdout, stderr } = inceptc(command.split(" "), { cwd: folder });
  expect(stderr).toBe("");
  // Three dots stand for rows that the page leaves out.
  for (const part of says.split("…\n")) expect(stdout).toContain(part);
  expect(status).toBe(0);
});
