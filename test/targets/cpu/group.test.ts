import { describe, expect, it } from "vitest";
import { renderProject } from "../../../src/emit/render.js";
import { packageFile } from "../../../src/emit/package.js";
import { readSource } from "../../../src/model/sources/files.js";
import { projectOf } from "../../../src/build/project/project.js";
import { variantOf } from "../../../src/build/choose/variant.js";
import type { BuildRequest } from "../../../src/build/request.js";
import type { Project } from "../../../src/emit/project.js";
import type { Call, CpuProgram } from "../../../src/targets/program.js";
import { networkOf } from "../../support/network.js";

type Spec = Parameters<typeof networkOf>[0];

function projectFor(text: Spec, more: Partial<BuildRequest> = {}): Project {
  const request: BuildRequest = {
    spec: "t.incept",
    network: networkOf(text),
    target: "cpu",
    ...more,
  };
  return projectOf(request, { ...variantOf(request), levels: ["avx2"] });
}

const programOf = (text: Spec, more: Partial<BuildRequest> = {}): CpuProgram =>
  projectFor(text, more).program as CpuProgram;

const example = (name: string): Spec => readSource(packageFile("examples", name, `${name}.incept`));

/** A classifier on a small stem: its weights are thirty arenas. */
const wide = `model Wide {
  input image: f32[4, 8, 8]
  stem: conv(3x3, 16, act: relu)
  aux early: from stem -> flatten -> linear(3)
  hidden: conv(1x1, 8) -> flatten -> linear(600) -> scale(2)
  output prob: linear(40) -> softmax
}`;

describe("how many images a program takes together", () => {
  it.each([
    ["googlenet", 1],
    ["inception-v3", 1],
    ["cifar-inception", 1],
    ["simple-inception", 5],
  ])("%s: %i", (name, group) => {
    expect(programOf(example(name), { algebra: false }).group).toBe(group);
  });

  it("is what arenas fit the bytes of the weights that they share", () => {
    const { group, arenaBytes } = programOf(wide);
    // Rows of 512 and 600 numbers, the latter in blocks; biases of 600 and 40.
    const bytes = 4 * (600 * 512 + 600 + 40 * 608 + 40);
    expect(group).toBe(Math.floor(bytes / arenaBytes));
    expect(group).toBeGreaterThan(8);
  });

  it("is one where the caches hold the weights: then nothing is won by meeting", () => {
    const small = (features: number): string => `model Small {
      input image: f32[16]
      hidden: linear(${features}) -> relu -> linear(${features}) -> relu
      output prob: linear(8) -> softmax
    }`;
    expect(programOf(small(256)).group).toBe(1);
    expect(programOf(small(1024)).group).toBeGreaterThan(8);
  });

  it("is one where references compute, which share nothing", () => {
    expect(programOf(wide, { passes: false }).group).toBe(1);
  });
});

const callOf = (section: { readonly instructions: readonly unknown[] }): Call =>
  section.instructions[0] as Call;

describe("a program in groups", () => {
  const { run } = programOf(wide, { aux: true });
  const sections = run.flatMap((item) => ("kind" in item ? [] : [item]));

  it("makes the calls of fully connected layers once for all images, the others for each", () => {
    for (const section of sections) {
      const linear = callOf(section).function === "linear";
      expect(section.eachImage).toBe(!linear);
      const kinds = callOf(section).args.map(({ kind }) => kind);
      expect(kinds.includes("images")).toBe(linear);
    }
    expect(sections.filter(({ eachImage }) => !eachImage)).toHaveLength(3);
  });

  it("has them behind what each image does at the same level", () => {
    const levels: boolean[][] = [[]];
    for (const item of run) {
      if ("kind" in item) levels.push([]);
      else levels.at(-1)!.push(item.eachImage);
    }
    for (const level of levels)
      expect(level).toEqual(level.toSorted((a, b) => Number(b) - Number(a)));
    expect(levels.some((level) => level.includes(true) && level.includes(false))).toBe(true);
  });
});

describe("what is emitted", () => {
  const networkCpp = (text: Spec, more: Partial<BuildRequest> = {}): string =>
    renderProject({ ...projectFor(text, more), command: "test" }, "addon").get("network.cpp")!;
  /** `forward` without its comments. */
  const forward = (text: Spec, more: Partial<BuildRequest> = {}): string =>
    networkCpp(text, more)
      .split("void forward(")[1]!
      .replace(/ +\/\/.*/g, "");

  it("lets all threads meet around what is done once", () => {
    expect(forward(wide, { passes: true })).toContain(`  meet(t);
  forward_3(t, run);
  meet(t);
  each_image(t, run, [](cpu::Member& t, const Run& image) {
    forward_4(t, image);
  });
  meet(t);
`);
  });

  it("bounds a group by the largest batch, and has one loop without", () => {
    expect(networkCpp(wide, { maxBatch: 3 })).toMatch(/ 3, [\d.]+, avx2::preparations/);
    expect(networkCpp(example("cifar-inception"))).toMatch(/ 1, [\d.]+, avx2::preparations/);
    expect(forward(example("cifar-inception"))).not.toContain("meet");
  });

  it("gives the kernel all images: arenas by their distance, an output by its own", () => {
    const files = renderProject(
      { ...projectFor(example("simple-inception"), { algebra: false }), command: "" },
      "addon",
    );
    expect(files.get("forward_3.cpp")).toMatch(/run\.all\(a\), .*run\.all\(output_logits, 10\)/s);
  });
});
