import { type Definitions, definitions, newest } from "./table.js";

/** What is known of ONNX's operators: up to which version of them, and of each its definitions. */
export interface Known {
  readonly newest: number;
  readonly definitions: Readonly<Record<string, Definitions>>;
}

export const knownToday: Known = { newest, definitions };

/** What whoever has the model can do. */
export const helpWith = ({ newest }: Known): string =>
  `export it in version ${newest} or an older one that has its operators (in PyTorch opset_version), or convert it with onnx.version_converter`;

/**
 * Why nobody knows what an operator means in a version of ONNX's operators, as a sentence without its
 * full stop; undefined where it is known, or is no operator that is read in any version.
 */
export function unknownIn(
  opset: number,
  opType: string,
  { newest, definitions }: Known = knownToday,
): string | undefined {
  const own = Object.hasOwn(definitions, opType) ? definitions[opType] : undefined;
  if (own === undefined) return undefined;
  const { read, unread = [], until = Infinity } = own;
  if (opset >= until) {
    return `${opType} is no operator of version ${opset}, which the model asks for: ONNX had it before ${until}`;
  }
  const held = Math.max(...[...read, ...unread].filter((version) => version <= opset));
  if (held === -Infinity) {
    const first = Math.min(...read, ...unread);
    return `${opType} is no operator of version ${opset}, which the model asks for: ONNX has it since ${first}`;
  }
  if (unread.includes(held)) {
    return `${opType} has another definition since version ${held}, which is not read`;
  }
  return opset > newest
    ? `${opType} may have another definition in version ${opset}: up to ${newest} its definitions are known`
    : undefined;
}
