import { describe, expect, it } from "vitest";
import { compiledOf, projectOf } from "../../../src/build/project/project.js";
import { variantOf } from "../../../src/build/choose/variant.js";
import type { BuildRequest } from "../../../src/build/request.js";
import { layersOf } from "../../../src/bench/layers.js";
import { launchRows } from "../../../src/cli/explain/kernels.js";
import type { Program } from "../../../src/targets/program.js";
import { emitted, tinySpec } from "../../emit/project.js";
import { networkOf } from "../../support/network.js";

const request = (more: Partial<BuildRequest>): BuildRequest => ({
  spec: "test.incept",
  network: networkOf(tinySpec),
  target: "cpu",
  ...more,
});

const programOf = (more: Partial<BuildRequest>): Program => {
  const own = request(more);
  return projectOf(own, { ...variantOf(own), levels: ["avx512"] }).program;
};

/** Calls by name, looks at the clock with the number of the section, `|` for barriers. */
const outline = ({ run }: Program): string =>
  run
    .flatMap((item) => ("kind" in item ? [item] : item.instructions))
    .map((instruction) => {
      if (instruction.kind === "barrier") return "|";
      const [first] = instruction.args;
      const number = instruction.function === "lap" && first?.kind === "number" ? first.value : "";
      return `${instruction.function}${number}`;
    })
    .join(" ");

describe("a program that is timed", () => {
  it("looks at the clock where all threads have ended a section", () => {
    expect(outline(programOf({ timed: true }))).toBe(
      "start_laps to_blocked | lap0 scale | lap1 conv | lap2 conv | lap3 max_pool | lap4 " +
        "adaptive_avg_pool | lap5 to_planar | lap6 linear | lap7 softmax | lap8",
    );
  });

  it("begins anew where groups of images begin, so that waiting for them is no layer's", () => {
    const text = `model Wide {
      input image: f32[4, 8, 8]
      hidden: conv(3x3, 8, act: relu) -> flatten -> linear(600) -> relu
      output prob: linear(40)
    }`;
    const timed = programOf({ timed: true, network: networkOf(text) });
    expect(timed.target === "cpu" && timed.group).toBeGreaterThan(1);
    expect(outline(timed)).toMatch(/^start_laps conv .*start_laps linear/);
  });

  it("has the clock in its files, and no other program has", () => {
    const all = (timed: boolean): string => [...emitted(tinySpec, { target: "cpu", timed })].join();
    expect(all(true)).toContain("lap(t, 8);");
    expect(all(true)).toContain("native/cpu/laps.cpp");
    expect(all(true)).toContain("INCEPT_TIMED");
    expect(all(false)).not.toMatch(/laps?\b|INCEPT_TIMED/);
  });

  it("has the layers that explain --kernels shows, in its order of computing", () => {
    const own = request({ timed: true });
    const compiled = compiledOf(own.network, variantOf(own), "avx512");
    const names = layersOf(compiled).map(({ paths, operator, kernel, tuning, macs }) => {
      return { paths, operator, kernel, tuning, macs };
    });
    const launches = launchRows(compiled).map(({ paths, operator, kernel, tuning, macs }) => {
      return { paths, operator, kernel, tuning, macs };
    });
    const [stored, computed] = [true, false].map((isStored) =>
      names.filter(({ kernel }) => (kernel === "store") === isStored),
    );
    expect(new Set(computed)).toEqual(new Set(launches));
    expect(computed).toHaveLength(launches.length);
    expect(stored).toMatchObject([{ operator: "stored as the output features", macs: 0 }]);
  });
});
