import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { describe, expect, it } from "vitest";
import { buildArtefact } from "../../src/build/build.js";
import { cacheEntries } from "../../src/build/cache/clear-cache.js";
import type { BuildEvent, BuildRequest, BuildResult } from "../../src/build/request.js";
import { packageFile } from "../../src/emit/package.js";
import { buildGraph } from "../../src/graph/build.js";
import { readSource } from "../../src/model/sources/files.js";
import { loadArtefact } from "../../src/runtime/load-artefact.js";
import { tinySpec } from "../emit/project.js";
import { relativeL2 } from "../support/compare.js";
import { networkOf, randomWeights } from "../support/network.js";
import { Random } from "../support/random.js";
import { Folder } from "./folder.js";

/** A compiler at work on a loaded machine. */
const slow = { timeout: 600_000 };

function request(folder: Folder, more: Partial<BuildRequest> = {}): BuildRequest {
  const spec = folder.file("tiny.incept");
  if (!existsSync(spec)) writeFileSync(spec, tinySpec);
  return { spec, network: networkOf(readSource(spec)), ...more };
}

/** What the network makes of three fixed images. */
async function outputs(result: BuildResult): Promise<Record<string, Float32Array>> {
  const graph = buildGraph(networkOf(tinySpec));
  const net = await loadArtefact(result.directory);
  const weights = Object.fromEntries(randomWeights(graph, 1));
  const model = await net.load({ weights, threads: 2 });
  try {
    return await model.run({ image: new Random(1).floats(3 * 60) });
  } finally {
    await model.dispose();
  }
}

/** Starts a build of the folder's spec in another process, and kills that while it compiles. */
async function killedBuild(folder: Folder): Promise<void> {
  const script = `
    import { buildArtefact } from ${JSON.stringify(packageFile("src/build/build.ts"))};
    import { networkOf } from ${JSON.stringify(packageFile("test/support/network.ts"))};
    import { readSource } from ${JSON.stringify(packageFile("src/model/sources/files.ts"))};
    const spec = process.argv[2];
    const onProgress = ({ phase, done }) => console.log(phase, done);
    await buildArtefact({ spec, network: networkOf(readSource(spec)), onProgress });
  `;
  writeFileSync(folder.file("build.mts"), script);
  const args = ["--import", "tsx", folder.file("build.mts"), folder.file("tiny.incept")];
  const child = spawn(process.execPath, args, { cwd: packageFile() });
  createInterface({ input: child.stdout }).on("line", (line) => {
    if (line === "compile 0") child.kill("SIGKILL");
  });
  let errors = "";
  child.stderr.on("data", (text: Buffer) => (errors += text.toString()));
  await once(child, "close");
  expect(child.signalCode, errors).toBe("SIGKILL");
}

describe("a build", () => {
  it(
    "leaves nothing that is trusted when it is killed; two at once then give one result",
    slow,
    async () => {
      using folder = new Folder();
      request(folder);
      await killedBuild(folder);
      const root = folder.file(".incept");
      expect(
        cacheEntries(folder.path).filter(({ directory }) => directory.startsWith(root)),
      ).toEqual([]);

      const events: BuildEvent[] = [];
      const onProgress = (event: BuildEvent): void => void events.push(event);
      const [first, second] = await Promise.all([
        buildArtefact(request(folder, { onProgress })),
        buildArtefact(request(folder, { onProgress })),
      ]);
      expect(first.directory).toBe(second.directory);
      expect([first.cached, second.cached].sort()).toEqual([false, true]);
      const phases = events.map(({ phase }) => phase);
      expect(phases.filter((phase) => phase === "configure")).toHaveLength(1);
      expect(new Set(phases)).toEqual(
        new Set(["emit", "wait", "configure", "compile", "link", "probe"]),
      );
      expect(readdirSync(root)).toEqual([first.directory.slice(root.length + 1)]);

      // Found again, and not by luck: another variant is another folder.
      const again = await buildArtefact(
        request(folder, { onProgress: () => expect.unreachable() }),
      );
      expect(again).toMatchObject({ directory: first.directory, cached: true });
      expect(existsSync(join(first.directory, "src", "forward_1.cpp"))).toBe(true);
      expect(first.manifest).toMatchObject({
        model: "Tiny",
        target: "cpu",
        outputs: [
          { name: "features", shape: [36, 6, 5], classes: "logits" },
          { name: "prob", shape: [3], classes: "distribution" },
        ],
        kernels: 2,
        convolutions: 3,
        binary: "tiny.node",
      });

      // The plain kernels on the graph as written are the judge; node-gyp builds them.
      const written = await buildArtefact(request(folder, { passes: false, builder: "node-gyp" }));
      expect(written.directory).not.toBe(first.directory);
      expect(readFileSync(join(written.directory, "build.log"), "utf8")).not.toMatch(/gyp http/);
      const [fast, plain] = [await outputs(first), await outputs(written)];
      expect(plain["prob"]).toHaveLength(9);
      for (const name of ["features", "prob"]) {
        expect(relativeL2(fast[name]!, plain[name]!), name).toBeLessThan(1e-5);
      }
    },
  );

  it("stops before it starts where no compiler is, and says what to install", async () => {
    using folder = new Folder();
    const path = process.env.PATH;
    process.env.PATH = folder.path;
    try {
      await expect(buildArtefact(request(folder))).rejects.toMatchObject({
        code: "toolchain/no-compiler",
      });
    } finally {
      process.env.PATH = path;
    }
    expect(existsSync(folder.file(".incept"))).toBe(false);
  });

  it("refuses a tap that names no step, before anything is written", async () => {
    using folder = new Folder();
    await expect(buildArtefact(request(folder, { taps: ["mixedd"] }))).rejects.toThrow(
      /mixedd.*Did you mean mixed/,
    );
    expect(existsSync(folder.file(".incept"))).toBe(false);
  });

  it("refuses a batch that is no count", async () => {
    using folder = new Folder();
    await expect(buildArtefact(request(folder, { maxBatch: 0 }))).rejects.toThrow(RangeError);
  });
});
