import { describe, expect, it } from "vitest";
import { version } from "../../src/emit/package.js";
import { formatComplaints } from "./clang-format.js";
import { emitted, tinySpec } from "./project.js";

const whole = (files: ReadonlyMap<string, string>): string =>
  [...files]
    .map(([name, text]) => `==> ${name}\n${text.replaceAll(`inceptc ${version}`, "inceptc")}`)
    .join("\n");

/** A module as in the paper, with what a library cannot do as it stands. */
const inceptionSpec = `model Small {
  input image: f32[16, 10, 10]
  mixed: concat {
    b1:   conv(1x1, 16, act: relu)
    b3:   conv(1x1, 8, act: relu) -> conv(3x3, 24, act: relu)
    pool: maxpool(3x3/1, pad: same) -> conv(1x1, 8, act: relu)
  }
  down: conv(3x3/2, 16, pad: tf_same)
  odd: concat { a: conv(1x1, 3)  b: conv(1x1, 5) }
  output y: add { a: identity  b: conv(3x3, in) } -> flatten -> linear(4)
}
`;

describe("an emitted CUDA project", () => {
  it("spells out the network", async () => {
    const files = emitted(tinySpec, { target: "cuda", precision: "f16" });
    await expect(whole(files)).toMatchFileSnapshot("snapshots/tiny-cuda.txt");
  });

  it("has the simulator compile the same program as C++", () => {
    const cuda = emitted(inceptionSpec, { target: "cuda", precision: "bf16" });
    const sim = emitted(inceptionSpec, { target: "cuda-sim", precision: "bf16" });
    const program = (files: ReadonlyMap<string, string>): string[] =>
      [...files]
        .filter(([name]) => /\.(cu|hpp)$/.test(name))
        .map(([name, text]) => name + text.replace(/^\/\/.*$/gm, ""));
    expect(program(sim)).toEqual(program(cuda));
    expect(sim.get("CMakeLists.txt")).toContain("INCEPT_SIM");
    expect(cuda.get("CMakeLists.txt")).not.toContain("INCEPT_SIM");
  });

  it("pads unevenly by a task's own call, and copies siblings that begin at no vector", () => {
    const text = [...emitted(inceptionSpec, { target: "cuda", precision: "f16" })]
      .filter(([name]) => name.endsWith(".cu"))
      .map(([, file]) => file)
      .join("");
    const calls = [...text.matchAll(/^ {2}(\w+)<.*value::(\w+)\);$/gm)].map(
      ([, name, to]) => `${name} ${to}`,
    );
    expect(calls).toContain("conv mixed_siblings");
    expect(calls).toContain("pad down_padded");
    expect(calls.filter((call) => call.startsWith("copy odd"))).toEqual([
      "copy odd_b",
      "copy odd_a",
      "copy odd_operand1",
    ]);
  });

  it("is formatted as the repository's C++ is", () => {
    for (const precision of ["f32", "tf32", "f16", "bf16"] as const) {
      expect(formatComplaints(emitted(tinySpec, { target: "cuda", precision }))).toBe("");
      expect(formatComplaints(emitted(inceptionSpec, { target: "cuda", precision }))).toBe("");
    }
    expect(formatComplaints(emitted(inceptionSpec, { target: "cuda", passes: false }))).toBe("");
  });

  it("is as well formatted where names are long and joins wide", () => {
    const long = "a_name_that_goes_on_and_on_and_on_and_on_and_on_and_on";
    const branches = Array.from(
      { length: 9 },
      (_, i) => `branch_${i}: conv(3x3, 16) as "${long}.${long}.${i}"`,
    );
    const spec = `model Wide {
      input image: f32[2, 6, 5]
      ${long}: concat { ${branches.join("\n")} }
      output ${long}_out: add { ${branches.join("\n").replaceAll(`.${long}.`, ".x")} }
    }`;
    expect(formatComplaints(emitted(spec, { target: "cuda" }))).toBe("");
  });

  it("makes machine code for the architectures that are named, and PTX of the last", () => {
    const lists = (arch?: readonly number[]): string =>
      /ARCHITECTURES "(.*)"/.exec(
        emitted(tinySpec, { target: "cuda", arch }).get("CMakeLists.txt")!,
      )![1]!;
    expect(lists()).toBe("80-real;86-real;89-real;90-real;100-real;120");
    expect(lists([90, 80])).toBe("80-real;90");
  });
});
