/** What stands above an imported spec. */
import { basename } from "node:path";
import { visible } from "../../diagnostics/visible.js";
import type { ImportedOnnx } from "../../import/onnx/read-onnx.js";
import type { About } from "../../import/raise/raise.js";

/** @param output the spec's path: the model is called after it */
export const aboutOf = (imported: ImportedOnnx, file: string, output: string): About => ({
  name: modelName(basename(output, ".incept")),
  comment: [originOf(imported, file), ...pictureNote(imported)],
});

function originOf({ producer, producerVersion, opset }: ImportedOnnx, file: string): string {
  const by = [producer, producerVersion].filter((word) => word !== "").join(" ");
  return visible(`From ${basename(file)}${by === "" ? "" : `, by ${by}`}, opset ${opset}.`);
}

/** ONNX has no word for how a picture becomes numbers. */
function pictureNote({ graph }: ImportedOnnx): readonly string[] {
  const takesPictures = graph.inputs.some(
    ({ shape: [channels, ...plane] }) => plane.length === 2 && (channels === 1 || channels === 3),
  );
  if (!takesPictures) return [];
  return ["The model does not say how pictures are prepared: add from image(…) to its input."];
}

/** `inception-v3` -> `InceptionV3` */
const modelName = (stem: string): string =>
  stem
    .split(/[^A-Za-z0-9]+/)
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join("");
