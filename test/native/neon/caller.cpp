// A program around a network of one input that runs it on several numbers of threads, whose results
// have to be the same to the bit:
//   caller WEIGHTS.safetensors INPUTS.safetensors OUTPUTS.safetensors
// Prints what ran, "cpu neon", and then what differed.
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "abi/incept.h"
#include "standalone/safetensors.hpp"
#include "standalone/weights.hpp"
#include "standalone/write.hpp"

using namespace incept::standalone;

static void check(incept_status status) {
  if (status != INCEPT_OK) throw Failure(incept_last_error_code(), incept_last_error());
}

static incept_model* loaded(const std::string& path) {
  TensorFile file(path);
  const std::vector<Loaded> weights = read_weights(file, *incept_describe());
  std::vector<incept_tensor> list;
  for (const Loaded& tensor : weights)
    list.push_back({tensor.name.c_str(), tensor.values.data(),
                    static_cast<std::int64_t>(tensor.values.size())});
  incept_model* model = nullptr;
  check(incept_model_create(list.data(), list.size(), &model));
  return model;
}

static std::vector<Tensor> results_of(const incept_model* model, int threads, std::int64_t batch,
                                      const std::vector<float>& input) {
  incept_session_options options = INCEPT_SESSION_OPTIONS;
  options.threads = threads;
  incept_session* session = nullptr;
  check(incept_session_create(model, &options, &session));
  const incept_info& info = *incept_describe();
  std::vector<Tensor> results;
  for (std::size_t i = 0; i < info.output_count; ++i) {
    const incept_port& port = info.outputs[i];
    Tensor tensor{port.name, {batch}, std::vector<float>(batch * port.count)};
    tensor.shape.insert(tensor.shape.end(), port.shape, port.shape + port.rank);
    results.push_back(std::move(tensor));
  }
  std::vector<void*> out;
  for (Tensor& tensor : results) out.push_back(tensor.values.data());
  const void* in = input.data();
  check(incept_run(session, batch, &in, out.data()));
  incept_session_destroy(session);
  return results;
}

static bool same_bits(const Tensor& a, const Tensor& b) {
  return std::memcmp(a.values.data(), b.values.data(), sizeof(float) * a.values.size()) == 0;
}

int main(int, char** argv) try {
  check(incept_probe(nullptr));
  const incept_info& info = *incept_describe();
  std::printf("%s\n", info.target);
  incept_model* model = loaded(argv[1]);
  TensorFile file(argv[2]);
  const std::vector<float> input = file.read(*file.find(info.inputs[0].name));
  const std::int64_t batch = static_cast<std::int64_t>(input.size()) / info.inputs[0].count;
  const std::vector<Tensor> alone = results_of(model, 1, batch, input);
  for (const int threads : {2, 3, 7}) {
    const std::vector<Tensor> together = results_of(model, threads, batch, input);
    for (std::size_t i = 0; i < alone.size(); ++i)
      if (!same_bits(alone[i], together[i]))
        std::printf("%s has other bits on %d threads\n", alone[i].name.c_str(), threads);
  }
  write_safetensors(argv[3], alone);
  incept_model_destroy(model);
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 2;
}
