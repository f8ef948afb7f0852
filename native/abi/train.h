/*
 * Training through the C ABI; only in a library that was built with --train (INCEPT_TRAIN). Tensors
 * are as incept.h has them, and errors are reported as there.
 *
 * A trainer holds parameters, their optimizer's moments and the memory of a batch. It serves one
 * call at a time.
 */
#ifndef INCEPT_TRAIN_H
#define INCEPT_TRAIN_H

#include "incept.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct incept_trainer incept_trainer;

/* Whether a port has numbers for each image, `count` of them, or once for the batch. */
typedef enum incept_extent { INCEPT_IMAGE = 0, INCEPT_BATCH = 1 } incept_extent;

typedef struct incept_train_port {
  incept_port port;
  incept_extent extent;
} incept_train_port;

/* Of a parameter that has no gradient: it is frozen, or no loss hangs on it. */
#define INCEPT_NO_GRADIENT (-1)
/* Of a state, such as a running mean, which a batch changes without a gradient. */
#define INCEPT_STATE (-2)

typedef struct incept_train_info {
  /* What the network takes, the targets, and the numbers of the losses. */
  const incept_train_port* inputs;
  size_t input_count;
  /* "loss", which is minimised, "loss:prob", "accuracy:prob": one float each. */
  const char* const* results;
  size_t result_count;
  /* Those of the auxiliary heads and the states included. */
  const incept_port* parameters;
  size_t parameter_count;
  /* By parameter: which of the program's outputs is its gradient, or one of the two above. The
   * results are the first outputs. */
  const int32_t* gradients;
  /* Bytes of values for each image and once for the batch, of scratch for each thread and once
   * more, and of prepared weights. A trainer holds besides: the parameters, gradients, moments and
   * average, as long as the parameters each. */
  uint64_t image_bytes;
  uint64_t batch_bytes;
  uint64_t thread_bytes;
  uint64_t weight_bytes;
} incept_train_info;

/* Valid as long as the library is loaded. */
INCEPT_API const incept_train_info* incept_train_describe(void);

typedef enum incept_optimizer {
  INCEPT_SGD = 0,     /* Keeps one moment: the velocity. */
  INCEPT_ADAM = 1,    /* Two: means of the gradient and of its square. */
  INCEPT_ADAMW = 2,   /* The same. */
  INCEPT_RMSPROP = 3, /* Two: the mean of the gradient's square, and the velocity. */
} incept_optimizer;

/* Of a parameter: factors on the learning rate and on the weight decay. */
typedef struct incept_rate {
  double rate;
  double decay;
} incept_rate;

/* `size` is the caller's sizeof, as in incept_session_options. */
typedef struct incept_trainer_options {
  size_t size;
  int32_t threads;   /* <= 0: as many as there are physical cores. */
  int64_t batch;     /* The most images of one batch; at least 1. */
  int32_t optimizer; /* An incept_optimizer. */
  int32_t average;   /* Not 0: an average that follows parameters and states is kept. */
} incept_trainer_options;

#define INCEPT_TRAINER_OPTIONS {sizeof(incept_trainer_options), 0, 1, INCEPT_SGD, 0}

/* The numbers of one batch; an optimizer reads those of its formula. */
typedef struct incept_train_numbers {
  size_t size;
  int64_t step; /* Of this batch: 1 for the first. */
  double rate;
  double decay;
  double momentum;
  double nesterov; /* 0 or 1. */
  double beta1;
  double beta2;
  double alpha;
  double eps;
  double clip_norm; /* The most that the norm of all gradients may be; 0: whatever it is. */
  double average;   /* How much of the average stays. */
} incept_train_numbers;

#define INCEPT_TRAIN_NUMBERS \
  {sizeof(incept_train_numbers), 1, 0.01, 0, 0, 0, 0.9, 0.999, 0.99, 1e-8, 0, 0.9999}

/* Copies the parameters: every one must be there, others are ignored. `rates` by parameter, null: 1
 * for all. Null options are the defaults. Moments are 0 and the average is the parameters. Fails as
 * incept_probe and incept_model_create do, and with train/batch. */
INCEPT_API incept_status incept_trainer_create(const incept_tensor* tensors, size_t tensor_count,
                                               const incept_rate* rates,
                                               const incept_trainer_options* options,
                                               incept_trainer** out);

INCEPT_API void incept_trainer_destroy(incept_trainer* trainer);

/* Takes the gradients of a batch and lets the parameters follow them. `inputs` in the order of
 * incept_train_info, `results` too; `gradient_norm` is that of all gradients, before they are
 * clipped. Where a result, a gradient or a state is not finite it fails with train/not-finite and
 * leaves everything as it was. What comes out does not hang on the number of threads. */
INCEPT_API incept_status incept_train(incept_trainer* trainer, int64_t batch,
                                      const void* const* inputs,
                                      const incept_train_numbers* numbers, float* results,
                                      double* gradient_norm);

typedef enum incept_kept {
  INCEPT_VALUES = 0,
  INCEPT_MOMENT_1 = 1, /* In the order in which incept_optimizer lists them. */
  INCEPT_MOMENT_2 = 2,
  INCEPT_AVERAGE = 3,
} incept_kept;

/* What the trainer keeps of each parameter, as many numbers as the parameter has; null leaves one
 * out. What has no gradient has moments of 0, what is frozen an average that is its value, and
 * writing those changes nothing. Fails with train/kept where the optimizer has no such moment or no
 * average is kept. */
INCEPT_API incept_status incept_trainer_read(incept_trainer* trainer, incept_kept kept,
                                             float* const* out);
INCEPT_API incept_status incept_trainer_write(incept_trainer* trainer, incept_kept kept,
                                              const float* const* in);

#ifdef __cplusplus
}
#endif

#endif
