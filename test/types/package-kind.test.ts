/** The declarations in packages of either kind of module, as TypeScript's resolutions see them. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ts from "typescript";
import { afterAll, expect, it } from "vitest";
import { writeTypes } from "../../src/build/deliver/types.js";
import { packageFile } from "../../src/emit/package.js";
import { readSource } from "../../src/model/sources/files.js";
import { networkOf } from "../support/network.js";

const caller = `
import net, { type Network } from "./net.incept";
import { loadModel } from "inceptc";
const model = await net.load({ weights: "random:1" });
const { y } = await model.run({ image: new Float32Array(12) });
export const numbers: Float32Array = y;
const same = await (await loadModel<Network>("net.incept")).load({ weights: "random:1" });
await same.run({ imgae: new Float32Array(12) });
`;

const requiring = `
import net = require("./net.incept");
import type { Network } from "./net.incept";
export const shape: Network["outputs"]["y"] = [4, 2, 2];
void net.load({ weights: "random:1" }).then((model) => model.run({ imgae: new Float32Array(12) }));
`;

const folder = realpathSync(mkdtempSync(join(tmpdir(), "incept-kinds-")));
let count = 0;
afterAll(() => rmSync(folder, { recursive: true }));

const resolutions = {
  nodenext: [ts.ModuleKind.NodeNext, ts.ModuleResolutionKind.NodeNext],
  bundler: [ts.ModuleKind.ESNext, ts.ModuleResolutionKind.Bundler],
  preserve: [ts.ModuleKind.Preserve, ts.ModuleResolutionKind.Bundler],
} as const;

/** What TypeScript says of a caller beside a spec, in a package of this kind. */
function messages(
  packageJson: string,
  resolution: keyof typeof resolutions,
  [name, text] = ["main.mts", caller],
): string[] {
  const place = join(folder, `${count++}`, "nets");
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, "..", "package.json"), packageJson);
  const spec = join(place, "net.incept");
  writeFileSync(
    spec,
    "/// A sum.\nmodel Net {\n  input image: f32[3, 2, 2]\n  output y: conv(1x1, 4)\n}\n",
  );
  writeTypes(spec, networkOf(readSource(spec)));
  writeFileSync(join(place, name), text);
  const [module, moduleResolution] = resolutions[resolution];
  const program = ts.createProgram([join(place, name)], {
    target: ts.ScriptTarget.ES2022,
    module,
    moduleResolution,
    lib: ["lib.es2023.d.ts", "lib.esnext.disposable.d.ts"],
    strict: true,
    noEmit: true,
    allowArbitraryExtensions: true,
    types: ["node"],
    typeRoots: [packageFile("node_modules", "@types")],
    paths: { inceptc: [packageFile("src", "index.ts")] },
  });
  // The files of this test alone: what they import is checked elsewhere.
  return program
    .getSourceFiles()
    .filter(({ fileName }) => fileName.startsWith(folder))
    .flatMap((file) => ts.getPreEmitDiagnostics(program, file))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n").split("\n")[0]!);
}

const misspelt =
  "Object literal may only specify known properties, but 'imgae' does not exist in type 'Inputs<Network>'. Did you mean to write 'image'?";

it.each([
  ['{ "type": "module" }', "nodenext"],
  ['{ "type": "commonjs" }', "nodenext"],
  ["{}", "nodenext"],
  ['{ "type": "commonjs" }', "bundler"],
  ["{}", "preserve"],
] as const)("the types of a spec are found in a package of %s, with %s", (text, resolution) => {
  expect(messages(text, resolution)).toEqual([misspelt]);
});

it.each(["{}", '{ "type": "commonjs" }'])("and by require in one of %s", (text) => {
  expect(messages(text, "nodenext", ["main.cts", requiring])).toEqual([misspelt]);
});
