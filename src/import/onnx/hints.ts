/** What a file's names say of where a node stands in the network that it was made of. */
import type { StoredWeight } from "../imported.js";
import type { FileNode } from "./decode/model.js";

/**
 * From the names of its weights first, which come from the network itself; then the node's, which
 * exporters make of its module; then what they write beside it; then the name of what it gives.
 */
export function hintOf(node: FileNode, weights: readonly StoredWeight[]): readonly string[] {
  for (const { name } of weights) {
    const hint = ofWeight(name);
    if (hint.length > 0) return hint;
  }
  const named = ofNode(node);
  if (named.length > 0) return named;
  if (node.scopes.length > 0) return ofScopes(node.scopes);
  const output = (node.outputs[0] ?? "").replace(/_output_\d+$/, "");
  return numbered.test(output) ? [] : withoutOperator(parts(output), node.opType);
}

/** Names that nobody gave: `r137`, `t12`, `348`. */
const numbered = /^[a-z]?\d+$/i;

const parts = (name: string): readonly string[] => name.split(/[/.]/).filter((part) => part !== "");

/** What frameworks call the parameters of one layer. */
const roles =
  /^(weight|bias|kernel|gamma|beta|scale|offset|running_mean|running_var|moving_mean|moving_variance|mean|var|variance|w|b|weight_bias)$/i;
const caffe2 = /_(w|b|s|bn_scale|bn_bias|rm|riv|weight|bias)(_\d+)?$/;

/** Such weights were folded: `onnx::Conv_123`, `val_7`. */
const made = /^(onnx::|_v_|val_|const_|constant|Constant|\d+$|tmp|expr_)/;

function ofWeight(name: string): readonly string[] {
  if (made.test(name)) return [];
  const all = parts(name.replace(/:\d+$/, "").replace(/_(fused_bn|folded|quant)$/, ""));
  const last = all.at(-1);
  if (last === undefined) return [];
  if (roles.test(last)) return all.slice(0, -1);
  const stripped = last.replace(caffe2, "");
  return stripped === last ? [] : [...all.slice(0, -1), stripped];
}

/**
 * PyTorch's legacy exporter writes modules as a path, `/inception3a/branch1/conv/Conv`, in which the
 * parts of a sequence say their whole name: `/features/features.0/features.0.1/Conv`.
 */
function ofNode({ name, opType }: FileNode): readonly string[] {
  if (!name.startsWith("/")) return [];
  const modules = name.slice(1).split("/");
  const own = modules.map((module, i) => {
    const outer = `${modules[i - 1] ?? ""}.`;
    return module.startsWith(outer) && outer !== "." ? module.slice(outer.length) : module;
  });
  return withoutOperator(own.flatMap(parts), opType);
}

/** The innermost says all: `stage2.0.branch1`; the last is the function that was called. */
function ofScopes(scopes: readonly string[]): readonly string[] {
  const modules = scopes.slice(0, -1).filter((scope) => scope !== "");
  return parts(modules.at(-1) ?? "");
}

/** The operator's own name at the end says nothing of where it stands: `Conv`, `Relu_3`. */
function withoutOperator(all: readonly string[], opType: string): readonly string[] {
  const last = all.at(-1);
  if (last === undefined) return all;
  return last.replace(/_\d+$/, "") === opType ? all.slice(0, -1) : all;
}
