/** Kernels that are asked for by name: that there are such, and that they compute something. */
import { counted } from "../../diagnostics/counted.js";
import { InceptError } from "../../diagnostics/incept-error.js";
import { suggest } from "../../diagnostics/suggest.js";
import { visible } from "../../diagnostics/visible.js";
import { runNodes } from "../../graph/graph.js";
import { forcedOf } from "../../kernels/forced.js";
import type { Network } from "../../model/network.js";
import { cpuKernels } from "../../targets/cpu/list.js";
import { trainingKernels } from "../../targets/cpu/training-list.js";
import type { Program, TrainingProgram } from "../../targets/program.js";
import type { Compiled } from "../../targets/target.js";
import type { TargetName } from "../request.js";

interface Asked {
  readonly target: TargetName;
  readonly passes: boolean;
  readonly trains: boolean;
}

/**
 * The names in their order, each once.
 *
 * @throws InceptError `build/kernel` for a name that no kernel has, or where none can be forced
 */
export function forcedKernels(
  names: readonly string[],
  { target, passes, trains }: Asked,
): readonly string[] {
  if (names.length === 0) return [];
  if (target !== "cpu") {
    throw new InceptError("build/kernel", "A GPU's library chooses the kernels of its layers.", {
      help: "leave --force out, or build for target cpu",
    });
  }
  if (!passes) {
    throw new InceptError("build/kernel", "Without passes all is computed by the references.", {
      help: "leave out --force or --no-passes",
    });
  }
  const known = kernelNames(trains);
  const unknown = names.map((name) => forcedOf(name).kernel).find((name) => !known.includes(name));
  if (unknown !== undefined) throw noKernel(unknown, known);
  return [...new Set(names)].sort();
}

const kernelNames = (trains: boolean): readonly string[] => {
  const own = cpuKernels.filter((each) => trains || !trainingKernels.includes(each));
  return [...new Set(own.map(({ name }) => name))];
};

/** Lists those of the same primitive, where there are any. */
function noKernel(name: string, known: readonly string[]): InceptError {
  const near = suggest(name, known);
  const family = known.filter((each) => primitiveOf(each) === primitiveOf(name));
  const names = (family.length > 0 ? family : known).join(", ");
  return new InceptError("build/kernel", `There is no kernel ${visible(name)}.`, {
    help: near === undefined ? `it is one of ${names}` : `did you mean ${near}?`,
  });
}

/** `conv` of `conv.direct`. */
const primitiveOf = (kernel: string): string => kernel.split(".")[0]!;

type AnyCompiled = Compiled<Program | TrainingProgram>;

/**
 * @param compiled the programs of a build
 * @throws InceptError `build/kernel` for a name that is no way to compute any layer of any of them
 */
export function requireForced({ name }: Network, compiled: readonly AnyCompiled[]): void {
  const [first, ...others] = compiled.map(({ idle }) => idle);
  const unused = first?.find((each) => others.every((idle) => idle.includes(each)));
  if (unused === undefined) return;
  throw new InceptError(
    "build/kernel",
    `No layer of ${name} can be computed by ${visible(unused)}.`,
    {
      help: reason(unused, compiled),
    },
  );
}

/** Its other tunings here, or why it refuses. */
function reason(name: string, compiled: readonly AnyCompiled[]): string {
  const { kernel } = forcedOf(name);
  const choices = compiled.flatMap(({ plan, choice }) => runNodes(plan.graph).map(choice));
  const ways = choices.flatMap((each) => each.ways).filter((way) => way.kernel === kernel);
  const tunings = [...new Set(ways.map(({ tuning }) => tuning))];
  if (tunings.length > 0) {
    const set = tunings.filter((tuning) => tuning !== "");
    return set.length === 0
      ? `${kernel} has nothing to set up: leave out what follows the colon`
      : `here ${kernel} is set up as ${set.join(", ")}`;
  }
  const refused = choices.flatMap((each) => each.refused).filter((each) => each.kernel === kernel);
  const whys = [...new Set(refused.map(({ why }) => why))];
  if (whys.length === 0) return "no step is of what it computes";
  return whys
    .map((why) => `${why} (${counted(refused.filter((each) => each.why === why).length, "layer")})`)
    .join("; ");
}
