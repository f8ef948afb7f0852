import type { Host } from "./pickle.js";
import { isCount, made, storageOf, unreadWidth } from "./rebuild.js";
import { Mark, Storage, Tuple, type Value } from "./values.js";

/**
 * What a pickle of torch.save refers to: storages, which stand elsewhere in the file, and in old
 * ones the source text of modules.
 */
export function storagesHost(): {
  readonly host: Host;
  /** Those that were referred to, by their key in the file, also where no tensor of theirs is read. */
  readonly storages: ReadonlyMap<string, Pick<Storage, "width">>;
} {
  const storages = new Map<string, Pick<Storage, "width">>();
  const persistent = (id: Value): Value => {
    const [what, type = null, key, , length, view] = id instanceof Tuple ? id.items : [];
    if (what === "module") return type;
    if (what !== "storage" || !isCount(length)) return new Mark("something kept elsewhere");
    const whole = storageOf(type, keyText(key), length);
    if (!(whole instanceof Storage)) {
      const width = unreadWidth(type);
      if (width !== undefined) storages.set(keyText(key), { width });
      return whole;
    }
    storages.set(whole.key, whole);
    // (key, offset, size) of a part, as PyTorch wrote before version 1.0.
    const [, start, size] = view instanceof Tuple ? view.items : [];
    const isPart = isCount(start) && isCount(size);
    return isPart ? storageOf(type, whole.key, size, start) : whole;
  };
  return { host: { persistent, made }, storages };
}

/** Numbers or texts, as the version had them. */
export const keyText = (key: Value | undefined): string =>
  typeof key === "string" || typeof key === "number" || typeof key === "bigint" ? `${key}` : "";
