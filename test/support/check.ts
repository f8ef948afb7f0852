import { renderDiagnostics } from "../../src/diagnostics/render.js";
import { checkSpec, type CheckOptions } from "../../src/model/check.js";
import type {
  NetChain,
  NetMember,
  NetParameter,
  Network,
  NetStep,
} from "../../src/model/network.js";
import { subchains } from "../../src/model/walk.js";

/** Files that a spec in a test imports, by the path written. */
export type Files = Readonly<Record<string, string>>;

type Options = Partial<CheckOptions> & { readonly files?: Files };

/** Checks a spec's text; imports and labels are read from `files`. */
export function check(text: string, { files = {}, ...options }: Options = {}) {
  const read = (path: string) => {
    const found = files[path];
    return found === undefined ? undefined : { path, text: found };
  };
  return checkSpec({ path: "test.incept", text }, { read, ...options });
}

/** The network of a spec without errors. */
export function checked(text: string, options: Options = {}): Network {
  const { network, diagnostics } = check(text, options);
  if (network === undefined) throw new Error(renderDiagnostics(diagnostics));
  return network;
}

/** The codes of a spec's findings, in order of place. */
export const codes = (text: string, options: Options = {}): string[] =>
  check(text, options).diagnostics.map(({ code }) => code);

export const stepsOf = (chain: NetChain): readonly NetStep[] =>
  chain.steps.flatMap((step) => [step, ...subchains(step).flatMap(stepsOf)]);

/** Of members of these kinds, in order. */
export const parametersOf = (
  network: Network,
  kinds: readonly NetMember["kind"][] = ["stage", "output"],
): readonly NetParameter[] =>
  network.members
    .filter(({ kind }) => kinds.includes(kind))
    .flatMap(({ chain }) => stepsOf(chain))
    .flatMap((step) => (step.kind === "op" ? step.parameters : []));

/** Elements of what is learned: running statistics are state. */
export const learned = (parameters: readonly NetParameter[]): number =>
  parameters
    .filter(({ role }) => !role.startsWith("running"))
    .reduce((sum, { shape }) => sum + shape.reduce((product, d) => product * d, 1), 0);
