import { describe, expect, it } from "vitest";
import { version } from "../../src/emit/package.js";
import { portTable } from "../../src/emit/ports.js";
import { formatComplaints } from "./clang-format.js";
import { emitted, tinySpec } from "./project.js";

/** All files one below the other; the compiler's version is not what is looked at. */
const whole = (files: ReadonlyMap<string, string>): string =>
  [...files]
    .map(([name, text]) => `==> ${name}\n${text.replaceAll(`inceptc ${version}`, "inceptc")}`)
    .join("\n");

describe("an emitted project", () => {
  it("spells out the network", async () => {
    await expect(whole(emitted(tinySpec))).toMatchFileSnapshot("snapshots/tiny.txt");
  });

  it("spells out the graph as written under --no-passes", async () => {
    const files = emitted(tinySpec, { passes: false, kind: "standalone" });
    await expect(whole(files)).toMatchFileSnapshot("snapshots/tiny-no-passes.txt");
  });

  it("is formatted as the repository's C++ is", () => {
    expect(formatComplaints(emitted(tinySpec))).toBe("");
    expect(formatComplaints(emitted(tinySpec, { passes: false, kind: "standalone" }))).toBe("");
  });

  it("has a folder for each instruction set, and lesser ones come first where it is linked", () => {
    const levels = ["avx512", "avx2", "baseline"] as const;
    for (const kind of ["addon", "standalone"] as const) {
      const files = emitted(tinySpec, { level: levels, kind });
      expect(formatComplaints(files)).toBe("");
      for (const level of levels) {
        const forward = files.get(`${level}/forward_1.cpp`)!;
        expect(forward).toContain(`namespace incept::network::${level} {`);
        expect(forward).toContain("target cpu avx512 avx2 baseline, f32");
      }
      const makes = ["CMakeLists.txt", ...(kind === "addon" ? ["binding.gyp"] : [])];
      for (const make of makes) {
        const places = [...levels]
          .reverse()
          .map((level) => files.get(make)!.indexOf(`${level}/forward_1`));
        expect(places).toEqual([...places].sort((a, b) => a - b));
        expect(files.get(make)!.indexOf("native/cpu/engine.cpp")).toBeLessThan(places[0]!);
      }
      // Tiles of an instruction set are no others': each chose its own.
      expect(files.get("avx512/forward_1.cpp")).not.toBe(files.get("avx2/forward_1.cpp"));
      expect(files.get("network.cpp")).toMatch(
        /kAvx512, "cpu avx512".*\n.*kAvx2, "cpu avx2".*\n.*kBaseline/,
      );
    }
  });

  it("is as well formatted where names are long and joins wide", () => {
    const long = "a_name_that_goes_on_and_on_and_on_and_on_and_on_and_on";
    const branches = Array.from(
      { length: 9 },
      (_, i) => `branch_${i}: conv(1x1, 16) as "${long}.${long}.${i}"`,
    );
    const spec = `model Wide {
      input image: f32[2, 6, 5]
      ${long}: concat { ${branches.join("\n")} }
      output ${long}_out: add { ${branches
        .map((b) => b.replace("conv(1x1", "conv(3x3"))
        .join("\n")
        .replaceAll(".0", "")
        .replaceAll(`.${long}.`, ".x")} }
    }`;
    expect(formatComplaints(emitted(spec))).toBe("");
    expect(formatComplaints(emitted(spec, { passes: false }))).toBe("");
  });
});

describe("text from a spec", () => {
  const evil = [
    "*/ #include </etc/passwd>",
    "??/",
    "a\\",
    '"); system(1); ("',
    "$(touch x)",
    "\n#x",
  ];

  it("never becomes code by way of comments and paths", () => {
    const spec = `/// ${evil.join(" ").replaceAll("\n", " ")}\n${tinySpec}`;
    const files = emitted(spec, { spec: '/tmp/"; rm -rf $(x) \\\n#define x.incept' });
    for (const [name, text] of files) {
      const code = text.split("\n").filter((line) => !line.trimStart().startsWith("//"));
      expect(code.join("\n"), name).not.toMatch(/passwd|system|touch|rm -rf|#define|#x/);
      expect(text, name).not.toMatch(/\\\n|\?\?/);
    }
    expect(formatComplaints(files)).toBe("");
  });

  it("is a literal in the tables of names, and an identifier everywhere else", () => {
    const rows = portTable(
      "parameter",
      evil.map((name) => ({ name, shape: [1], dtype: "f32" as const })),
    );
    for (const row of rows) {
      const bare = row.replace(/"[\x20-\x21\x23-\x5b\x5d-\x7e]*(\\[0-7]{3}[^"\\]*)*"/, "");
      expect(bare).toMatch(/^[\w :[\]={},]*;?$/);
    }
  });
});
