/** Folders of pictures by class, in one part or in several. */
import { join } from "node:path";
import { entriesOf, openFolder } from "./image-folder.js";
import type { FoundData } from "./found-data.js";

const heldNames = ["val", "valid", "validation", "test"] as const;

/** Of `train`, and of what is set aside; or of classes. */
export async function pictureFolder(folder: string): Promise<FoundData | undefined> {
  const { folders } = await entriesOf(folder);
  if (folders.length === 0) return undefined;
  const parts: readonly string[] = ["train", ...heldNames];
  const isParted = folders.includes("train") && folders.every((name) => parts.includes(name));
  if (!isParted) {
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
