/** What the name of a file or folder says that its pictures are for. */
export function splitOfName(name: string): "train" | "held" | undefined {
  if (/^(train|data_batch)/i.test(name)) return "train";
  return /^(val|test|t10k)/i.test(name) ? "held" : undefined;
}
