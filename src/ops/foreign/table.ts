/**
 * Operators of PyTorch, Keras, TensorFlow, ONNX and Caffe that are not called so here. Who ports a
 * network hears what equals one of them, or that nothing does; none is ever taken for a misspelling
 * of one of ours. An operator that comes to the language leaves this table.
 */

export interface Foreign {
  /** As other frameworks call it, without capitals and underscores, a space between two. */
  readonly names: string;
  /** An argument of a convolution takes these; anything else is a step alone. */
  readonly kind?: "activation" | "normalisation";
  /** The operator that it is here, with the arguments of our own table. */
  readonly same?: string;
  /** What is written for it: `N` channels, `HxW` all of the image. Absent where nothing equals it. */
  readonly write?: string;
  /** Where the two may differ; or what comes nearest, and why it is not the same. */
  readonly note?: string;
}

const otherNumbers = "trained weights would give other numbers";
const noGrowth =
  "upsample repeats pixels or mixes the four around, and convtranspose learns what to put between; nothing else makes an image larger";
const noParts =
  "slice cuts channels out and shuffle puts them in another order; nothing else cuts or rearranges";
const onePlane = "images have height and width; a sequence is f32[channels, 1, length]";
const noMatrices = "two values are not multiplied as matrices";
const arithmetic = "for arithmetic there are the joins, and scale with fixed numbers";

const convolutions: readonly Foreign[] = [
  {
    names: "conv2d convolution convolution2d",
    same: "conv",
    write: "conv(3x3, N)",
    note: "at stride 1 it keeps the size unless it says pad: 0",
  },
  {
    names: "depthwiseconv depthwiseconv2d depthwiseconvolution dwconv",
    same: "depthwise",
    write: "depthwise(3x3)",
  },
  {
    names: "separableconv separableconv2d sepconv sepconv2d",
    write: "depthwise(3x3, bias: false) -> conv(1x1, N)",
  },
  { names: "pointwiseconv pointwiseconv2d pwconv conv1x1", write: "conv(1x1, N)" },
  { names: "conv3x3", write: "conv(3x3, N)" },
  { names: "groupconv groupedconv groupconv2d", write: "conv(3x3, N, groups: 2)" },
  { names: "dilatedconv atrousconv atrousconv2d", write: "conv(3x3, N, dilation: 2)" },
  { names: "conv1d conv3d convolution1d convolution3d", note: onePlane },
  { names: "deformconv deformconv2d", note: "the taps of a window are the same everywhere" },
  {
    names: `deconv deconv2d deconvolution convtranspose2d conv2dtranspose transposeconv
      transposedconv`,
    same: "convtranspose",
    write: "convtranspose(2x2/2, N)",
    note: "its pad is PyTorch's padding, which is cut off the result; Keras' same has no word here",
  },
  {
    names: "unpool maxunpool maxunpool2d resizebicubic",
    note: noGrowth,
  },
  {
    names: "upsamplingbilinear2d",
    note: "it keeps the corners in place (align_corners=True), which upsample(2, bilinear) does not",
  },
  {
    names: "resizebilinear",
    same: "upsample",
    write: "upsample(2, bilinear)",
    note: "by whole factors, as with half_pixel_centers",
  },
  {
    names: `upsample2d upsampling upsampling2d upsamplingnearest2d interpolate resize resizenearest
      resizenearestneighbor`,
    same: "upsample",
    write: "upsample(2)",
    note: "nearest neighbour, by whole factors; or upsample(2, bilinear), as with align_corners=False",
  },
];

const pools: readonly Foreign[] = [
  { names: "maxpool2d maxpooling maxpooling2d", same: "maxpool", write: "maxpool(3x3/2)" },
  {
    names:
      "avgpool2d avgpooling avgpooling2d averagepool averagepool2d averagepooling averagepooling2d",
    same: "avgpool",
    write: "avgpool(3x3/2)",
    note: "TensorFlow's average has count_pad: false",
  },
  { names: "adaptiveavgpool2d", same: "adaptiveavgpool", write: "adaptiveavgpool(7x7)" },
  {
    names: `gap gap2d globalavgpool2d globalaveragepool globalaveragepool2d globalavgpooling
      globalavgpooling2d globalaveragepooling globalaveragepooling2d`,
    same: "globalavgpool",
    write: "globalavgpool",
  },
  { names: "reducemean", write: "globalavgpool", note: "over height and width" },
  {
    names: "gmp globalmaxpool2d globalmaxpooling globalmaxpooling2d",
    same: "globalmaxpool",
    write: "globalmaxpool",
  },
  {
    names: "adaptivemaxpool adaptivemaxpool2d",
    note: "maxpool(2x2) is the same where the image is twice as high and wide as wanted, and so on",
  },
  {
    names: "lppool lppool2d globallppool fractionalmaxpool2d stochasticpool",
    note: `maxpool and avgpool weigh a window otherwise, so ${otherNumbers}`,
  },
  { names: "maxpool1d maxpool3d avgpool1d avgpool3d", note: onePlane },
  {
    names: "pool pool2d pooling pooling2d globalpool globalpooling",
    note: "say which: max or average",
  },
];

const normalisations: readonly Foreign[] = (
  [
    {
      names: `bn batchnorm1d batchnorm2d batchnormalization batchnormalisation spatialbn syncbatchnorm
        fusedbatchnorm frozenbatchnorm frozenbatchnorm2d`,
      same: "batchnorm",
      write: "batchnorm",
      note: "Keras has eps: 1e-3 where it says none",
    },
    {
      names: "groupnormalization gn",
      same: "groupnorm",
      write: "groupnorm(4)",
    },
    {
      names: "layernormalization layernorm2d ln",
      same: "layernorm",
      write: "layernorm",
      note: "ConvNeXt has eps: 1e-6, and Keras 1e-3 where it says none",
    },
    {
      names: "instancenorm instancenorm2d instancenormalization",
      write: "groupnorm(4, affine: false)",
      note: "for 4 channels: as many groups as channels; affine: true where it learns a factor and an offset",
    },
    {
      names: "l2normalize lpnormalization normalize",
      same: "l2norm",
      write: "l2norm(affine: false)",
      note: "across channels",
    },
    {
      names: "rmsnorm rmsnormalization meanvariancenormalization mvn batchrenorm",
      note: `batchnorm and lrn take other statistics, so ${otherNumbers}`,
    },
    {
      names: "weightnorm weightnormalization spectralnorm spectralnormalization",
      note: "store the weights that it comes to",
    },
    {
      names: "localresponsenorm localresponsenormalization responsenorm",
      same: "lrn",
      write: "lrn(5)",
      note: "alpha is divided by the size, as in Caffe and PyTorch",
    },
  ] satisfies Foreign[]
).map((each) => ({ ...each, kind: "normalisation" }));

const activations: readonly Foreign[] = (
  [
    { names: "rectifier rectifiedlinear", same: "relu", write: "relu" },
    { names: "logistic expit", same: "sigmoid", write: "sigmoid" },
    { names: "swish", same: "silu", write: "silu" },
    { names: "softmax2d", same: "softmax", write: "softmax" },
    { names: "softmin", write: "scale(-1) -> softmax" },
    { names: "parametricrelu", same: "prelu", write: "prelu" },
    { names: "lrelu leakyrectify", same: "leakyrelu", write: "leakyrelu(slope: 0.01)" },
    { names: "hswish", same: "hardswish", write: "hardswish" },
    { names: "hsigmoid", same: "hardsigmoid", write: "hardsigmoid" },
    { names: "gelunew fastgelu geluapproximate", same: "gelu_tanh", write: "gelu_tanh" },
    { names: "relu1 relun brelu", note: `relu6 is cut off elsewhere, so ${otherNumbers}` },
    {
      names: `rrelu crelu thresholdedrelu threshold celu selu quickgelu mish hardshrink
        softshrink`,
      note: `relu is 0 below 0, so ${otherNumbers}`,
    },
    { names: "softplus", note: `relu is not smooth, so ${otherNumbers}` },
    {
      names: "logsigmoid",
      note: `sigmoid is another curve, so ${otherNumbers}`,
    },
    {
      names: "hardtanh softsign tanhshrink erf",
      note: `tanh is another curve, so ${otherNumbers}`,
    },
    {
      names: "sparsemax gumbelsoftmax hardmax",
      note: `softmax is another curve, so ${otherNumbers}`,
    },
    {
      names: "glu",
      write: "mul { a: conv(1x1, N)  gate: conv(1x1, N, act: sigmoid) }",
      note: "each half has weights of its own",
    },
    {
      names: "maxout",
      write: "max { a: conv(1x1, N)  b: conv(1x1, N) }",
      note: "each piece has weights of its own",
    },
    { names: "geglu swiglu", note: noParts },
    { names: "activation", note: "write its own name, such as relu or softmax" },
  ] satisfies Foreign[]
).map((each) => ({ ...each, kind: "activation" }));

const layers: readonly Foreign[] = [
  {
    names: "dense fc ip innerproduct fullyconnected gemm addmm",
    same: "linear",
    write: "linear(N)",
    note: "inputs are flattened and inferred",
  },
  {
    names: "squeeze unsqueeze expanddims reshape view ravel",
    write: "flatten",
    note: "to make a vector, which linear needs not; there is no other change of shape",
  },
  { names: "permute transpose swapaxes", note: "values are channels x height x width" },
  {
    names: "pad zeropad2d zeropadding zeropadding2d constantpad2d",
    same: "zeropad",
    write: "zeropad(1)",
    note: "PyTorch's four numbers are left, right, top, bottom, and here [top, bottom, left, right]",
  },
  {
    names: "reflectionpad2d replicationpad2d circularpad2d mirrorpad",
    note: "padding is zeros, and -inf in maxpool",
  },
  {
    names: "split chunk narrow sliceaxis",
    same: "slice",
    write: "slice(0, in / 2)",
    note: "the part of a value that it names, channels counted from 0",
  },
  {
    names: "channelshuffle shufflechannel",
    same: "shuffle",
    write: "shuffle(2)",
  },
  {
    names: `crop cropping2d centercrop gather tile pixelshuffle pixelunshuffle depthtospace
      spacetodepth`,
    note: noParts,
  },
  {
    names:
      "dropout1d dropout2d dropout3d spatialdropout spatialdropout2d alphadropout featuredropout",
    note: "dropout(p) is the same at inference; in training it drops single elements",
  },
  {
    names: "droppath dropblock stochasticdepth gaussiandropout gaussiannoise",
    note: "identity is the same at inference",
  },
  { names: "noop passthrough", same: "identity", write: "identity" },
  { names: "neg negative", write: "scale(-1)" },
  { names: "rescale rescaling", same: "scale", write: "scale(2, shift: 1)" },
  { names: "matmul bmm einsum", note: `linear multiplies with weights; ${noMatrices}` },
  { names: "attention selfattention multiheadattention transformer", note: noMatrices },
  { names: "lstm gru rnn simplernn convlstm2d", note: "nothing is kept from one step to the next" },
  { names: "embedding embeddingbag onehot", note: "inputs are f32, and nothing looks them up" },
  {
    names:
      "sub subtract div divide pow power sqrt exp log abs square clip clamp reducesum reducemax",
    note: arithmetic,
  },
  {
    names: "concat concatenate cat merge depthconcat",
    write: "concat { a: identity  b: conv(1x1, N) }",
    note: "what is joined stands in braces",
  },
  {
    names: "add addn sum plus elementwiseadd",
    write: "add { a: identity  b: conv(1x1, in) }",
    note: "what is summed stands in braces",
  },
  {
    names: "mul multiply times prod elementwisemul elementwisemultiply",
    write: "mul { a: identity  b: conv(1x1, in, act: sigmoid) }",
    note: "what is multiplied stands in braces",
  },
  {
    names: "max maximum elementwisemax",
    write: "max { a: identity  b: conv(1x1, in) }",
    note: "what is compared stands in braces",
  },
  {
    names: "minimum",
    write: "max { a: scale(-1)  b: conv(1x1, in) -> scale(-1) } -> scale(-1)",
    note: "what is compared stands in braces",
  },
  {
    names: "eltwise elementwise",
    write: "add { a: identity  b: conv(1x1, in) }",
    note: "for PROD it is mul, for MAX max",
  },
  {
    names: "average mean",
    write: "add { a: identity  b: conv(1x1, in) } -> scale(0.5)",
    note: "of branches; over height and width it is globalavgpool",
  },
  {
    names: `se seblock selayer semodule squeezeexcite squeezeexcitation squeezeandexcite
      squeezeandexcitation`,
    write:
      "mul { x: identity  gate: globalavgpool -> conv(1x1, N, act: relu) -> conv(1x1, in, act: sigmoid) }",
  },
  { names: "argmax topk", note: "a run gives the values; classify sorts them" },
  {
    names: "cast quantize dequantize quantizelinear dequantizelinear",
    note: "--precision says it",
  },
  {
    names: "sequential modulelist lambda",
    note: "steps are chained with ->, and a module names a chain",
  },
];

export const foreignOperators: readonly Foreign[] = [
  ...convolutions,
  ...pools,
  ...normalisations,
  ...activations,
  ...layers,
];
