/** Which of ONNX's definitions are read, and what is said of those that are not. */
import { expect, test } from "vitest";
import { primitives } from "../../../src/ops/registry.js";
import { folds } from "../../../src/import/onnx/constants/folds.js";
import { lists } from "../../../src/import/onnx/flow/lists.js";
import { partings } from "../../../src/import/onnx/flow/parts.js";
import { structures } from "../../../src/import/onnx/flow/structure.js";
import { shaped } from "../../../src/import/onnx/formula/shaped.js";
import { vocabulary } from "../../../src/import/onnx/formula/vocabulary.js";
import { lying } from "../../../src/import/onnx/lying/lying.js";
import { unknownIn } from "../../../src/import/onnx/opset/definition.js";
import { definitions, newest } from "../../../src/import/onnx/opset/table.js";
import { readOnnx } from "../../../src/import/onnx/read-onnx.js";
import { others } from "../../../src/import/onnx/wordless.js";
import { casesOf } from "./cases.js";
import { file, node } from "./file.js";
import { difference } from "./judged.js";

const at = (version: number, ...nodes: Parameters<typeof file>[0]["nodes"]): Uint8Array =>
  file({ nodes, opset: [{ domain: "", version }] });

test("every operator that anything reads has a row, and no other", () => {
  const tables = [folds, lists, partings, structures, shaped, vocabulary, lying];
  const all = [...primitives.values()].flatMap(({ onnx: { read, sequence } }) => [
    ...Object.keys(read),
    ...(sequence?.operators ?? []),
  ]);
  const read = new Set([...all, ...others, ...tables.flatMap((table) => Object.keys(table))]);
  expect(Object.keys(definitions)).toEqual([...read].sort());
});

test.each(Object.entries(definitions))("%s is refused before its first version", (name, row) => {
  const [first = 0] = row.read;
  expect(row.read.every((version) => unknownIn(version, name) === undefined)).toBe(true);
  if (first > 7) {
    const before = `${name} is no operator of version ${first - 1}, which the model asks for`;
    expect(unknownIn(first - 1, name)).toContain(before);
  }
  const beyond =
    row.until === undefined ? `up to ${newest} its` : `ONNX had it before ${row.until}`;
  expect(unknownIn(newest + 1, name)).toContain(beyond);
});

test.each(casesOf("definitions"))("$name is read as ONNX Runtime does it", async (given) => {
  expect(await difference(await readOnnx(given.model), given)).toBeLessThanOrEqual(2e-6);
});

test("an operator that a version has no more is refused", () => {
  expect(unknownIn(9, "Upsample")).toBeUndefined();
  expect(unknownIn(10, "Upsample")).toContain("is no operator of version 10");
});

test("an operator that a version does not have is refused by its node's name", async () => {
  const nodes = [node("Relu", ["x"], "a"), node("Gelu", ["a"], "y")];
  await expect(readOnnx(at(20, ...nodes))).resolves.toBeDefined();
  await expect(readOnnx(at(19, ...nodes))).rejects.toMatchObject({
    code: "onnx/refused",
    message: expect.stringContaining(
      "  the Gelu: Gelu is no operator of version 19, which the model asks for: ONNX has it since 20",
    ) as string,
  });
});

test("in a version to come all operators are refused at once, each with what is known of it", async () => {
  const nodes = [
    node("Relu", ["x"], "a"),
    node("Mish", ["a"], "b"),
    node("Relu", ["b"], "c"),
    node("Add", ["a", "c"], "y"),
  ];
  await expect(readOnnx(at(newest, ...nodes))).rejects.toThrow("has 1 node that");
  await expect(readOnnx(at(newest + 1, ...nodes), { name: "net.onnx" })).rejects.toMatchObject({
    message: [
      "net.onnx has 4 nodes that no spec can say:",
      "  the Relu, the Relu: Relu may have another definition in version 29: up to 28 its definitions are known",
      "  the Mish: Mish has no word here",
      "  the Add: Add may have another definition in version 29: up to 28 its definitions are known",
    ].join("\n"),
    help: expect.stringContaining("export it in version 28 or an older one") as string,
  });
});
