/** One artefact for every processor of its architecture: `--cpu all`. */
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { buildArtefact } from "../../src/build/build.js";
import { findTool } from "../../src/build/choose/toolchain.js";
import type { BuildRequest, BuildResult } from "../../src/build/request.js";
import { packageFile } from "../../src/emit/package.js";
import { type CpuLevel, hostLevel, levelsOfArch } from "../../src/targets/cpu/level.js";
import { relativeL2 } from "../support/compare.js";
import { networkOf } from "../support/network.js";
import { Folder } from "./folder.js";

const execute = promisify(execFile);

/** Kernels of many headers, so that what they share would show. */
const text = `model Many {
  input image: f32[3, 20, 20]
  stem: conv(3x3, 32, norm: batchnorm, act: relu) -> lrn(5) -> maxpool(3x3/2)
  mixed: concat {
    wide:  conv(1x1, 16, act: relu) -> conv(5x5, 20, pad: same)
    deep:  depthwise(3x3, pad: same) -> batchnorm -> sigmoid
    other: avgpool(3x3/1, pad: same) -> conv(3x3, 32, pad: same, groups: 2) -> tanh
  }
  tail: residual { conv(3x3, 84, pad: same) -> prelu }
  output map: from tail -> softmax
  output prob: globalavgpool -> linear(10) -> softmax
}
`;

const all = levelsOfArch();
const mine = all.slice(all.indexOf(hostLevel()));

async function built(folder: Folder, more: Partial<BuildRequest>): Promise<BuildResult> {
  const spec = folder.file("many.incept");
  writeFileSync(spec, text);
  return buildArtefact({ spec, network: networkOf(text), target: "cpu", cpu: "all", ...more });
}

interface Ran {
  readonly info: Readonly<Record<"target" | "levels" | "weightBytes" | "arenaBytes", unknown>>;
  readonly outputs: Readonly<Record<string, readonly number[]>>;
}

/** Loads it in a process of its own, where `level` is asked for, and runs three images. */
async function ran({ directory }: BuildResult, level = ""): Promise<Ran> {
  const script = `
    import { loadArtefact } from ${JSON.stringify(packageFile("src/runtime/load-artefact.ts"))};
    const net = await loadArtefact(${JSON.stringify(directory)});
    const model = await net.load({ weights: "random:1", threads: 2 }).catch((error) => {
      console.log(JSON.stringify({ code: error.code, message: error.message, help: error.help }));
      process.exit(0);
    });
    const image = Float32Array.from({ length: 3 * 1200 }, (_, i) => Math.sin(i));
    const outputs = Object.entries(await model.run({ image })).map(([k, v]) => [k, [...v]]);
    console.log(JSON.stringify({ info: model.info, outputs: Object.fromEntries(outputs) }));
  `;
  const { stdout } = await execute(
    process.execPath,
    ["--import", "tsx", "--input-type=module", "-e", script],
    { cwd: packageFile(), env: { ...process.env, INCEPT_CPU: level }, maxBuffer: 1 << 26 },
  );
  return JSON.parse(stdout) as Ran;
}

/** Functions with instructions of a set that their names do not name, in a linked library. */
async function strangers(binary: string): Promise<readonly string[]> {
  const { stdout } = await execute("objdump", ["-d", "-C", "--no-show-raw-insn", binary], {
    maxBuffer: 1 << 30,
  });
  const found = new Set<string>();
  let name = "";
  for (const line of stdout.split("\n")) {
    const begins = /^[0-9a-f]+ <(.*)>:$/.exec(line);
    if (begins !== null) name = begins[1]!;
    const wide = /%zmm|%[xy]mm(?:1[6-9]|2\d|3[01])|%k[0-7]\b/.test(line);
    const vex = /^ +[0-9a-f]+:\tv[a-z0-9]+ /.test(line);
    if (wide && !/avx512/i.test(name)) found.add(name);
    if (vex && !/avx(?:512|2)/i.test(name)) found.add(name);
  }
  return [...found];
}

const looks = process.arch === "x64" && findTool(["objdump"]) !== undefined;

it.each(["cmake-js", "node-gyp"] as const)(
  "an artefact of %s holds a program for each instruction set and picks the best",
  async (builder) => {
    using folder = new Folder();
    const artefact = await built(folder, { builder });
    const { manifest } = artefact;
    expect(manifest.level).toBe(all.join(" "));
    const best = await ran(artefact);
    expect(best.info).toMatchObject({ target: `cpu ${hostLevel()}`, levels: all });
    for (const level of mine) {
      const { info, outputs } = await ran(artefact, level);
      const own = manifest.programs?.find((program) => program.level === level) ?? manifest;
      expect(info).toMatchObject({ target: `cpu ${level}`, weightBytes: own.weightBytes });
      for (const [name, values] of Object.entries(outputs)) {
        const judge = Float32Array.from(best.outputs[name]!);
        expect(relativeL2(Float32Array.from(values), judge), `${level} ${name}`).toBeLessThan(1e-5);
      }
    }
    expect(await ran(artefact, "avx1024")).toEqual({
      code: "cpu/level",
      message: `INCEPT_CPU is avx1024, but Many was compiled for ${all.join(" ")}.`,
      help: "unset INCEPT_CPU, or build with --cpu all",
    });
    if (looks) expect(await strangers(artefact.binary)).toEqual([]);
  },
);

it("shares no code of an instruction set in reference kernels", async ({ skip }) => {
  skip(!looks, "nothing here shows instructions");
  using folder = new Folder();
  const { binary } = await built(folder, { passes: false });
  expect(await strangers(binary)).toEqual([]);
});

it("is built for a lesser instruction set than this machine's", async ({ skip }) => {
  const lesser: CpuLevel | undefined = mine[1];
  skip(lesser === undefined, "this processor has one instruction set");
  using folder = new Folder();
  const artefact = await built(folder, { cpu: lesser });
  expect(artefact.manifest.level).toBe(lesser);
  expect((await ran(artefact)).info).toMatchObject({ target: `cpu ${lesser}`, levels: [lesser] });
  expect(await ran(artefact, hostLevel())).toMatchObject({
    code: "cpu/level",
    message: `INCEPT_CPU is ${hostLevel()}, but Many was compiled for ${lesser}.`,
  });
});
