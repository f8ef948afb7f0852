// node-addon-api with the same settings for all that includes it.
#pragma once

#ifndef NAPI_VERSION
#define NAPI_VERSION 9
#endif
// Errors are C++ exceptions up to the boundary, std::bad_alloc among them. Where a worker_thread is
// being terminated nothing can be thrown into JavaScript any more; then the exception is dropped
// and not fatal.
#ifndef NODE_ADDON_API_CPP_EXCEPTIONS_ALL
#define NODE_ADDON_API_CPP_EXCEPTIONS_ALL
#endif
#define NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS
#include <napi.h>
