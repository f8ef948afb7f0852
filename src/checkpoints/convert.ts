/**
 * Lines for a shell that make a safetensors file of another. Those for PyTorch and NumPy were
 * run with the libraries that they name; that for TensorFlow follows its reference.
 *
 * @param verb what the line does
 */
const python =
  (code: (file: string, stem: string) => string, verb = "convert it") =>
  (path: string | undefined): string => {
    // A path that a shell or Python might read otherwise does not go into the line.
    const file = path !== undefined && /^[\w./+-]+$/.test(path) ? path : "FILE";
    return `${verb}: python -c "${code(file, file.replace(/\.[\w-]+$/, ""))}"`;
  };

export const fromTorch = python(
  (file, stem) =>
    `import torch, safetensors.torch as s; d = torch.load('${file}', map_location='cpu'); d = d.get('state_dict', d); s.save_file({k: v.contiguous().clone() for k, v in d.items()}, '${stem}.safetensors')`,
);
export const fromNumpy = python(
  (file, stem) =>
    `import numpy, safetensors.numpy as s; s.save_file(dict(numpy.load('${file}')), '${stem}.safetensors')`,
);
export const fromTensorFlow = python(
  (_, stem) =>
    `import tensorflow as tf, safetensors.numpy as s; r = tf.train.load_checkpoint('${stem}'); s.save_file({n.replace('/', '.'): r.get_tensor(n) for n in r.get_variable_to_shape_map()}, '${stem}.safetensors')`,
);
export const fromShards = python(
  (file) =>
    `import glob, safetensors.torch as s; d = {}; [d.update(s.load_file(f)) for f in glob.glob('${file.replace(/[^/]*$/, "")}*.safetensors')]; s.save_file(d, 'whole.safetensors')`,
  "join the parts",
);
