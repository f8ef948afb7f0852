import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseManifest } from "../../emit/parse-manifest.js";
import { digest, type Digest, digestOf } from "../../files/digest.js";
import { record, text } from "../../files/json.js";
import { syncFile, syncFolder } from "../disk/sync.js";

/** The last file that is written of a build; without it there is none. */
export const markerName = "done.json";
export const manifestName = "manifest.json";

export interface Marker {
  /** What was built, by whatever tools: `variantKey`. */
  readonly variant: string;
  readonly manifest: Digest;
  readonly binary: Digest;
}

export const marker = record<Marker>({ variant: text(100), manifest: digest, binary: digest });

/** Says that the build in the folder is whole, once the disk holds what it consists of. */
export function finish(folder: string, variant: string): void {
  const manifestFile = join(folder, manifestName);
  const manifest = readFileSync(manifestFile);
  const { binary } = parseManifest(manifestFile, manifest.toString("utf8"));
  const content = readFileSync(join(folder, binary));
  syncFile(manifestFile);
  syncFile(join(folder, binary));
  const said: Marker = { variant, manifest: digestOf(manifest), binary: digestOf(content) };
  writeFileSync(join(folder, markerName), `${JSON.stringify(said)}\n`, { mode: 0o644 });
  syncFile(join(folder, markerName));
  syncFolder(folder);
}
