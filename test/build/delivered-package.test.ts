/** What `build -o` writes, as the package that it is for those who get it: imported, run and typed. */
import { execFileSync, spawnSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rspack } from "@rspack/core";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import webpack from "webpack";
import { deliver } from "../../src/build/deliver/deliver.js";
import { packageFile } from "../../src/emit/package.js";
import { digestOf } from "../../src/files/digest.js";
import { fakeArtefact, fakeManifest } from "../runtime/support/fake.js";
import { networkOf } from "../support/network.js";

/** What the hand-written network is, as a spec would say it. */
const network = networkOf(`/// Adds what it has learnt.
model Fake {
  input image: f32[1, 2, 2] /// a picture
  layer: relu
  output y: relu
  output sum: globalavgpool
}
`);

const use = `
(async () => {
  const weights = { "layer.bias": new Float32Array(4) };
  const model = await net.load({ weights, threads: 1 });
  const { y, sum } = await model.run({ image: new Float32Array(4).fill(1) });
  console.log(net.name, y.length, sum.length);
  await model.dispose();
  const { code } = await net.load({ weights, maxBatch: 99 }).catch((error) => error);
  console.log(code);
})();
`;
const answer = "Fake 4 1\nartefact/variant\n";

const caller = `
import net, { type Network } from "fake";
import { InceptError } from "inceptc/runtime";
const model = await net.load({ weights: "random:1" });
const { y, sum } = await model.run({ image: new Float32Array(4) });
export const both: readonly Float32Array[] = [y, sum];
export const shape: Network["outputs"]["y"] = [1, 2, 2];
export const isOurs = (error: unknown): boolean => error instanceof InceptError;
await model.run({ imgae: new Float32Array(4) });
`;

describe("a delivered package", () => {
  const project = realpathSync(mkdtempSync(join(tmpdir(), "incept-deliver-")));
  const place = join(project, "node_modules", "fake");
  afterAll(() => rmSync(project, { recursive: true }));

  beforeAll(async () => {
    const directory = fakeArtefact();
    const binary = join(directory, "fake.node");
    const manifest = { ...fakeManifest, binaryDigest: digestOf(readFileSync(binary)) };
    const out = join(project, "delivered");
    await deliver({ directory, binary, manifest, cached: true }, network, out);
    // What npm takes along, and of inceptc only what runs.
    const { files } = JSON.parse(readFileSync(join(out, "package.json"), "utf8")) as {
      files: string[];
    };
    mkdirSync(place, { recursive: true });
    for (const name of [...files, "package.json"]) cpSync(join(out, name), join(place, name));
    const inceptc = join(project, "node_modules", "inceptc");
    mkdirSync(inceptc);
    cpSync(packageFile("package.json"), join(inceptc, "package.json"));
    cpSync(packageFile("dist"), join(inceptc, "dist"), { recursive: true });
    writeFileSync(join(project, "package.json"), "{}");
  });

  const run = (name: string, text: string): { code: number | null; out: string; err: string } => {
    writeFileSync(join(project, name), text);
    const { status, stdout, stderr } = spawnSync(process.execPath, [name], {
      cwd: project,
      encoding: "utf8",
    });
    return { code: status, out: stdout, err: stderr };
  };

  it("is imported and required, where nothing is installed but inceptc", () => {
    const imported = run("main.mjs", `import net from "fake";${use}`);
    expect(imported).toEqual({ code: 0, out: answer, err: "" });
    const required = run("main.cjs", `const { default: net } = require("fake");${use}`);
    expect(required).toEqual({ code: 0, out: answer, err: "" });
  });

  it("is imported by its path, and by loadArtefact", () => {
    const byPath = run("path.mjs", `import net from "./delivered/index.js";${use}`);
    expect(byPath).toEqual({ code: 0, out: answer, err: "" });
    const text = `import { loadArtefact } from "inceptc/runtime"; const net = await loadArtefact("delivered");`;
    expect(run("folder.mjs", `${text}${use}`)).toEqual({ code: 0, out: answer, err: "" });
  });

  it("is refused where its binary is damaged", () => {
    const binary = join(place, "fake.node");
    const whole = readFileSync(binary);
    writeFileSync(binary, whole.subarray(0, 1000));
    const text = `import net from "fake"; await net.load({ weights: "random:1" }).catch(({ code }) => console.log(code));`;
    expect(run("torn.mjs", text)).toEqual({ code: 0, out: "artefact/torn\n", err: "" });
    writeFileSync(binary, whole);
  });

  it("is packed by npm as what it needs and nothing else", () => {
    const out = join(project, "delivered");
    writeFileSync(join(out, "NOTES"), "mine");
    const text = execFileSync("npm", ["pack", "--dry-run", "--json"], {
      cwd: out,
      encoding: "utf8",
      stdio: "pipe",
    });
    const [packed] = JSON.parse(text) as [{ name: string; files: { path: string }[] }];
    expect(packed.name).toBe("fake");
    expect(packed.files.map(({ path }) => path).sort()).toEqual(
      ["fake.node", "index.d.ts", "index.js", "manifest.json", "package.json"].sort(),
    );
  });

  it.each([
    ["webpack", webpack],
    ["rspack", rspack as unknown as typeof webpack],
  ] as const)("is bundled by %s with its binary, without a plugin", async (tool, bundler) => {
    writeFileSync(join(project, "entry.mjs"), `import net from "fake";${use}`);
    const path = join(project, tool);
    await new Promise<void>((resolve, reject) => {
      const config: webpack.Configuration = {
        mode: "production",
        target: "node",
        context: project,
        entry: join(project, "entry.mjs"),
        output: { path, filename: "main.cjs" },
      };
      bundler(config, (error, stats) => {
        if (error === null && stats?.hasErrors() !== true) resolve();
        else reject(error ?? new Error(stats?.toString("errors-only")));
      });
    });
    const elsewhere = realpathSync(mkdtempSync(join(tmpdir(), "incept-shipped-")));
    cpSync(path, elsewhere, { recursive: true });
    const main = join(elsewhere, "main.cjs");
    expect(execFileSync(process.execPath, [main], { encoding: "utf8" })).toBe(answer);
    rmSync(elsewhere, { recursive: true });
  });

  it.each([
    ["nodenext", ts.ModuleKind.NodeNext, ts.ModuleResolutionKind.NodeNext],
    ["bundler", ts.ModuleKind.ESNext, ts.ModuleResolutionKind.Bundler],
  ])("has types, with %s", (_, module, moduleResolution) => {
    const main = join(project, "main.mts");
    writeFileSync(main, caller);
    const program = ts.createProgram([main], {
      target: ts.ScriptTarget.ES2022,
      module,
      moduleResolution,
      lib: ["lib.es2023.d.ts", "lib.esnext.disposable.d.ts"],
      strict: true,
      noEmit: true,
      types: ["node"],
      typeRoots: [packageFile("node_modules", "@types")],
      // The declarations of the package are bundled from these, which test/package.test.ts does.
      paths: { "inceptc/runtime": [packageFile("src", "runtime.ts")] },
    });
    const messages = program
      .getSourceFiles()
      .filter(({ fileName }) => fileName.startsWith(project))
      .flatMap((file) => ts.getPreEmitDiagnostics(program, file))
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n").split("\n")[0]);
    expect(messages).toEqual([
      "Object literal may only specify known properties, but 'imgae' does not exist in type 'Inputs<Network>'. Did you mean to write 'image'?",
    ]);
  });
});
