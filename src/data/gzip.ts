import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { InceptError } from "../diagnostics/incept-error.js";
import { cannotRead, type Named, nameOf } from "../files/failure.js";
import { openRegular } from "../files/open.js";
import { readRegular } from "../files/read.js";

/** What a compressed file may hold, and take when it is not compressed. */
export const mostUnzipped = 1 << 30;

/** By its first bytes, whatever its name says. */
export async function isGzip(file: Named): Promise<boolean> {
  const handle = await openRegular(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer.readUInt16BE(0) === 0x1f8b;
  } catch (cause) {
    throw cannotRead(file, cause);
  } finally {
    await handle.close();
  }
}

/**
 * @throws InceptError `data/format` for what is damaged, `file/too-large` beyond `mostUnzipped`, and
 *   of `file/`
 */
export async function gunzipped(file: Named): Promise<Buffer> {
  const bytes = await readRegular({ ...file, maxBytes: mostUnzipped });
  try {
    return await promisify(gunzip)(bytes, { maxOutputLength: mostUnzipped });
  } catch (cause) {
    const name = nameOf(file);
    if ((cause as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") {
      const message = `${name} holds more than ${mostUnzipped} bytes once it is not compressed.`;
      throw new InceptError("file/too-large", message, { help: "decompress the file", cause });
    }
    const why = (cause as Error).message;
    throw new InceptError("data/format", `${name} cannot be decompressed: ${why}.`, { cause });
  }
}
