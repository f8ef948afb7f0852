import { InceptError } from "../../diagnostics/incept-error.js";
import {
  type CpuLevel,
  type CpuPrecision,
  hostLevel,
  levelsOfArch,
} from "../../targets/cpu/level.js";
import type { BuildRequest, TargetName } from "../request.js";

/** Where a variant is compiled: on this machine, or on any, as what is only written may be. */
export type Place = "here" | "anywhere";

/**
 * The instruction sets that a request names, best first; none for a GPU.
 *
 * @throws InceptError `build/cpu` for one of another architecture that is compiled here, and where there is no CPU to choose
 *   for or one program only
 */
export function levelsFor(
  { cpu, train }: Pick<BuildRequest, "cpu" | "train">,
  target: TargetName,
  precision: CpuPrecision = "f32",
  place: Place = "here",
): readonly CpuLevel[] {
  if (target !== "cpu") {
    if (cpu === undefined) return [];
    const message = `Instruction sets are of the CPU, but the target is ${target}.`;
    throw new InceptError("build/cpu", message, {
      help: "leave cpu out, or build for target cpu",
    });
  }
  if (cpu === undefined || cpu === "native") return [hostLevel(precision)];
  const known = levelsOfArch(precision);
  if (cpu !== "all") {
    if (cpu === "amx" && precision === "f32") {
      throw new InceptError("build/cpu", `${cpu} multiplies bf16: in f32 it has no use.`, {
        help: "add --precision bf16 (precision), or leave cpu out",
      });
    }
    if (place === "anywhere" || known.includes(cpu)) return [cpu];
    throw new InceptError(
      "build/cpu",
      `${cpu} is an instruction set of other processors: this machine compiles for ${process.arch}.`,
      {
        help: `it is one of native, ${known.join(", ")} or all; --emit-only writes the C++ for others`,
      },
    );
  }
  if (train === undefined) return known;
  throw new InceptError("build/cpu", "What trains is compiled for one instruction set.", {
    help: `leave cpu out, or name one of ${known.join(", ")}; what only answers may have all`,
  });
}
