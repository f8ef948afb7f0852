import { execFile } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import sharp from "sharp";
import { createServer, type Plugin } from "vite";
import type { Classification } from "../../src/runtime/classify.js";
import { bundledPackage } from "./support/package.js";

/** Adds up what the weights of random:1 make of an image of ones: any change of them shows. */
const use = `
const model = await net.load({ weights: "random:1", threads: 1 });
const { prob } = await model.run({ image: new Float32Array(48).fill(1) });
const sum = prob.reduce((a, b) => a + b, 0);
console.log(model.info.model, prob.length, sum.toFixed(4));
await model.dispose();
`;
const answer = "Tiny 5 1.0000\n";
const spec = `model Tiny(classes = 5) {
  input image: f32[3, 4, 4] from image(resize: 5)
  stem: conv(3x3, 4, act: relu)
  output prob: globalavgpool -> linear(classes) -> softmax
}
`;

describe("importing a spec", () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "incept-import-")));
  let bundle: Awaited<ReturnType<typeof bundledPackage>>;
  let firstStderr = "";
  afterAll(() => {
    rmSync(folder, { recursive: true });
    rmSync(bundle.folder, { recursive: true });
  });

  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };

  /** Runs Node in the folder, with a cache of its own. */
  const node = (
    args: readonly string[],
    env: Record<string, string> = {},
  ): Promise<{ code: unknown; stdout: string; stderr: string }> =>
    new Promise((resolve) => {
      const variables = { ...process.env, XDG_CACHE_HOME: join(folder, "cache"), ...env };
      execFile(process.execPath, args, { cwd: folder, env: variables }, (error, stdout, stderr) =>
        resolve({ code: error?.code ?? 0, stdout, stderr }),
      );
    });

  beforeAll(async () => {
    bundle = await bundledPackage();
    write("package.json", `{ "type": "module" }`);
    write("tiny.incept", spec);
    write("main.mjs", `import net from "./tiny.incept";${use}`);
    // TypeScript, and names that only its loader resolves.
    write("other.ts", `export type Sum = number; export { default } from "./tiny.incept";`);
    write("main.ts", `import net, { type Sum } from "./other.js";${use}export const s: Sum = 1;`);
    const { code, stdout, stderr } = await node(["--import", bundle.url("register"), "main.mjs"]);
    expect({ code, stdout, stderr }).toMatchObject({ code: 0, stdout: answer });
    firstStderr = stderr;
  });

  it("says that the first import waits for the compiler, and of the next ones nothing", async () => {
    expect(firstStderr).toMatch(
      /^inceptc: compiling tiny\.incept for \w+ \w+ \(.*\)…\ninceptc: tiny\.incept is ready, after \d+ s\n$/,
    );
    const { stderr } = await node(["--import", bundle.url("register"), "main.mjs"]);
    expect(stderr).toBe("");
  });

  describe("the types beside it", () => {
    const types = join(folder, "tiny.d.incept.ts");
    const read = (): string => readFileSync(types, "utf8");
    const hook = (env = {}) => node(["--import", bundle.url("register"), "main.mjs"], env);

    it("are written, and again where they are stale, also by loadModel", async () => {
      const fresh = read();
      expect(fresh).toContain("readonly prob: readonly [number];");
      writeFileSync(types, "// stale");
      expect(await hook()).toMatchObject({ code: 0, stderr: "" });
      expect(read()).toBe(fresh);
      rmSync(types);
      write(
        "types.mjs",
        `import { loadModel } from "${bundle.url("index")}";
        await loadModel("tiny.incept");`,
      );
      expect(await node(["types.mjs"])).toMatchObject({ code: 0, stderr: "" });
      expect(read()).toBe(fresh);
    });

    it("are left alone in production, and where another model than the spec's own is asked for", async () => {
      const fresh = read();
      writeFileSync(types, "// mine");
      expect(await hook({ NODE_ENV: "production" })).toMatchObject({ code: 0, stderr: "" });
      write(
        "model.mjs",
        `import { loadModel } from "${bundle.url("index")}";
        await loadModel("tiny.incept", { model: "Tiny" });`,
      );
      expect(await node(["model.mjs"])).toMatchObject({ code: 0, stderr: "" });
      expect(read()).toBe("// mine");
      writeFileSync(types, fresh);
    });

    it("stop no import where they cannot be written", async () => {
      const fresh = read();
      rmSync(types);
      mkdirSync(types);
      expect(await hook()).toMatchObject({ code: 0, stdout: answer, stderr: "" });
      expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
      // It is told with a build, once, and not with each import that finds it.
      write(
        "untyped.mjs",
        `import { loadModel } from "${bundle.url("index")}";
        await loadModel("tiny.incept", { target: "cpu", maxBatch: 1 });`,
      );
      const told = "tiny.d.incept.ts is not a file but a folder, so TypeScript does not know what";
      const { code, stderr } = await node(["untyped.mjs"]);
      expect(code).toBe(0);
      expect(stderr.split(told)).toHaveLength(2);
      expect(await node(["untyped.mjs"])).toMatchObject({ code: 0, stderr: "" });
      rmSync(types, { recursive: true });
      writeFileSync(types, fresh);
    });
  });

  it("works beside tsx, in either order", async () => {
    const tsx = import.meta.resolve("tsx");
    const register = bundle.url("register");
    for (const [first, second] of [
      [register, tsx],
      [tsx, register],
    ] as const) {
      const result = await node(["--import", first, "--import", second, "main.ts"]);
      expect(result).toMatchObject({ code: 0, stdout: answer });
    }
  });

  it("works in a worker_thread", async () => {
    const start = `import { Worker } from "node:worker_threads"; new Worker("./main.mjs");`;
    write("start.mjs", start);
    const result = await node(["--import", bundle.url("register"), "start.mjs"]);
    expect(result).toMatchObject({ code: 0, stdout: answer });
  });

  it("works in Vite, for Node", async () => {
    const { default: incept } = (await import(bundle.url("vite"))) as {
      default: () => Plugin;
    };
    const server = await createServer({
      root: folder,
      configFile: false,
      logLevel: "silent",
      plugins: [incept()],
      server: { middlewareMode: true, fs: { strict: false } },
    });
    write("vite.js", `export { default } from "./tiny.incept";`);
    const { default: net } = (await server.ssrLoadModule("/vite.js")) as {
      default: { name: string };
    };
    await server.close();
    expect(net.name).toBe("Tiny");
  });

  it("is what loadModel does without a hook", async () => {
    write(
      "load.mjs",
      `import { loadModel } from "${bundle.url("index")}";
      const net = await loadModel("tiny.incept");${use}`,
    );
    expect(await node(["load.mjs"])).toMatchObject({ code: 0, stdout: answer });
  });

  it("classifies images, and refuses what does not fit by name", async () => {
    const pixels = { width: 9, height: 7, channels: 3, background: "#c86432" } as const;
    const png = await sharp({ create: pixels }).png().toBuffer();
    writeFileSync(join(folder, "cat.png"), png);
    write("labels.txt", "n00000001 zero\none\ntwo\nthree\nfour\n");
    write(
      "classify.mjs",
      `import net from "./tiny.incept";
      import { readFileSync } from "node:fs";
      const model = await net.load({ weights: "random:1" });
      const one = await model.classify("cat.png", { labels: "labels.txt", top: 9 });
      const two = await model.classify([readFileSync("cat.png"), "cat.png"], { top: 1 });
      const errors = [];
      for (const options of [{ labels: ["a"] }, { labels: "absent" }, { output: "pron" }, { top: 0 }]) {
        await model.classify("cat.png", options).catch((error) => errors.push(String(error)));
      }
      const none = await model.classify([]);
      await model.dispose();
      await model.classify("cat.png").catch((error) => errors.push(String(error)));
      console.log(JSON.stringify({ one, two, none, errors }));`,
    );
    const { stdout, stderr } = await node(["--import", bundle.url("register"), "classify.mjs"]);
    expect(stderr).toBe("");
    const { one, two, none, errors } = JSON.parse(stdout) as {
      one: Classification[];
      two: Classification[][];
      none: unknown;
      errors: unknown;
    };
    expect(one.map(({ label }) => label).sort()).toEqual(["four", "one", "three", "two", "zero"]);
    expect(one.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 5);
    const first = { ...one[0], label: String(one[0]?.index) };
    expect(two).toEqual([[first], [first]]);
    expect(none).toEqual([]);
    expect(errors).toEqual([
      "InceptError [labels/count]: Tiny.classify: there is 1 label for 5 classes.",
      "InceptError [file/not-found]: absent does not exist.",
      "RangeError: Tiny.classify: there is no output pron; it has prob.",
      "RangeError: Tiny.classify: top is 0, expected a whole number of at least 1.",
      "InceptError [model/disposed]: Tiny.classify: the model is disposed.",
    ]);
  });

  it(
    "takes build options at load, as another variant of the text that was imported",
    {
      timeout: 300_000,
    },
    async () => {
      write(
        "options.mjs",
        `import net from "./tiny.incept";
      import { readFileSync, writeFileSync } from "node:fs";
      const text = readFileSync("tiny.incept", "utf8");
      writeFileSync("tiny.incept", text.replace("conv(3x3, 4", "conv(3x3, 8"));
      const model = await net.load({ weights: "random:1", set: { classes: 7 }, tap: ["stem"] });
      const { prob, stem } = await model.run({ image: new Float32Array(48) });
      console.log(prob.length, stem.length, Object.keys(model.info.outputs).join());
      await model.dispose();
      writeFileSync("tiny.incept", text);`,
      );
      const result = await node(["--import", bundle.url("register"), "options.mjs"]);
      expect(result).toMatchObject({ code: 0, stdout: "7 64 prob,stem\n" });
    },
  );

  it(
    "refuses in production what was changed since it was built",
    { timeout: 300_000 },
    async () => {
      const args = ["--import", bundle.url("register"), "main.mjs"];
      const production = { NODE_ENV: "production" };
      expect(await node(args)).toMatchObject({ code: 0 });
      expect(await node(args, production)).toMatchObject({ code: 0, stdout: answer });
      write("tiny.incept", spec.replace("conv(3x3, 4", "conv(3x3, 8"));
      const refused = await node(args, production);
      const refusedToo = await node(["load.mjs"], production);
      write("tiny.incept", spec);
      for (const { code, stderr } of [refused, refusedToo]) {
        expect(code).toBe(1);
        expect(stderr).toContain("InceptError [artefact/stale]: tiny.incept has no build");
      }
    },
  );

  it("shows the findings of a spec with errors", async () => {
    write("wrong.incept", spec.replace("globalavgpool", "globalavgpol"));
    write("wrong.mjs", `import "./wrong.incept";`);
    const { code, stderr } = await node(["--import", bundle.url("register"), "wrong.mjs"]);
    expect(code).toBe(1);
    expect(stderr).toContain("InceptError [spec/invalid]: wrong.incept has errors.");
    expect(stderr).toContain("wrong.incept:4:16 - error name/unknown");
  });
});
