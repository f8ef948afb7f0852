import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeTypes } from "../../src/build/deliver/types.js";
import { packageFile } from "../../src/emit/package.js";
import { checkFile } from "../../src/model/check-file.js";

const spec = `
/// Two layers.
model Tiny(classes = 10) {
  input image: f32[3, 8, 8]
  stem: conv(3x3, 4, act: relu)
  body: conv(3x3/2, 6, pad: 1, act: relu)
  output prob: globalavgpool -> linear(classes) -> softmax
}
`;

/** Names of every kind, some of which a parameter decides. */
const rich = `
model Rich(classes = 10, copies = 2, window = 3x3, biased = true) {
  input image: f32[3, 8, 8]
  stem: conv(window, 4, pad: same)
  body: repeat(copies) { conv(1x1, in) }
  free: conv(1x1, 4, bias: biased)
  aux loss: globalavgpool -> linear(classes)
  output map: conv(1x1, 2)
  output prob: globalavgpool -> linear(classes)
  output mean: globalavgpool
}
`;

/** Of two outputs, of which one learns numbers. */
const trained = `
model Trained {
  input image: f32[3, 8, 8]
  stem: conv(3x3, 4, act: relu)
  aux loss_1(like: prob): globalavgpool -> linear(10)
  output prob: globalavgpool -> linear(10) -> softmax
  output box: globalavgpool -> linear(4)
  train { loss: { prob: cross_entropy, box: mean_squared_error } }
}
`;

/** Of neither settings nor weights. */
const bare = "model Bare { input image: f32[3, 8, 8] output y: relu }";

/** What an earlier version wrote for Tiny. */
const former = `
import type { NetworkModule } from "inceptc";
export type Network = {
  readonly inputs: { readonly image: readonly [3, 8, 8] };
  readonly outputs: { readonly prob: readonly [number] };
  readonly stages: { readonly stem: readonly [4, 8, 8] };
};
declare const net: NetworkModule<Network>;
export default net;
`;

/** Each a program of its own after `import net from "./tiny.incept"`, and what tsc says to it. */
const programs: Record<string, readonly [code: string, errors: readonly string[]]> = {
  "right use": [
    `const model = await net.load({ weights: "random:1", tap: ["stem", "body.0"], maxBatch: 2 });
     const { prob, stem } = await model.run({ image: new Float32Array(192) });
     export const both: Float32Array[] = [prob, stem, model.runSync({ image: new Uint8Array(192) }).prob];
     export const shapes: [3, 4, number] = [
       model.info.inputs.image[0], model.info.stages.stem[0], model.info.outputs.prob[0],
     ];
     export const label: string | undefined = (await model.classify("cat.jpg", { top: 1 }))[0]?.label;
     export const rows: number = (await model.classify(["a.jpg", "b.jpg"])).length;
     await model[Symbol.asyncDispose]();`,
    [],
  ],
  "pictures of every kind": [
    `const model = await net.load({ weights: "random:1" });
     const canvas: { data: Uint8ClampedArray; width: number; height: number } = {
       data: new Uint8ClampedArray(4), width: 1, height: 1,
     };
     const raw = { data: new Uint8Array(3), width: 1, height: 1, channels: 3 } as const;
     const { data, info } = { data: Buffer.alloc(3), info: { ...raw, format: "raw", size: 3 } };
     const pictures = [
       "a.png", new URL("file:///a.png"), Buffer.alloc(1), new ArrayBuffer(1), new Blob([]),
       new File([], "a.png"), canvas, raw, { ...info, data },
     ];
     const { signal } = new AbortController();
     const image: Float32Array = await model.tensor(pictures, { signal, maxPixels: 1 });
     await model.run({ image });
     await model.classify(canvas, { maxPixels: 1 });`,
    [],
  ],
  "pixels without their channels": [
    `const model = await net.load({ weights: "random:1" });
     await model.tensor({ data: new Uint8Array(3), width: 1, height: 1 });
     await model.classify({ data: new Uint8Array(5), width: 1, height: 1, channels: 5 });
     await model.classify(new Response());`,
    [
      "Argument of type '{ data: Uint8Array<ArrayBuffer>; width: number; height: number; }' is not assignable to parameter of type 'ImageSource | readonly ImageSource[]'.",
      "No overload matches this call.",
      "No overload matches this call.",
    ],
  ],
  "wrong input name": [
    `const model = await net.load({ weights: "random:1" });
     await model.run({ imgae: new Float32Array(192) });`,
    [
      "Object literal may only specify known properties, but 'imgae' does not exist in type 'Inputs<Network>'. Did you mean to write 'image'?",
    ],
  ],
  "missing input": [
    `const model = await net.load({ weights: "random:1" });
     model.runSync({});`,
    ["Argument of type '{}' is not assignable to parameter of type 'Inputs<Network>'."],
  ],
  "wrong input type": [
    `const model = await net.load({ weights: "random:1" });
     await model.run({ image: [0, 1, 2] });`,
    ["Type 'number[]' is not assignable to type 'TensorInput'."],
  ],
  "a Buffer as a tensor": [
    `const model = await net.load({ weights: "random:1" });
     await model.run({ image: Buffer.alloc(768) });`,
    ["Type 'Buffer<ArrayBuffer>' is not assignable to type 'TensorInput'."],
  ],
  "wrong output name": [
    `const model = await net.load({ weights: "random:1" });
     export const { probs } = await model.run({ image: new Float32Array(192) });`,
    ["Property 'probs' does not exist on type 'Outputs<Network, never>'."],
  ],
  "output used as another type": [
    `const model = await net.load({ weights: "random:1" });
     export const prob: string = (await model.run({ image: new Float32Array(192) })).prob;`,
    ["Type 'Float32Array<ArrayBufferLike>' is not assignable to type 'string'."],
  ],
  "wrong stage name in tap": [
    `await net.load({ weights: "random:1", tap: ["stme"] });`,
    [`Type '"stme"' is not assignable to type 'TapName<Network>'.`],
  ],
  "stage that was not tapped": [
    `const model = await net.load({ weights: "random:1", tap: ["stem"] });
     export const { body } = await model.run({ image: new Float32Array(192) });`,
    [`Property 'body' does not exist on type 'Outputs<Network, "stem">'.`],
  ],
  "wrong stage name in info": [
    `const model = await net.load({ weights: "random:1" });
     export const shape = model.info.stages.head;`,
    ["Property 'head' does not exist on type '…'."],
  ],
  "a fixed dimension as another number": [
    `const model = await net.load({ weights: "random:1" });
     export const channels: 5 = model.info.stages.stem[0];`,
    ["Type '4' is not assignable to type '5'."],
  ],
  "a dimension that a parameter decides as a literal": [
    `const model = await net.load({ weights: "random:1" });
     export const classes: 10 = model.info.outputs.prob[0];`,
    ["Type 'number' is not assignable to type '10'."],
  ],
  "wrong target": [
    `await net.load({ weights: "random:1", target: "gpu" });`,
    [`Type '"gpu"' is not assignable to type '"auto" | "cpu" | "cuda" | "cuda-sim"'.`],
  ],
  "an error's code": [
    `import { InceptError, type InceptErrorCode } from "inceptc";
     export function told(error: unknown): string {
       if (!(error instanceof InceptError)) throw error;
       switch (error.code) {
         case "model/busy": return "503";
         case "image/unreadable": return "415";
         default: return error.code;
       }
     }
     export const code: InceptErrorCode = new InceptError("model/busy", "b").code;`,
    [],
  ],
  "an error's code that there is not": [
    `import { InceptError } from "inceptc";
     export const busy = (error: InceptError): boolean => error.code === "model/bussy";
     export const error = new InceptError("model/bussy", "b");`,
    [
      "This comparison appears to be unintentional because the types '…' and '\"model/bussy\"' have no overlap.",
      "Argument of type '\"model/bussy\"' is not assignable to parameter of type '…'.",
    ],
  ],
  "names of every kind": [
    `import rich, { type Network } from "./rich.incept";
     import { loadModel, type ParameterName, type RenameMap } from "inceptc";
     const model = await rich.load({
       weights: "random:1",
       model: "Rich",
       set: { classes: 5, window: { height: 1, width: 3 }, biased: false },
       tap: ["stem", "free", "body.0"],
     });
     for (const output of ["prob", "mean", "body.0"] as const) await model.classify("a.png", { output });
     export const name: "Rich" = rich.name;
     export const same: "Rich" = model.info.model;
     const array = new Float32Array(4);
     await rich.load({
       weights: { "stem.weight": array, "body.7.bias": array, "free.bias": array, "loss.1.weight": array },
     });
     await rich.load({ weights: Object.fromEntries(rich.parameters.map(({ name }) => [name, array])) });
     await rich.load({ weights: new Map<string, Float32Array>().size > 0 ? "a.safetensors" : array.buffer });
     const rename = {
       module: "", conv: "stem", "conv.w": "stem.weight", c: "stem.", layers: "body", l: "body.3",
       "features.*": "body.*", "blocks.*.*": "body.$2",
     } as const satisfies RenameMap<Network>;
     await rich.load({ weights: { "module.stem.weight": array }, rename });
     export const weight: ParameterName<Network> = "body.12.weight";
     export const shape: readonly [4, 3, number, number] = {} as Network["parameters"]["stem.weight"];
     export const net2 = await loadModel<Network>("rich.incept", { set: { classes: 3 } });`,
    [],
  ],
  "a setting that there is not": [
    `await net.load({ weights: "random:1", set: { clases: 5 } });`,
    [
      "Object literal may only specify known properties, but 'clases' does not exist in type '…'. Did you mean to write 'classes'?",
    ],
  ],
  "a setting where there is none": [
    `import bare from "./bare.incept";
     await bare.load({ weights: {}, set: {} });
     await bare.load({ weights: {}, set: { classes: 5 } });`,
    ["Type 'number' is not assignable to type 'never'."],
  ],
  "one network as any": [
    `import rich from "./rich.incept";
     import type { LoadOptions, Model, NetworkModule, PictureOptions, RenameMap } from "inceptc";
     import type { Network } from "./rich.incept";
     const load = (any: NetworkModule): Promise<Model> =>
       any.load({ weights: { a: new Float32Array(1) }, rename: { a: "b" } });
     export const models: readonly Model[] = [await load(net), await load(rich), await net.load({ weights: "a" })];
     interface Classifier { classify(picture: Uint8Array, options: PictureOptions): Promise<unknown[]> }
     export const classifier: Classifier = await rich.load({ weights: "a" });
     interface More extends LoadOptions<Network> { readonly more: 1 }
     export const more = (options: More): Promise<Model> => rich.load(options);
     export const maybe = (rename: RenameMap<Network> | undefined): Promise<Model> =>
       rich.load({ weights: "a", ...(rename === undefined ? {} : { rename }) });`,
    [],
  ],
  "settings of another kind": [
    `import rich from "./rich.incept";
     await rich.load({ weights: "random:1", set: { classes: true } });
     await rich.load({ weights: "random:1", set: { biased: 1 } });
     await rich.load({ weights: "random:1", set: { window: 3 } });`,
    [
      "Type 'boolean' is not assignable to type 'number'.",
      "Type 'number' is not assignable to type 'boolean | undefined'.",
      "Type 'number' is not assignable to type '{ readonly height: number; readonly width: number; }'.",
    ],
  ],
  "another model": [
    `await net.load({ weights: "random:1", model: "Rich" });`,
    [`Type '"Rich"' is not assignable to type '"Tiny"'.`],
  ],
  "outputs that are no classes": [
    `import rich from "./rich.incept";
     const model = await rich.load({ weights: "random:1", tap: ["stem"] });
     await model.classify("a.png", { output: "map" });
     await model.classify(["a.png"], { output: "stem" });
     await model.classify("a.png", { output: "probs" });`,
    [
      "No overload matches this call.",
      "No overload matches this call.",
      "No overload matches this call.",
    ],
  ],
  "a weight that there is not": [
    `import rich from "./rich.incept";
     const array = new Float32Array(4);
     await net.load({ weights: { "stem.wieght": array } });
     await rich.load({ weights: { "body.0.wieght": array, "free.anything": array } });
     export const names: readonly "stem"[] = net.parameters.map(({ name }) => name);`,
    [
      "Object literal may only specify known properties, and '\"stem.wieght\"' does not exist in type '…'.",
      "Object literal may only specify known properties, and '\"body.0.wieght\"' does not exist in type '…'.",
      "Type '(…)[]' is not assignable to type 'readonly \"stem\"[]'.",
    ],
  ],
  "a rename to nothing that there is": [
    `await net.load({ weights: "a.safetensors", rename: { features: "stme" } });
     const read: { features: string } = JSON.parse("{}");
     await net.load({ weights: "a.safetensors", rename: read });`,
    [
      `Type '"stme"' is not assignable to type 'RenameTarget<Network>'.`,
      "Type '{ features: string; }' is not assignable to type 'Readonly<Record<string, RenameTarget<Network>>>'.",
    ],
  ],
  "declarations of an earlier version": [
    `import old, { type Network } from "./former.incept";
     import { type NetworkModule } from "inceptc";
     const array = new Float32Array(4);
     const model = await old.load({
       weights: { "any.weight": array }, rename: { any: "stem" }, set: { classes: 5 }, model: "Tiny", tap: ["stem"],
     });
     await model.classify("a.png", { output: "prob" });
     export const { prob, stem } = await model.run({ image: new Float32Array(192) });
     export const name: string = old.name;
     export const any: readonly NetworkModule[] = [old, net];
     export const own: NetworkModule<Network> = old;`,
    [],
  ],
  "a network that is loaded by its path": [
    `import { loadModel } from "inceptc";
     const any = await loadModel("a.incept", { set: { anything: 3 }, model: "Any" });
     const model = await any.load({
       weights: { "any.weight": new Float32Array(4) }, rename: { a: "b" }, tap: ["some"], set: { b: true },
     });
     await model.classify("a.png", { output: "whatever" });
     const { anything } = await model.run({ image: new Float32Array(4) });
     export const values: Float32Array | undefined = anything;`,
    [],
  ],
  "right training": [
    `import type { Data, DefaultLosses } from "inceptc";
     import many, { type Network as Many } from "./trained.incept";
     const image = new Float32Array(192);
     const typed: Data<Many, DefaultLosses<Many>> = {
       size: 1,
       async *batches({ from }) { if (from === 0) yield { image, prob: new Int32Array(1), box: new Float32Array(4) }; },
     };
     await using trainer = await net.trainer({
       batch: 64, optimizer: { kind: "adamw", lr: 0.1 }, schedule: ({ step, epoch }) => 1 / (step + epoch + 1),
       learningRates: { "stem.*": 0 }, weights: "a.safetensors", fresh: ["prob.*"],
     });
     const one = await trainer.step({ image, prob: new Int32Array(1) }, { signal: AbortSignal.timeout(9) });
     export const costs: [number, number] = [one.losses.prob, one.loss];
     const all = await many.trainer();
     await all.step({ image, prob: new Uint8Array(1), box: new Float32Array(4) });
     await all.fit(typed, { validate: typed });
     const some = await many.trainer({ loss: { prob: { kind: "cross_entropy", labelSmoothing: 0.1 } }, auxWeights: { loss_1: 0.3 } });
     const result = await some.step({ image, prob: new Int32Array(1) });
     export const head: number = result.losses.loss_1;
     export const share: number | undefined = result.accuracy.prob;
     const batches = async function* () { yield { image, prob: new Int32Array(1) }; };
     const fitted = await some.fit({ size: 1, batches }, {
       validate: { batches }, checkpoints: { directory: "runs", every: { epochs: 2 } },
       onStep: async ({ step, epoch, losses }) => { console.log(step, epoch, losses.loss_1); },
       onEpoch: ({ validation }) => (validation!.outputs.prob.top1! > 0.8 ? "stop" : undefined),
     });
     export const last: number | undefined = fitted.last?.losses.prob;
     const trainedModel = await some.model();
     export const { prob } = await trainedModel.run({ image });
     await net.trainer({ resume: "run.checkpoint", batch: 3 });
     export const values: ReadonlyMap<string, Float32Array> = await some.parameters();`,
    [],
  ],
  "training of what there is not": [
    `import many from "./trained.incept";
     const image = new Float32Array(192);
     await net.trainer({ loss: { prbo: { kind: "cross_entropy" } } });
     await many.trainer({ loss: { prob: { kind: "cross_entropy" }, bx: { kind: "mean_squared_error" } } });
     await many.trainer({ auxWeights: { loss_2: 1 } });
     const some = await many.trainer({ loss: { prob: { kind: "cross_entropy" } } });
     const result = await some.step({ image, prob: new Int32Array(1) });
     result.losses.box;
     await some.step({ image, prob: new Float32Array(1) });
     await some.step({ image, prob: new Int32Array(1), box: new Float32Array(4) });
     await some.step({ image });
     await net.trainer({ resume: "a", weights: "b" });
     const all = await many.trainer();
     await all.step({ image, prob: new Int32Array(1), box: new Int32Array(4) });`,
    [
      "…",
      "…",
      "Object literal may only specify known properties, but 'loss_2' does not exist in type '…'. Did you mean to write 'loss_1'?",
      "Property 'box' does not exist on type '…'.",
      "…",
      "Object literal may only specify known properties, and 'box' does not exist in type '…'.",
      "…",
      "…",
      "…",
    ],
  ],
  "training by declarations of an earlier version": [
    `import old from "./former.incept";
     import { loadModel } from "inceptc";
     const image = new Float32Array(192);
     const trainer = await old.trainer({ auxWeights: { any: 1 } });
     const { losses } = await trainer.step({ image, prob: new Int32Array(1) });
     export const any: number | undefined = losses["any"];
     const loaded = await loadModel("a.incept");
     const other = await loaded.trainer({ loss: { box: { kind: "mean_squared_error" } }, auxWeights: { a: 1 } });
     await other.step({ image, box: new Float32Array(4), labels: new Int32Array(1) });
     await (await loaded.trainer()).step({ image, prob: new Int32Array(1) });`,
    [],
  ],
  "no weights": [
    `await net.load({ threads: 2 });`,
    ["Argument of type '{ threads: number; }' is not assignable to parameter of type '…'."],
  ],
};

describe("a program that imports a spec", () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "incept-types-")));
  afterAll(() => rmSync(folder, { recursive: true }));
  const found = new Map<string, string[]>();

  beforeAll(() => {
    const file = join(folder, "tiny.incept");
    writeFileSync(file, spec);
    const { network } = checkFile(file);
    if (network === undefined) throw new Error("The spec has errors.");
    writeTypes(file, network);
    const other = join(folder, "rich.incept");
    writeFileSync(other, rich);
    writeTypes(other, checkFile(other).network!);
    writeFileSync(join(folder, "trained.incept"), trained);
    writeTypes(join(folder, "trained.incept"), checkFile(join(folder, "trained.incept")).network!);
    writeFileSync(join(folder, "bare.incept"), bare);
    writeTypes(join(folder, "bare.incept"), checkFile(join(folder, "bare.incept")).network!);
    writeFileSync(join(folder, "former.d.incept.ts"), former);
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    const names = Object.keys(programs);
    const files = names.map((name) => join(folder, `${name.replaceAll(" ", "-")}.ts`));
    names.forEach((name, i) => {
      const code = `import net from "./tiny.incept";\n${programs[name]?.[0] ?? ""}\n`;
      writeFileSync(files[i] ?? "", code);
    });
    const compiled = program(files);
    names.forEach((name, i) => {
      const diagnostics = ts.getPreEmitDiagnostics(
        compiled,
        compiled.getSourceFile(files[i] ?? ""),
      );
      const texts = diagnostics.map((d) => ts.flattenDiagnosticMessageText(d.messageText, "\n"));
      found.set(
        name,
        texts.map((text) => text.split("\n")[0] ?? ""),
      );
    });
  });

  it.each(Object.entries(programs))("%s", (name, [, errors]) => {
    const messages = found.get(name) ?? [];
    expect(messages).toHaveLength(errors.length);
    errors.forEach((expected, i) => {
      const [start = "", end = ""] = expected.split("…");
      expect(messages[i]).toSatisfy(
        (m: string) => m.startsWith(start) && m.endsWith(end),
        expected,
      );
    });
  });

  const program = (files: string[]): ts.Program =>
    ts.createProgram(files, {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      lib: ["lib.es2023.d.ts", "lib.esnext.disposable.d.ts"],
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      allowArbitraryExtensions: true,
      noUncheckedIndexedAccess: true,
      exactOptionalPropertyTypes: true,
      types: ["node"],
      typeRoots: [packageFile("node_modules", "@types")],
      paths: { inceptc: [packageFile("src", "index.ts")] },
    });
});
