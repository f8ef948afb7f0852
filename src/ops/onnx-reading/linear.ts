import { type NodeReader, reads, refuse } from "./reader.js";

/**
 * A Gemm, or a MatMul by a matrix: then the bias is an Add of its own, which is read as `scale`
 * where nobody matches the two.
 */
export const linearReaders = reads({ Gemm: readGemm, MatMul: readMatMul });

function readGemm(node: NodeReader) {
  node.only("transA", 0, "its first operand has an image a row");
  const columns = node.flag("transB");
  const [alpha, beta] = [node.float("alpha", 1), node.float("beta", 1)];
  const features = readMatrix(node, columns);
  const bias = node.has(2) && beta !== 0;
  if (node.has(2)) requireRow(node, features);
  const spread = bias && node.weight(2).shape.length > 1;
  const added = {
    weight: "bias",
    ...(spread ? { flattened: true as const } : {}),
    ...(beta === 1 ? {} : { factor: beta }),
  };
  const weight = {
    weight: "weight",
    ...(columns ? {} : { transposed: true as const }),
    ...(alpha === 1 ? {} : { factor: alpha }),
  };
  return {
    attrs: { features, bias },
    roles: ["input", weight, bias ? added : "attribute"] as const,
  };
}

function readMatMul(node: NodeReader) {
  if (node.isConstant(0))
    refuse("has its matrix on the left; a linear map here has it on the right");
  const features = readMatrix(node, false);
  const weight = { weight: "weight", transposed: true as const };
  return { attrs: { features, bias: false }, roles: ["input", weight] as const };
}

/** The number of features that the second operand gives, by rows or by columns. */
function readMatrix(node: NodeReader, byRows: boolean): number {
  const entering = node.flowing(0);
  const { shape } = node.weight(1);
  const [rows, columns] = shape;
  if (rows === undefined || columns === undefined || shape.length > 2) {
    refuse(`multiplies by ${shape.join(" x ") || "one number"}; a linear map here is a matrix`);
  }
  const [features, seen] = byRows ? [rows, columns] : [columns, rows];
  if (entering === undefined) return features;
  if (entering.length !== 2)
    refuse(`multiplies ${entering.length} dimensions; a linear map here takes a vector an image`);
  if (entering[1] !== undefined && entering[1] !== seen)
    refuse(`maps ${seen} features, and ${entering[1]} come in`);
  return features;
}

/** `C` may be spread; here each feature has its number. */
function requireRow(node: NodeReader, features: number): void {
  const { shape } = node.weight(2);
  const isRow = shape.at(-1) === features && shape.slice(0, -1).every((d) => d === 1);
  if (!isRow)
    refuse(
      `adds ${shape.join(" x ") || "one number"}; a linear map here adds one number to each of ${features} features`,
    );
}
