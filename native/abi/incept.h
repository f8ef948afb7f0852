/*
 * The C ABI of a compiled network. The Node addon, a plain C++ program and Python's ctypes all
 * use these functions and nothing else. Tensors are dense f32: images N,C,H,W and vectors N,C.
 * No function throws. An instance serves one call at a time; several instances may run at once.
 */
#ifndef INCEPT_H
#define INCEPT_H

#include <stddef.h>
#include <stdint.h>

#ifdef _WIN32
#define INCEPT_API __declspec(dllexport)
#else
#define INCEPT_API __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
extern "C" {
#endif

#define INCEPT_ABI_VERSION 2

typedef struct incept_instance incept_instance;

typedef enum incept_status { INCEPT_OK = 0, INCEPT_ERROR = 1 } incept_status;

/* An input, output or parameter. `shape` leaves the batch out; `count` is its product. */
typedef struct incept_port {
  const char* name;
  const int64_t* shape;
  int32_t rank;
  int64_t count;
} incept_port;

typedef struct incept_info {
  int32_t abi_version;
  const char* model;
  const char* target;
  int64_t max_batch;
  const incept_port* inputs;
  size_t input_count;
  const incept_port* outputs;
  size_t output_count;
  const incept_port* parameters;
  size_t parameter_count;
  /* Bytes that one instance holds: activations, and prepared weights. On a GPU the libraries'
   * workspace comes on top, whose size is known when the weights are loaded. */
  uint64_t arena_bytes;
  uint64_t weight_bytes;
} incept_info;

/* Static description of the network; valid as long as the library is loaded. */
INCEPT_API const incept_info* incept_describe(void);

/* `threads` <= 0 takes the number of physical cores. Fails with cpu/unsupported where the
 * processor lacks an instruction set that the library was compiled for, and for a GPU with the
 * codes of cuda/ where its driver, the GPU or a library is absent or too old. */
INCEPT_API incept_status incept_create(int32_t threads, incept_instance** out);

typedef struct incept_tensor {
  const char* name;
  const float* data;
  int64_t count;
} incept_tensor;

/* Copies and prepares the weights. Every parameter must be there, others are ignored. */
INCEPT_API incept_status incept_load_weights(incept_instance* instance,
                                             const incept_tensor* tensors, size_t tensor_count);

/* Runs 1 <= batch <= max_batch images. Pointers in the order of incept_describe(). */
INCEPT_API incept_status incept_run(incept_instance* instance, int64_t batch,
                                    const float* const* inputs, float* const* outputs);

INCEPT_API void incept_destroy(incept_instance* instance);

/* How each layer that a vendor's library computes is carried out, one a line, the device first (the
 * device alone before the weights are loaded); empty on the CPU. Valid until the next report. */
INCEPT_API const char* incept_report(incept_instance* instance);

/* Milliseconds that a run of this batch takes on its device, the mean of `runs` after a warm-up,
 * without the copies from and to the caller. Fails with run/untimed on the CPU: time incept_run. */
INCEPT_API incept_status incept_time(incept_instance* instance, int64_t batch, int32_t runs,
                                     double* milliseconds);

/* Describes every layer of a batch to the vendor's libraries, which refuse wrong sizes and layouts.
 * Needs the libraries but no GPU. `count` is the number of descriptions, 0 on the CPU. */
INCEPT_API incept_status incept_verify(int64_t batch, size_t* count);

/* The calling thread's last error: a code such as "weights/missing", and a sentence. */
INCEPT_API const char* incept_last_error_code(void);
INCEPT_API const char* incept_last_error(void);

#ifdef __cplusplus
}
#endif

#endif
