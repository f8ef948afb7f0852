// A plain program around one network, which uses the C ABI and nothing else:
//   network WEIGHTS.safetensors INPUTS.safetensors OUTPUTS.safetensors
// Tensors are named as in the spec; inputs and outputs have a leading batch dimension.
#include <algorithm>
#include <cstdio>
#include <new>
#include <string>
#include <vector>

#include "abi/incept.h"
#include "safetensors.hpp"
#include "weights.hpp"
#include "write.hpp"

namespace {

using namespace incept::standalone;

void check(incept_status status) {
  if (status != INCEPT_OK) throw Failure(incept_last_error_code(), incept_last_error());
}

struct Model {
  incept_model* handle = nullptr;
  ~Model() { incept_model_destroy(handle); }
};

struct Session {
  incept_session* handle = nullptr;
  explicit Session(const Model& model) {
    check(incept_session_create(model.handle, nullptr, &handle));
  }
  ~Session() { incept_session_destroy(handle); }
};

void load(Model& model, const std::string& path) {
  TensorFile file(path);
  const std::vector<Loaded> weights = read_weights(file, *incept_describe());
  std::vector<incept_tensor> list;
  for (const Loaded& tensor : weights) {
    list.push_back({tensor.name.c_str(), tensor.values.data(),
                    static_cast<std::int64_t>(tensor.values.size())});
    if (const std::size_t odd = count_odd(tensor))
      std::fprintf(stderr, "warning: %s: %s holds values that give no results (%zu)\n",
                   shown(path).c_str(), tensor.name.c_str(), odd);
  }
  check(incept_model_create(list.data(), list.size(), &model.handle));
}

struct Inputs {
  std::int64_t batch = 0;
  std::vector<std::vector<float>> values;  // In the order of the network's inputs.
};

std::string names_text(const incept_info& info) {
  std::string text =
      info.input_count == 1 ? "the network's input is " : "the network's inputs are ";
  for (std::size_t i = 0; i < info.input_count; ++i)
    text += (i == 0 ? "" : ", ") + std::string(info.inputs[i].name);
  return text;
}

// The batch of the tensor of one input, whose shape must be the port's behind it.
std::int64_t check_input(const std::string& path, const Entry* entry, const incept_port& port) {
  if (entry == nullptr)
    throw Failure("inputs/missing", shown(path) + " has no tensor " + port.name);
  const std::string is = shown(path) + ": " + port.name + " is ";
  const std::vector<std::uint64_t>& shape = entry->shape;
  const bool fits = shape.size() == static_cast<std::size_t>(port.rank) + 1 && shape[0] > 0 &&
                    std::equal(shape.begin() + 1, shape.end(), port.shape,
                               [](std::uint64_t is, std::int64_t wanted) {
                                 return is == static_cast<std::uint64_t>(wanted);
                               });
  if (!fits) {
    const std::vector<std::uint64_t> wanted(port.shape, port.shape + port.rank);
    throw Failure("inputs/shape",
                  is + sizes_text(shape) + ", expected a batch of " + sizes_text(wanted));
  }
  if (!is_float(entry->dtype) && entry->dtype != "U8")
    throw Failure("inputs/dtype",
                  is + shown(entry->dtype) + ", expected F32, F16, BF16, F64 or U8");
  return static_cast<std::int64_t>(shape[0]);
}

// A tensor for each of the network's inputs and no other, of one batch.
Inputs read_inputs(const std::string& path, const incept_info& info) {
  TensorFile file(path);
  const auto is_input = [&](const std::string& name) {
    return std::any_of(info.inputs, info.inputs + info.input_count,
                       [&](const incept_port& port) { return name == port.name; });
  };
  for (const Entry& entry : file.entries())
    if (!is_input(entry.name))
      throw Failure("inputs/unknown", shown(path) + ": there is no input " + shown(entry.name) +
                                          "; " + names_text(info));
  Inputs inputs;
  for (std::size_t i = 0; i < info.input_count; ++i) {
    const incept_port& port = info.inputs[i];
    const Entry* entry = file.find(port.name);
    const std::int64_t batch = check_input(path, entry, port);
    if (i > 0 && batch != inputs.batch)
      throw Failure("inputs/shape", shown(path) + " holds " + std::to_string(inputs.batch) +
                                        " of " + info.inputs[0].name + " and " +
                                        std::to_string(batch) + " of " + port.name);
    inputs.batch = batch;
    inputs.values.push_back(file.read(*entry));
  }
  return inputs;
}

std::vector<Tensor> run(incept_session* session, const Inputs& inputs) {
  const incept_info* info = incept_describe();
  std::vector<Tensor> results;
  for (std::size_t i = 0; i < info->output_count; ++i) {
    const incept_port& port = info->outputs[i];
    Tensor tensor{port.name, {inputs.batch}, {}};
    tensor.shape.insert(tensor.shape.end(), port.shape, port.shape + port.rank);
    tensor.values.resize(static_cast<std::size_t>(inputs.batch * port.count));
    results.push_back(std::move(tensor));
  }
  for (std::int64_t first = 0; first < inputs.batch; first += info->max_batch) {
    std::vector<const void*> in;
    for (std::size_t i = 0; i < info->input_count; ++i)
      in.push_back(inputs.values[i].data() + first * info->inputs[i].count);
    std::vector<void*> out;
    for (std::size_t i = 0; i < info->output_count; ++i)
      out.push_back(results[i].values.data() + first * info->outputs[i].count);
    check(incept_run(session, std::min(info->max_batch, inputs.batch - first), in.data(),
                     out.data()));
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
    check(incept_probe(nullptr));
    Model model;
    load(model, argv[1]);
    const Inputs inputs = read_inputs(argv[2], *incept_describe());
    const Session session(model);
    write_safetensors(argv[3], run(session.handle, inputs));
    return 0;
  } catch (const Failure& failure) {
    std::fprintf(stderr, "%s: [%s] %s\n", argv[0], failure.code().c_str(), failure.what());
  } catch (const std::bad_alloc&) {
    std::fprintf(stderr, "%s: [memory/exhausted] there is not enough memory\n", argv[0]);
  } catch (const std::length_error&) {
    std::fprintf(stderr, "%s: [memory/exhausted] there is not enough memory\n", argv[0]);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s: %s\n", argv[0], error.what());
  }
  return 2;
}
