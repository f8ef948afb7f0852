// What a user sees when a device fails, through the C ABI of an emitted network on the simulator. A
// line a case: "name: status code message".
#include <cstdio>
#include <vector>

#include "abi/incept.h"
#include "sim/faults.hpp"

namespace {

std::vector<std::vector<float>> values;
std::vector<incept_tensor> tensors;

void make_weights() {
  const incept_info* info = incept_describe();
  values.resize(info->parameter_count);
  for (std::size_t i = 0; i < info->parameter_count; ++i) {
    const incept_port& port = info->parameters[i];
    values[i].assign(static_cast<std::size_t>(port.count), 0.25f);
    tensors.push_back({port.name, values[i].data(), port.count});
  }
}

void tell(const char* name, incept_status status) {
  if (status == INCEPT_OK) std::printf("%s: ok\n", name);
  if (status != INCEPT_OK)
    std::printf("%s: [%s] %s\n", name, incept_last_error_code(), incept_last_error());
}

incept_model* model = nullptr;

incept_status open(incept_session** session) {
  return incept_session_create(model, nullptr, session);
}

incept_status run(incept_session* session) {
  const incept_info* info = incept_describe();
  const std::vector<float> image(static_cast<std::size_t>(2 * info->inputs[0].count), 0.5f);
  std::vector<std::vector<float>> results;
  std::vector<void*> outputs;
  for (std::size_t i = 0; i < info->output_count; ++i)
    results.emplace_back(static_cast<std::size_t>(2 * info->outputs[i].count));
  for (std::vector<float>& result : results) outputs.push_back(result.data());
  const void* input = image.data();
  return incept_run(session, 2, &input, outputs.data());
}

}  // namespace

int main() {
  make_weights();
  tell("model", incept_model_create(tensors.data(), tensors.size(), &model));
  incept_session* session = nullptr;
  const incept_session_options second = {sizeof second, 0, 1, -1};
  tell("second GPU", incept_session_create(model, &second, &session));

  incept_sim_fault("out_of_memory_above", 4000);
  tell("no memory", open(&session));
  incept_sim_fault("out_of_memory_above", 1 << 30);

  incept_sim_fault("no_engine", 1);
  tell("no engine", open(&session));
  incept_sim_fault("no_engine", 0);
  tell("open after it", open(&session));
  tell("run after that", run(session));
  incept_session_destroy(session);

  tell("open", open(&session));
  tell("run", run(session));
  incept_sim_fault("lose_device_at_task", 2);
  tell("run that loses the GPU", run(session));
  incept_sim_fault("lose_device_at_task", -1);
  tell("run after it", run(session));
  incept_session_destroy(session);
  tell("open again", open(&session));
  incept_model_destroy(model);
  tell("run again, the model gone", run(session));
  incept_session_destroy(session);
}
