/** Folders of pictures by class, in one part or in several. */
import { join } from "node:path";
import { counted } from "../diagnostics/counted.js";
import { InceptError } from "../diagnostics/incept-error.js";
import { visibleName } from "../diagnostics/visible.js";
import { shownPath } from "../files/display.js";
import { entriesOf, openFolder } from "./image-folder.js";
import type { FoundData } from "./found-data.js";

const heldNames = ["val", "valid", "validation", "test"] as const;

/** Parts beside what is none could be classes, and would be taken for them. */
const strangers = (folder: string, [first, ...rest]: readonly string[]): InceptError =>
  new InceptError(
    "data/format",
    `${shownPath(folder)} has the parts of a data set, and ${visibleName(first!)}` +
      `${rest.length === 0 ? "" : ` and ${counted(rest.length, "other folder")}`} beside them.`,
    {
      help: `leave only train and ${heldNames.join(", ")} in it, or name a part: --data FOLDER/train`,
    },
  );

/** Of `train`, and of what is set aside; or of classes. */
export async function pictureFolder(folder: string): Promise<FoundData | undefined> {
  const { folders } = await entriesOf(folder);
  if (folders.length === 0) return undefined;
  const parts: readonly string[] = ["train", ...heldNames];
  const others = folders.filter((name) => !parts.includes(name));
  const isParted = folders.includes("train") && heldNames.some((name) => folders.includes(name));
  if (isParted && others.length > 0) throw strangers(folder, others);
  if (!isParted && !(others.length === 0 && folders.includes("train"))) {
    const pictures = await openFolder(folder);
    return { kind: "folder", train: pictures, ignored: pictures.ignored };
  }
  const train = await openFolder(join(folder, "train"));
  const held = heldNames.filter((name) => folders.includes(name));
  const opened = await Promise.all(
    held.slice(0, 2).map((name) => openFolder(join(folder, name), train.labels)),
  );
  const [validation, test] = opened;
  const ignored = [train, ...opened].reduce((sum, one) => sum + one.ignored, 0);
  return {
    ...{ kind: "folder", train, ignored },
    ...(validation && { validation }),
    ...(test && { test }),
  };
}
