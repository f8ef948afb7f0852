/**
 * Local response normalisation across channels, Krizhevsky et al. 2012, section 3.3, with alpha
 * divided by size as Caffe and PyTorch do: y = x / (k + alpha / size * sum x^2) ^ beta over the
 * `size` nearest channels.
 */
export interface LrnAttrs {
  readonly size: number;
  readonly alpha: number;
  readonly beta: number;
  readonly k: number;
}
