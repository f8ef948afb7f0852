// A plain program around one network, which uses the C ABI and nothing else:
//   network WEIGHTS.safetensors INPUTS.safetensors OUTPUTS.safetensors
// Tensors are named as in the spec and have a leading batch dimension.
#include <algorithm>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <vector>

#include "abi/incept.h"
#include "safetensors.hpp"

namespace {

using incept::standalone::Tensor;
using incept::standalone::Tensors;

void check(incept_status status) {
  if (status == INCEPT_OK) return;
  throw std::runtime_error(std::string("[") + incept_last_error_code() + "] " +
                           incept_last_error());
}

struct Instance {
  incept_instance* handle = nullptr;
  Instance() { check(incept_create(0, &handle)); }
  ~Instance() { incept_destroy(handle); }
};

void load(incept_instance* instance, const Tensors& weights) {
  std::vector<incept_tensor> list;
  for (const auto& [name, tensor] : weights) {
    list.push_back(
        {name.c_str(), tensor.values.data(), static_cast<std::int64_t>(tensor.values.size())});
  }
  check(incept_load_weights(instance, list.data(), list.size()));
}

// The tensor of an input, whose shape must be the port's behind a batch.
const Tensor& input_of(const Tensors& tensors, const incept_port& port) {
  const auto found = tensors.find(port.name);
  if (found == tensors.end())
    throw std::runtime_error(std::string("there is no input ") + port.name);
  const std::vector<std::int64_t>& shape = found->second.shape;
  const bool fits = shape.size() == static_cast<std::size_t>(port.rank) + 1 && shape[0] > 0 &&
                    std::equal(shape.begin() + 1, shape.end(), port.shape);
  if (!fits) throw std::runtime_error(std::string(port.name) + " has another shape than N x input");
  return found->second;
}

Tensors run(incept_instance* instance, const Tensors& given) {
  const incept_info* info = incept_describe();
  const Tensor& input = input_of(given, info->inputs[0]);
  const std::int64_t batch = input.shape[0];
  Tensors results;
  for (std::size_t i = 0; i < info->output_count; ++i) {
    const incept_port& port = info->outputs[i];
    Tensor& tensor = results[port.name];
    tensor.shape.assign(1, batch);
    tensor.shape.insert(tensor.shape.end(), port.shape, port.shape + port.rank);
    tensor.values.resize(static_cast<std::size_t>(batch * port.count));
  }
  for (std::int64_t first = 0; first < batch; first += info->max_batch) {
    const float* in = input.values.data() + first * info->inputs[0].count;
    std::vector<float*> out;
    for (std::size_t i = 0; i < info->output_count; ++i) {
      const incept_port& port = info->outputs[i];
      out.push_back(results[port.name].values.data() + first * port.count);
    }
    check(incept_run(instance, std::min(info->max_batch, batch - first), &in, out.data()));
  }
  return results;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fprintf(stderr, "usage: %s WEIGHTS.safetensors INPUTS.safetensors OUTPUTS.safetensors\n",
                 argv[0]);
    return 2;
  }
  try {
    Instance instance;
    load(instance.handle, incept::standalone::read_safetensors(argv[1]));
    const Tensors inputs = incept::standalone::read_safetensors(argv[2]);
    incept::standalone::write_safetensors(argv[3], run(instance.handle, inputs));
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s: %s\n", argv[0], error.what());
    return 2;
  }
}
