/** `require` of specs, in Node as users start it; the network is built once, for all tests. */
import { execFile } from "node:child_process";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundledPackage } from "./support/package.js";

const spec = `model Tiny(classes = 5) {
  input image: f32[3, 4, 4]
  output prob: globalavgpool -> linear(classes) -> softmax
}
`;

interface Ran {
  readonly code: unknown;
  readonly stdout: string;
  readonly stderr: string;
}

describe("requiring a spec", () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "incept-require-")));
  let bundle: Awaited<ReturnType<typeof bundledPackage>>;
  afterAll(() => {
    rmSync(folder, { recursive: true });
    rmSync(bundle.folder, { recursive: true });
  });

  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);

  const node = (args: readonly string[], env: Record<string, string> = {}): Promise<Ran> =>
    new Promise((resolve) => {
      const variables = { ...process.env, XDG_CACHE_HOME: join(folder, "cache"), ...env };
      execFile(process.execPath, args, { cwd: folder, env: variables }, (error, stdout, stderr) =>
        resolve({ code: error?.code ?? 0, stdout, stderr }),
      );
    });

  /** Runs a script of this text as a module of CommonJS. */
  const run = (text: string, env: Record<string, string> = {}): Promise<Ran> => {
    write("main.cjs", text);
    return node(["--import", bundle.url("register"), "main.cjs"], env);
  };

  /** Prints the code, message and help of what `require` of a file throws. */
  const refused = async (name: string, env = {}): Promise<unknown> => {
    const { stdout, stderr } = await run(
      `try { require(${JSON.stringify(name)}); }
      catch ({ name, code, message, help }) { console.log(JSON.stringify({ name, code, message, help })); }`,
      env,
    );
    expect(stderr).toBe("");
    return JSON.parse(stdout);
  };

  beforeAll(async () => {
    bundle = await bundledPackage();
    write("package.json", "{}");
    write("tiny.incept", spec);
    write(
      "build.mjs",
      `import { loadModel } from "${bundle.url("index")}"; await loadModel("tiny.incept");`,
    );
    expect(await node(["build.mjs"])).toMatchObject({ code: 0 });
  });

  it("gives the network that an import gives, built before, and keeps its types", async () => {
    rmSync(join(folder, "tiny.d.incept.ts"));
    const ran = await run(`
      const net = require("./tiny.incept");
      (async () => {
        console.log(net === (await import("./tiny.incept")).default);
        console.log(net === (await import("./tiny.incept?again")).default);
        const model = await net.load({ weights: "random:1", threads: 1 });
        const { prob } = await model.run({ image: new Float32Array(48).fill(1) });
        console.log(net.name, prob.length, prob.reduce((a, b) => a + b, 0).toFixed(4));
        await model.dispose();
      })();`);
    expect(ran).toEqual({ code: 0, stdout: "true\nfalse\nTiny 5 1.0000\n", stderr: "" });
    expect(readFileSync(join(folder, "tiny.d.incept.ts"), "utf8")).toContain("export =");
  });

  it("gives what was imported before", async () => {
    write(
      "first.mjs",
      `import net from "./tiny.incept";
      import { createRequire } from "node:module";
      const require = createRequire(import.meta.url);
      console.log(net === require("./tiny.incept"));
      delete require.cache[require.resolve("./tiny.incept")];
      console.log(net === require("./tiny.incept"));`,
    );
    const ran = await node(["--import", bundle.url("register"), "first.mjs"]);
    expect(ran).toEqual({ code: 0, stdout: "true\nfalse\n", stderr: "" });
  });

  it("knows the file by any path that leads to it", async () => {
    mkdirSync(join(folder, "deep"));
    symlinkSync("../tiny.incept", join(folder, "deep", "link.incept"));
    const ran = await run(`
      const { createRequire } = require("node:module");
      const nets = [
        require("./tiny.incept"),
        require(${JSON.stringify(join(folder, "tiny.incept"))}),
        require("./deep/link.incept"),
        createRequire(__dirname + "/deep/x.js")("../tiny.incept"),
      ];
      console.log(new Set(nets).size);`);
    expect(ran).toEqual({ code: 0, stdout: "1\n", stderr: "" });
  });

  it("works after -r, in a required module that an import loads, and in a worker_thread", async () => {
    write("lib.cjs", `console.log(require("./tiny.incept").name);`);
    write("importing.mjs", `import "./lib.cjs";`);
    write("thread.cjs", `new (require("node:worker_threads").Worker)("./lib.cjs");`);
    const register = fileURLToPath(bundle.url("register"));
    for (const main of ["lib.cjs", "importing.mjs", "thread.cjs"]) {
      expect(await node(["-r", register, main])).toEqual({ code: 0, stdout: "Tiny\n", stderr: "" });
    }
  });

  it("leaves what other names mean as it was", async () => {
    mkdirSync(join(folder, "tiny"));
    write("tiny/index.js", `module.exports = "the folder";`);
    const ran = await run(`console.log(require("./tiny"), "tiny.incept" in require.cache);`);
    rmSync(join(folder, "tiny"), { recursive: true });
    expect(ran).toMatchObject({ code: 0, stdout: "the folder false\n" });
    const absent = await refused("./absent.incept");
    expect(absent).toMatchObject({ name: "Error", code: "MODULE_NOT_FOUND" });
  });

  describe("of what is not built", () => {
    const stale = {
      name: "InceptError",
      code: "artefact/stale",
      message:
        "fresh.incept has no build of the network that it describes now, and require, which cannot wait, compiles nothing.",
      help: "run inceptc build fresh.incept before",
    };

    it("names the command that builds", async () => {
      write("fresh.incept", spec.replace("(classes)", "(classes) -> relu"));
      expect(await refused("./fresh.incept")).toEqual(stale);
      expect(await refused("./fresh.incept", { NODE_ENV: "production" })).toEqual(stale);
    });

    it("does so too when the spec has changed since", async () => {
      copyFileSync(join(folder, "tiny.incept"), join(folder, "kept"));
      write("tiny.incept", spec.replace("linear", "conv(1x1, 2) -> linear"));
      expect(await refused("./tiny.incept")).toMatchObject({
        code: "artefact/stale",
        help: "run inceptc build tiny.incept before",
      });
      copyFileSync(join(folder, "kept"), join(folder, "tiny.incept"));
    });

    it("shows the findings of a spec with errors, and reads it again the next time", async () => {
      write("wrong.incept", spec.replace("globalavgpool", "globalavgpol"));
      expect(await refused("./wrong.incept")).toMatchObject({
        name: "InceptError",
        code: "spec/invalid",
        message: expect.stringMatching(
          /^wrong\.incept has errors\.\n\nwrong\.incept:3:16 - error name\/unknown/,
        ) as string,
      });
      const ran = await run(`
        const { copyFileSync } = require("node:fs");
        for (const file of ["./wrong.incept", "./wrong.incept"]) {
          try { console.log(require(file).name); } catch ({ code }) { console.log(code); }
          copyFileSync("tiny.incept", "wrong.incept");
        }`);
      expect(ran).toMatchObject({ code: 0, stdout: "spec/invalid\nTiny\n" });
    });
  });
});
