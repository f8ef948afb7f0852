import { pathToFileURL } from "node:url";
import { describe, expect, it, vi } from "vitest";
import { load } from "../../src/hooks.js";
import { isSpec } from "../../src/spec-module.js";

const path = '/nets/it\'s "one" net.incept';
const url = pathToFileURL(path).href;

/** The module's two imports: the package's entry point, and the spec it hands on. */
function parse(source: unknown): { entry: string; spec: string } {
  const match =
    /^import \{ importSpec \} from (".*");\nexport default await importSpec\((".*")\);\n$/;
  const [, entry = '""', spec = '""'] = match.exec(String(source)) ?? [];
  return { entry: String(JSON.parse(entry)), spec: String(JSON.parse(spec)) };
}

describe("a spec as a module", () => {
  const context = { conditions: [], format: undefined, importAssertions: {}, importAttributes: {} };

  it("is written by Node's hook, any name quoted", async () => {
    const next = vi.fn();
    const result = await load(`${url}?t=1`, context, next);
    expect(result).toMatchObject({ format: "module", shortCircuit: true });
    const { entry, spec } = parse(result.source);
    expect(spec).toBe(url);
    expect(entry).toBe(new URL("../../src/index.js", import.meta.url).href);
    expect(next).not.toHaveBeenCalled();
  });

  it("leaves other modules to the next hook", async () => {
    const next = vi.fn(() => ({ format: "module", source: "x" }));
    expect(await load("file:///a/incept.js", context, next)).toEqual({
      format: "module",
      source: "x",
    });
    expect(next).toHaveBeenCalledWith("file:///a/incept.js", context);
  });

  it("is told by its extension", () => {
    expect(["a.incept", "a.incept?x=1", "/a.incept#b"].every(isSpec)).toBe(true);
    expect(["a.incept.ts", "incept", "a.inceptx"].some(isSpec)).toBe(false);
  });
});
