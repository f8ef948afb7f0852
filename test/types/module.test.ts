import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeTypes } from "../../src/build/types.js";
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
