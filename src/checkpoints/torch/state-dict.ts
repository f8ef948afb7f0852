/** Finds the weights in what was saved: with an optimizer, an epoch and whatever a trainer keeps. */
import { counted } from "../../diagnostics/counted.js";
import { InceptError } from "../../diagnostics/incept-error.js";
import { suggest } from "../../diagnostics/suggest.js";
import { visible, visibleName } from "../../diagnostics/visible.js";
import { Dict, Global, Mark, Tensor, Tuple, type Value } from "./values.js";

/**
 * The only dictionary that bears tensors, or the one that `key` names.
 *
 * @param file as messages name it
 * @throws InceptError `weights/key` where there are several, or none of that name; `weights/format`
 *   for what has none
 */
export function stateDict(file: string, saved: Value, key?: string): Dict {
  const found = dictionariesIn(saved, key);
  if (key !== undefined) {
    const [named] = found.filter(({ path }) => path === key);
    if (named !== undefined && named.tensors > 0) return named.dict;
    throw wrongKey(file, key, dictionariesIn(saved, undefined).filter(bearing));
  }
  const [only, ...others] = found.filter(bearing);
  if (only === undefined) throw nothing(file, saved);
  if (others.length === 0) return only.dict;
  throw new InceptError("weights/key", `${file} has tensors in several places: ${listed(found)}.`, {
    help: `name one of them: --key ${keyText(largest(found).path)}, or key in load`,
  });
}

const largest = (found: readonly Found[]): Found =>
  found.reduce((most, one) => (one.tensors > most.tensors ? one : most));

interface Found {
  /** `ema.state_dict`; of what is outermost `.` */
  readonly path: string;
  readonly dict: Dict;
  readonly tensors: number;
  /** A single loss or score is no weight of a network, unless it is all there is. */
  readonly isScalar: boolean;
}

const outermost = ".";
/** Nobody nests as deep, and what refers to itself ends. */
const deepest = 32;

/** @param key of one that is taken although it is an optimizer's, or within one */
function dictionariesIn(saved: Value, key: string | undefined): readonly Found[] {
  const found: Found[] = [];
  const seen = new Set<Value>();
  const visit = (value: Value, path: string, depth: number): void => {
    if (depth > deepest) return;
    if (seen.has(value)) {
      // By another of its names it may be asked for.
      if (key !== undefined && value instanceof Dict) found.push(foundAt(path, value));
      return;
    }
    if (value instanceof Dict) {
      seen.add(value);
      if (key === undefined && isOptimizer(value)) return;
      found.push(foundAt(path, value));
      for (const [name, inner] of value.entries) visit(inner, joined(path, name), depth + 1);
    } else if (Array.isArray(value) || value instanceof Tuple) {
      seen.add(value);
      const items = value instanceof Tuple ? value.items : value;
      items.forEach((item, i) => visit(item, joined(path, i), depth + 1));
    }
  };
  visit(saved, outermost, 0);
  const wholes = found.filter((one) => one.tensors > 0 && !one.isScalar);
  return wholes.length === 0 || key !== undefined ? found : wholes;
}

function foundAt(path: string, dict: Dict): Found {
  const all = [...dict.entries.values()].filter(isTensor);
  const isScalar = all.every((one) => one instanceof Tensor && one.shape.length === 0);
  return { path, dict, tensors: all.length, isScalar };
}

const bearing = ({ tensors }: Found): boolean => tensors > 0;

/** An array of NumPy's is a score beside a network, more often than one of its weights. */
const isTensor = (value: Value): boolean =>
  value instanceof Tensor ||
  (value instanceof Mark && value.tensor !== undefined && !/(?:^|\.)multiarray\./.test(value.of));

/** What `Optimizer.state_dict()` gives: its moments are tensors, too. */
const isOptimizer = ({ entries }: Dict): boolean =>
  entries.has("state") && entries.has("param_groups");

function joined(path: string, name: Value): string {
  const part = typeof name === "string" || typeof name === "number" ? String(name) : "?";
  return path === outermost ? part : `${path}.${part}`;
}

const keyText = (path: string): string =>
  /^[\w.-]+$/.test(path) ? path : JSON.stringify(visible(path));

/** `model (116 tensors), ema.state_dict (116 tensors)` */
function listed(found: readonly Found[]): string {
  const some = found
    .slice(0, 6)
    .map(({ path, tensors }) => `${visibleName(path)} (${counted(tensors, "tensor")})`);
  return [...some, ...(found.length > some.length ? ["…"] : [])].join(", ");
}

function wrongKey(file: string, key: string, found: readonly Found[]): InceptError {
  const near = suggest(
    key,
    found.map(({ path }) => path),
  );
  const help =
    near === undefined
      ? found.length === 0
        ? "it has none"
        : `it has ${listed(found)}`
      : `did you mean ${keyText(near)}?`;
  const what = `${file} has no dictionary of tensors called "${visible(key)}".`;
  return new InceptError("weights/key", what, { help });
}

/** Why there are no tensors by name. */
function nothing(file: string, saved: Value): InceptError {
  const module = moduleIn(saved);
  if (module !== undefined) {
    const what = `${file} holds a whole module (${visibleName(module)}), which only its own Python code reads.`;
    return new InceptError("weights/format", what, {
      help: "save its state dict in Python: torch.save(model.state_dict(), FILE)",
    });
  }
  const what = `${file} holds ${whatIs(saved)}, and no state dict.`;
  return new InceptError("weights/format", what, {
    help: "save a state dict in Python: torch.save(model.state_dict(), FILE)",
  });
}

/** The class of a module that was saved as an object, alone or in a dictionary. */
function moduleIn(saved: Value): string | undefined {
  const values = saved instanceof Dict ? [...saved.entries.values()] : [saved];
  const module = values.find(
    (value) =>
      value instanceof Mark && value.state instanceof Dict && value.state.entries.has("_modules"),
  );
  return module instanceof Mark ? module.of : undefined;
}

function whatIs(value: Value): string {
  if (value instanceof Tensor) return "a tensor without a name";
  if (value instanceof Dict) return "a dictionary";
  if (value instanceof Mark) return value.tensor?.what ?? `an object of ${visibleName(value.of)}`;
  if (value instanceof Global) return `the class ${visibleName(value.path)}`;
  if (Array.isArray(value) || value instanceof Tuple) return "a list";
  return typeof value === "string" ? "a text" : "a value";
}
