/** Opens what the native side runs on. */
import { fromNative, type NativeAddon, type NativeSession, type SessionOptions } from "./addon.js";

/** As many sessions as there are instances, over one set of prepared weights. */
export async function openSessions(
  addon: NativeAddon,
  count: number,
  options: SessionOptions,
  names: readonly string[],
  values: readonly Float32Array[],
): Promise<NativeSession[]> {
  const opened: NativeSession[] = [];
  const model = new addon.Model();
  try {
    await model.load(names, values);
    for (let i = 0; i < count; i++) {
      const session = new addon.Session();
      await session.open(model, options);
      opened.push(session);
    }
    return opened;
  } catch (error) {
    for (const session of opened) session.dispose();
    throw fromNative(error);
  } finally {
    model.dispose();
  }
}

/** A machine that lacks something is told before the weights are read. */
export async function requireMachine(addon: NativeAddon, options: SessionOptions): Promise<void> {
  try {
    await addon.probe(options);
  } catch (error) {
    throw fromNative(error);
  }
}
