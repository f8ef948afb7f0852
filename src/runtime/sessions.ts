/** Opens what the native side runs on. */
import {
  fromNative,
  type NativeAddon,
  type NativeModel,
  type NativeSession,
  type SessionOptions,
} from "./addon.js";

/** As many sessions as there are instances, over one set of prepared weights, which `load` brings. */
export async function openSessions(
  addon: NativeAddon,
  count: number,
  options: SessionOptions,
  load: (model: NativeModel) => Promise<unknown>,
): Promise<NativeSession[]> {
  const opened: NativeSession[] = [];
  const model = new addon.Model();
  try {
    await load(model);
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
