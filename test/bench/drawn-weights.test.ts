import { mkdirSync, readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { weightsFile } from "../../src/bench/drawn-weights.js";
import { openCheckpoint } from "../../src/checkpoints/open.js";
import { type RandomParameter, randomParameter } from "../../src/runtime/weights/random.js";
import { temporaryFolder } from "../support/cli.js";

const parameters: readonly RandomParameter[] = [
  { name: "stem.weight", shape: [4, 3, 2, 2], role: "weight", fanIn: 12 },
  { name: "stem.bias", shape: [4], role: "bias", fanIn: 0 },
];

test("weights that are drawn are a file of the same numbers", async () => {
  const folder = temporaryFolder();
  mkdirSync(folder, { recursive: true });
  const path = await weightsFile("random:7", parameters, folder);
  expect(path.startsWith(folder)).toBe(true);
  const file = await openCheckpoint(path);
  for (const parameter of parameters) {
    expect(file.tensors.get(parameter.name)?.shape).toEqual(parameter.shape);
    expect(await file.readFloat32(parameter.name)).toEqual(randomParameter(7, parameter));
  }
  await file.close();
});

test("a file is taken as it is", async () => {
  const folder = temporaryFolder();
  mkdirSync(folder, { recursive: true });
  expect(await weightsFile("own.safetensors", parameters, folder)).toBe("own.safetensors");
  expect(readdirSync(folder)).toEqual([]);
});
