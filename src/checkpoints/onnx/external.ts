import { dirname, isAbsolute, join } from "node:path";
import { InceptError } from "../../diagnostics/incept-error.js";
import { visibleName } from "../../diagnostics/visible.js";
import { shownPath } from "../../files/display.js";
import { isInside, realPath } from "../../files/real-path.js";
import { type ByteSource, FileBytes } from "../bytes.js";
import { damaged } from "../damage.js";

interface External {
  /** `TensorProto.external_data`: `location`, `offset`, `length`. */
  readonly entries: ReadonlyMap<string, string>;
  /** What the tensor's shape and type ask for. */
  readonly bytes: number;
  /** As messages name the tensor. */
  readonly what: string;
  /** As messages name the model. */
  readonly model: string;
  /** The model's, as the caller wrote it; absent for bytes in memory. */
  readonly path: string | undefined;
}

/**
 * What `read` makes of values in a file beside the model. A model is often somebody else's: what it names is read only
 * in its own folder and below.
 */
export async function externalValues<V>(
  external: External,
  read: (file: ByteSource, offset: number) => Promise<V>,
): Promise<V> {
  const { entries, bytes, what, model } = external;
  const offset = size(external, "offset") ?? 0;
  const length = size(external, "length") ?? bytes;
  if (length !== bytes) {
    throw damaged(model, `${what} has ${length} bytes, its shape asks for ${bytes}`);
  }
  const { shown, path } = placeOf(external, entries.get("location") ?? "");
  const file = await FileBytes.open({ path, shown, what: `the values of ${what}` }).catch(
    (cause: unknown) => {
      if (!(cause instanceof InceptError) || cause.code !== "file/not-found") throw cause;
      throw new InceptError("file/not-found", `${what} is kept in ${shown}, which is not there.`, {
        help: "put that file beside the model again",
        cause,
      });
    },
  );
  try {
    if (offset + bytes > file.size) {
      throw new InceptError(
        "weights/truncated",
        `${file.name} holds ${file.size} bytes, and ${what} would end at ${offset + bytes}.`,
        { help: "was it copied whole, and does it belong to this model?" },
      );
    }
    return await read(file, offset);
  } finally {
    await file.close();
  }
}

/** A path that a system takes is no longer. */
const longestLocation = 4096;

const inOneFile = "save the model in one file with onnx.save_model";

interface Place {
  /** As messages name it. */
  readonly shown: string;
  /** Without links: those that were followed to see where it is are not followed again. */
  readonly path: string;
}

function placeOf({ path, what }: External, location: string): Place {
  const shown = visibleName(location);
  if (path === undefined) {
    const help = "name the .onnx file, so that the folder is known";
    const where = `${what} is in another file, ${shown}, and the model was given as bytes.`;
    throw new InceptError("weights/unreadable", where, { help });
  }
  const folder = dirname(path);
  if (location.length > longestLocation) {
    const where = `${what} is in another file, whose name has ${location.length} characters.`;
    throw new InceptError("weights/unreadable", where, { help: inOneFile });
  }
  if (location !== "" && !isAbsolute(location)) {
    const place = join(folder, location);
    const real = followed(place, what);
    if (isInside(followed(folder, what), real)) return { shown: place, path: real };
  }
  throw new InceptError(
    "weights/unreadable",
    `${what} is in another file, "${shown}", which is not in the model's folder.`,
    { help: `put it beside the model, or ${inOneFile}` },
  );
}

/** @throws InceptError `weights/unreadable` for links that lead in a circle */
function followed(path: string, what: string): string {
  try {
    return realPath(path);
  } catch (cause) {
    throw new InceptError(
      "weights/unreadable",
      `${what} is in another file, ${shownPath(path)}, whose links lead in a circle.`,
      { help: "put the file itself in its place", cause },
    );
  }
}

function size({ entries, model, what }: External, key: string): number | undefined {
  const text = entries.get(key);
  if (text === undefined) return undefined;
  const value = /^\d{1,16}$/.test(text) ? Number(text) : NaN;
  if (Number.isSafeInteger(value)) return value;
  throw damaged(model, `the ${key} of ${what} is "${visibleName(text)}"`);
}
