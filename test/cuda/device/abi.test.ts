/**
 * What native/cuda/device declares of the libraries' ABIs against the vendor's own headers: every
 * value, type and function, none of them deprecated.
 */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { device, hostCompile, vendorIncludes, withoutWheels } from "./support.js";

const common = `
#include <type_traits>
template <class A, class B> constexpr bool alike =
    sizeof(A) == sizeof(B) && std::is_pointer_v<A> == std::is_pointer_v<B> &&
    std::is_enum_v<A> == std::is_enum_v<B> && std::is_floating_point_v<A> == std::is_floating_point_v<B>;
template <> constexpr bool alike<void, void> = true;
template <class A, class B> constexpr bool same = false;
template <class A, class... P, class B, class... Q> constexpr bool same<A (*)(P...), B (*)(Q...)> = [] {
  if constexpr (sizeof...(P) != sizeof...(Q)) return false;
  else return alike<A, B> && (alike<P, Q> && ...);
}();
`;

/** An assertion for each thing that the header declares; the comments say what it stands for. */
function assertions(header: string, prefix: string): readonly string[] {
  const found: string[] = [];
  const name = header.match(/^namespace (incept::cuda::\w+) \{/m)![1]!;
  const enums = header.matchAll(/\/\/ (\w+): (\w+)\*(\w*)\nenum class (\w+) : int \{([^}]*)\}/g);
  for (const [, type, before, after, ours, body] of enums) {
    found.push(`static_assert(alike<${name}::${ours}, ${type}>);`);
    for (const entry of body!.matchAll(/(\w+) = (\d+),?(?: *\/\/ (\w+))?/g)) {
      const theirs = entry[3] ?? `${before}${entry[1]}${after}`;
      found.push(`static_assert(int(${name}::${ours}::${entry[1]}) == int(${theirs}));`);
    }
  }
  for (const [, member] of header.matchAll(/\(\*(\w+)\)\(/g)) {
    const ours = `decltype(${name}::Functions::${member})`;
    found.push(`static_assert(same<${ours}, decltype(&${prefix}${member})>);`);
  }
  return found;
}

async function compile(header: string, includes: string, checks: readonly string[]): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "incept-abi-"));
  try {
    const file = join(folder, "abi.cpp");
    await writeFile(
      file,
      `${includes}\n#include "device/${header}"\n${common}\n${checks.join("\n")}`,
    );
    await hostCompile("-fsyntax-only", "-DCUDNN_WARN_DEPRECATED", ...vendorIncludes, file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const cudnn = "#include <cudnn.h>\n#include <cudnn_backend.h>";
const cublas = "#include <cublasLt.h>";

describe.skipIf(withoutWheels !== undefined)(`the vendor's headers${reason()}`, () => {
  test("agree with cudnn_api.hpp", async () => {
    const header = await readFile(join(device, "cudnn_api.hpp"), "utf8");
    const checks = assertions(header, "cudnn");
    expect(checks.length).toBe(9 + enumerators(header) + 12);
    await compile("cudnn_api.hpp", cudnn, checks);
  });

  test("agree with cublas_api.hpp", async () => {
    const header = await readFile(join(device, "cublas_api.hpp"), "utf8");
    const checks = [
      ...assertions(header, "cublasLt"),
      "namespace lt = incept::cuda::cublas;",
      "static_assert(sizeof(lt::Algorithm) == sizeof(cublasLtMatmulAlgo_t));",
      "static_assert(sizeof(lt::Heuristic) == sizeof(cublasLtMatmulHeuristicResult_t));",
      ...["algo", "workspaceSize", "state", "wavesCount"].map(
        (field) =>
          `static_assert(offsetof(lt::Heuristic, ${field}) == ` +
          `offsetof(cublasLtMatmulHeuristicResult_t, ${field}));`,
      ),
    ];
    expect(checks.length).toBe(9 + enumerators(header) + 15 + 7);
    await compile("cublas_api.hpp", cublas, checks);
  });

  test("would tell a wrong value, a wrong parameter and what is deprecated", async () => {
    const tell = (check: string) => compile("cudnn_api.hpp", cudnn, [check]);
    await expect(tell("static_assert(101 == int(CUDNN_POINTWISE_RELU_FWD));")).rejects.toThrow();
    const function_ = "cudnnStatus_t (*)(int)";
    await expect(
      tell(`static_assert(same<${function_}, decltype(&cudnnCreate)>);`),
    ).rejects.toThrow("static assertion failed");
    await expect(
      tell("static_assert(400 == int(CUDNN_ATTR_EXECUTION_PLAN_HANDLE));"),
    ).rejects.toThrow("deprecated");
  });
});

/** How many values the header gives, counted another way. */
function enumerators(header: string): number {
  return (header.match(/\b[A-Z]\w* = \d+/g) ?? []).length;
}

function reason(): string {
  return withoutWheels === undefined ? "" : ` (left out: ${withoutWheels})`;
}
