import { InceptError } from "../../diagnostics/incept-error.js";

const plain =
  "write the file anew in Python with h5py.File(…, libver='earliest'), gzip or no compression, and all in one file";

/**
 * What HDF5 has and no file of Keras does, or what leads out of the file.
 *
 * @param file as messages name it
 * @param what what was found, with an article: `a virtual dataset`
 */
export const unsupported = (file: string, what: string, help = plain): InceptError =>
  new InceptError("weights/unreadable", `${file} holds ${what}, which is not read.`, { help });
