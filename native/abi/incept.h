/*
 * The C ABI of a compiled network. The Node addon, a plain C++ program and Python's ctypes all
 * use these functions and nothing else. Tensors are dense: images N,C,H,W and vectors N,C.
 * No function throws.
 *
 * A model is the weights, prepared once and never written again; a session is what one run needs
 * besides: memory for activations, threads or a place on a GPU. A session serves one call at a
 * time; several sessions of one model may run at once.
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

#define INCEPT_ABI_VERSION 6

typedef struct incept_model incept_model;
typedef struct incept_session incept_session;

typedef enum incept_status { INCEPT_OK = 0, INCEPT_ERROR = 1 } incept_status;

typedef enum incept_dtype { INCEPT_F32 = 0, INCEPT_I32 = 1, INCEPT_U8 = 2 } incept_dtype;

/* An input, output or parameter. `shape` leaves the batch out; `count` is its product. */
typedef struct incept_port {
  const char* name;
  const int64_t* shape;
  int32_t rank;
  int64_t count;
  incept_dtype dtype; /* Parameters are f32. */
} incept_port;

typedef struct incept_info {
  int32_t abi_version;
  const char* model;
  const char* target; /* What runs: "cpu avx2", "cuda sm_80 sm_90". */
  int64_t max_batch;
  const incept_port* inputs;
  size_t input_count;
  const incept_port* outputs;
  size_t output_count;
  const incept_port* parameters;
  size_t parameter_count;
  /* Bytes of activations, on the CPU of one image and on a GPU of max_batch of them, and of
   * prepared weights, which a model holds: on the host, and for a GPU once more there. A session on
   * a GPU also holds the libraries' workspace, whose size is known when it is made. */
  uint64_t arena_bytes;
  uint64_t weight_bytes;
  /* The instruction sets that there is a program for, best first: "avx512 avx2 baseline"; for a GPU
   * its architectures. */
  const char* levels;
  /* About how many microseconds one core takes for an image, as the compiler reckons: enough to
   * tell whether a run is worth a thread of its own. 0 on a GPU. */
  double work;
} incept_info;

/* Description of the network; valid as long as the library is loaded, and the same all the time. Of
 * several programs for the CPU the best that this processor has the instructions for runs, or the
 * one that the environment variable INCEPT_CPU names when the first function here is called. */
INCEPT_API const incept_info* incept_describe(void);

/* What a session is made with. `size` is the caller's sizeof: fields that a later version adds have
 * their defaults for callers that do not know them. */
typedef struct incept_session_options {
  size_t size;
  int32_t threads; /* <= 0: as many as there are physical cores. On the CPU. */
  int32_t device;  /* Which of the GPUs that the process may see; 0 on the CPU. */
  int32_t spin; /* Microseconds that a thread stays awake for the next run; < 0: 200. On the CPU. */
} incept_session_options;

#define INCEPT_SESSION_OPTIONS {sizeof(incept_session_options), 0, 0, -1}

/* Whether this machine can run the network: fails with cpu/unsupported where the processor lacks an
 * instruction set that the library was compiled for, with cpu/level where INCEPT_CPU names none of
 * incept_info.levels, and for a GPU with the codes of cuda/ where
 * its driver, the GPU or a library is absent or too old. Null options are the defaults. */
INCEPT_API incept_status incept_probe(const incept_session_options* options);

typedef struct incept_tensor {
  const char* name;
  const float* data;
  int64_t count;
} incept_tensor;

/* Copies and prepares the weights. Every parameter must be there, others are ignored. */
INCEPT_API incept_status incept_model_create(const incept_tensor* tensors, size_t tensor_count,
                                             incept_model** out);

/* Where the values of parameters come from, where they need not all be in memory at once. */
typedef struct incept_source {
  void* context;
  /* The values of incept_info.parameters[index]: where they are, or `room`, which has place for so
   * many, with the values written there; null where they cannot be had. Threads call it side by
   * side, and may ask for a parameter again. What is not room stays as it is until
   * incept_model_create_from returns. */
  const float* (*values)(void* context, size_t index, float* room);
} incept_source;

/* As incept_model_create. Fails with file/unreadable where the source has no values. */
INCEPT_API incept_status incept_model_create_from(const incept_source* source, incept_model** out);

/* Sessions of the model go on: what they share is freed with the last of them. */
INCEPT_API void incept_model_destroy(incept_model* model);

/* Null options are the defaults. Fails as incept_probe does. */
INCEPT_API incept_status incept_session_create(const incept_model* model,
                                               const incept_session_options* options,
                                               incept_session** out);

INCEPT_API void incept_session_destroy(incept_session* session);

/* Bytes of activations that the session holds. On the CPU each thread computes images of its own,
 * so that is arena_bytes for each of them; once, where a batch never has an image for each; more,
 * where layers read their weights once for several images. */
INCEPT_API uint64_t incept_session_arena_bytes(const incept_session* session);

/* Runs 1 <= batch <= max_batch images. Pointers in the order of incept_describe(), each to numbers
 * of its port's type. */
INCEPT_API incept_status incept_run(incept_session* session, int64_t batch,
                                    const void* const* inputs, void* const* outputs);

/* How each layer that a vendor's library computes is carried out, one a line, the device first;
 * empty on the CPU. Valid until the next report. */
INCEPT_API const char* incept_report(incept_session* session);

/* Milliseconds that a run of this batch takes on its device, the mean of `runs` after a warm-up,
 * without the copies from and to the caller. Fails with run/untimed on the CPU: time incept_run. */
INCEPT_API incept_status incept_time(incept_session* session, int64_t batch, int32_t runs,
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
