/** The cases that no spec can say, with what is said of them. */
export const notRead: Readonly<Record<string, string>> = {
  averagepool_2d_dilations: "AveragePool has dilations 2, 2; averages here have none",
  batchnorm_example_training_mode: "BatchNormalization gives 3 results; here it gives one",
  batchnorm_epsilon_training_mode: "BatchNormalization gives 3 results; here it gives one",
  concat_2d_axis_0: "Concat joins along axis 0; here that is along channels",
  concat_2d_axis_negative_2: "Concat joins along axis 0; here that is along channels",
  convtranspose_output_shape:
    "ConvTranspose says the shape of its result; here that follows from its padding",
  convtranspose_kernel_shape:
    "ConvTranspose says the shape of its result; here that follows from its padding",
  convtranspose_autopad_same:
    "ConvTranspose has auto_pad SAME_UPPER; here the padding of a transposed convolution is said",
  flatten_axis0: "the output is 1 x 120; here it is an image or a vector for each of a batch",
  flatten_axis2: "the output is 6 x 20; here it is an image or a vector for each of a batch",
  flatten_axis3: "the output is 24 x 5; here it is an image or a vector for each of a batch",
  flatten_negative_axis4:
    "the output is 1 x 120; here it is an image or a vector for each of a batch",
  flatten_negative_axis2:
    "the output is 6 x 20; here it is an image or a vector for each of a batch",
  flatten_negative_axis1:
    "the output is 24 x 5; here it is an image or a vector for each of a batch",
  gather_0: "Gather cuts images out of 5 x 4 x 3 x 2; here that is channels alone",
  gather_2d_indices: "Gather chooses by a table of 1 x 2",
  gemm_default_scalar_bias:
    "Gemm adds one number; a linear map here adds one number to each of 4 features",
  gemm_default_single_elem_vector_bias:
    "Gemm adds 1; a linear map here adds one number to each of 3 features",
  gemm_default_matrix_bias:
    "Gemm adds 3 x 4; a linear map here adds one number to each of 4 features",
  gemm_transposeA: "Gemm has transA 1; its first operand has an image a row",
  gemm_all_attributes: "Gemm has transA 1; its first operand has an image a row",
  layer_normalization_4d_axis0:
    "LayerNormalization is taken over the last dimensions; here that is over channels",
  layer_normalization_4d_axis_negative_4:
    "LayerNormalization is taken over the last dimensions; here that is over channels",
  layer_normalization_4d_axis1:
    "LayerNormalization is taken over the last dimensions; here that is over channels",
  layer_normalization_4d_axis_negative_3:
    "LayerNormalization is taken over the last dimensions; here that is over channels",
  layer_normalization_4d_axis2:
    "LayerNormalization is taken over the last dimensions; here that is over channels",
  layer_normalization_4d_axis_negative_2:
    "LayerNormalization is taken over the last dimensions; here that is over channels",
  layer_normalization_4d_axis3:
    "LayerNormalization is taken over the last dimensions; here that is over channels",
  layer_normalization_4d_axis_negative_1:
    "LayerNormalization is taken over the last dimensions; here that is over channels",
  layer_normalization_default_axis:
    "LayerNormalization is taken over the last dimensions; here that is over channels",
  layer_normalization_2d_axis0:
    "LayerNormalization is taken over the last dimensions; here that is over channels",
  layer_normalization_2d_axis_negative_2:
    "LayerNormalization is taken over the last dimensions; here that is over channels",
  l1normalization_axis_1: "LpNormalization has p 1; here it is 2",
  matmul_4d: "MatMul multiplies by 1 x 2 x 4 x 3; a linear map here is a matrix",
  matmul_bcast: "MatMul multiplies by 1 x 2 x 4 x 2; a linear map here is a matrix",
  matmul_4d_1d: "MatMul multiplies by 3; a linear map here is a matrix",
  maxpool_with_argmax_2d_precomputed_pads: "MaxPool gives 2 results; here it gives one",
  maxpool_with_argmax_2d_precomputed_strides: "MaxPool gives 2 results; here it gives one",
  resize_downsample_scales_nearest:
    "Resize makes 1 x 1 x 0.6000000238418579 x 0.6000000238418579 of the image; here height and width grow by whole factors",
  resize_upsample_sizes_nearest:
    "Resize makes 1 x 1 x 7 x 8 of the image; here height and width grow by whole factors",
  resize_downsample_sizes_nearest:
    "Resize makes 1 x 1 x 1 x 3 of the image; here height and width grow by whole factors",
  resize_upsample_scales_linear_align_corners:
    "Resize has mode linear, and the outermost pixels stay at th…e each lies in the middle of what it becomes, as half_pixel",
  resize_downsample_scales_linear:
    "Resize makes 1 x 1 x 0.6000000238418579 x 0.6000000238418579 of the image; here height and width grow by whole factors",
  resize_downsample_scales_linear_align_corners:
    "Resize has mode linear, and the outermost pixels stay at th…e each lies in the middle of what it becomes, as half_pixel",
  resize_upsample_scales_cubic: "Resize has mode cubic; here that is nearest or linear",
  resize_upsample_scales_cubic_align_corners:
    "Resize has mode cubic; here that is nearest or linear",
  resize_downsample_scales_cubic: "Resize has mode cubic; here that is nearest or linear",
  resize_downsample_scales_cubic_align_corners:
    "Resize has mode cubic; here that is nearest or linear",
  resize_upsample_sizes_cubic: "Resize has mode cubic; here that is nearest or linear",
  resize_downsample_sizes_cubic: "Resize has mode cubic; here that is nearest or linear",
  resize_upsample_scales_cubic_A_n0p5_exclude_outside:
    "Resize has mode cubic; here that is nearest or linear",
  resize_downsample_scales_cubic_A_n0p5_exclude_outside:
    "Resize has mode cubic; here that is nearest or linear",
  resize_upsample_scales_cubic_asymmetric: "Resize has mode cubic; here that is nearest or linear",
  resize_tf_crop_and_resize:
    "Resize has mode linear, and pixels lie as tf_crop_and_resiz…e each lies in the middle of what it becomes, as half_pixel",
  resize_tf_crop_and_resize_extrapolation_value:
    "Resize has mode linear, and pixels lie as tf_crop_and_resiz…e each lies in the middle of what it becomes, as half_pixel",
  resize_downsample_sizes_linear_pytorch_half_pixel:
    "Resize makes 1 x 1 x 3 x 1 of the image; here height and width grow by whole factors",
  resize_upsample_sizes_nearest_floor_align_corners:
    "Resize has coordinate_transformation_mode align_corners and nearest_mode floor; here each pixel is repeated as often",
  resize_upsample_sizes_nearest_round_prefer_ceil_asymmetric:
    "Resize has coordinate_transformation_mode asymmetric and ne…ode round_prefer_ceil; here each pixel is repeated as often",
  resize_upsample_sizes_nearest_ceil_half_pixel:
    "Resize has coordinate_transformation_mode half_pixel and nearest_mode ceil; here each pixel is repeated as often",
  resize_downsample_scales_linear_antialias: "Resize has antialias 1; here it is 0",
  resize_downsample_sizes_linear_antialias: "Resize has antialias 1; here it is 0",
  resize_downsample_scales_cubic_antialias: "Resize has mode cubic; here that is nearest or linear",
  resize_downsample_sizes_cubic_antialias: "Resize has mode cubic; here that is nearest or linear",
  resize_upsample_sizes_nearest_axes_2_3:
    "Resize makes 7 x 8 of the image; here height and width grow by whole factors",
  resize_upsample_sizes_nearest_axes_3_2:
    "Resize makes 8 x 7 of the image; here height and width grow by whole factors",
  resize_tf_crop_and_resize_axes_2_3:
    "Resize has mode linear, and pixels lie as tf_crop_and_resiz…e each lies in the middle of what it becomes, as half_pixel",
  resize_tf_crop_and_resize_axes_3_2:
    "Resize has mode linear, and pixels lie as tf_crop_and_resiz…e each lies in the middle of what it becomes, as half_pixel",
  resize_upsample_sizes_nearest_not_larger:
    "Resize has keep_aspect_ratio_policy not_larger; here it is stretch",
  resize_upsample_sizes_nearest_not_smaller:
    "Resize has keep_aspect_ratio_policy not_smaller; here it is stretch",
  resize_downsample_sizes_nearest_not_larger:
    "Resize has keep_aspect_ratio_policy not_larger; here it is stretch",
  resize_downsample_sizes_nearest_not_smaller:
    "Resize has keep_aspect_ratio_policy not_smaller; here it is stretch",
  resize_downsample_scales_linear_half_pixel_symmetric:
    "Resize makes 1 x 1 x 1 x 0.6000000238418579 of the image; here height and width grow by whole factors",
  resize_upsample_scales_linear_half_pixel_symmetric:
    "Resize makes 1 x 1 x 2.299999952316284 x 2.940000057220459 of the image; here height and width grow by whole factors",
  squeeze: "the output is 3 x 4 x 5; here it is an image or a vector for each of a batch",
  squeeze_negative_axes:
    "the output is 1 x 3 x 5; here it is an image or a vector for each of a batch",
  unsqueeze_negative_axes:
    "the output is 1 x 3 x 1 x 1 x 5; here it is an image or a vector for each of a batch",
};
