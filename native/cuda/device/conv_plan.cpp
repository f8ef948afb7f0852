#include "conv_plan.hpp"

#include <utility>

#include "context.hpp"
#include "device.hpp"
#include "error.hpp"
#include "plans.hpp"
#include "recorder.hpp"

namespace incept::cuda {
namespace {

using cudnn::HeurMode;
using cudnn::NumericalNote;

constexpr std::int64_t kMostWorkspace = std::int64_t(256) << 20;

std::string engine_text(const cudnn::EngineConfig& config, std::int64_t workspace) {
  std::string notes;
  const auto note = [&](NumericalNote which, const char* words) {
    if (config.has(which)) notes += (notes.empty() ? "" : ", ") + std::string(words);
  };
  note(NumericalNote::TENSOR_CORE, "tensor cores");
  note(NumericalNote::DOWN_CONVERT_INPUTS, "inputs rounded");
  note(NumericalNote::WINOGRAD, "Winograd");
  note(NumericalNote::FFT, "FFT");
  std::string words = text("engine %lld", static_cast<long long>(config.engine));
  if (!notes.empty()) words += " (" + notes + ")";
  return words + (workspace == 0 ? ", no workspace" : ", " + size_text(workspace));
}

}  // namespace

// f32 without tf32 stays on the plain units: tensor cores would round its inputs.
bool keeps_precision(const ConvProblem& problem, const cudnn::EngineConfig& config) {
  if (config.has(NumericalNote::NONDETERMINISTIC)) return false;
  if (config.has(NumericalNote::REDUCED_PRECISION_REDUCTION)) return false;
  if (problem.type != Type::kF32 || problem.tf32) return true;
  return !config.has(NumericalNote::TENSOR_CORE) && !config.has(NumericalNote::DOWN_CONVERT_INPUTS);
}

ConvChoice choose_engine(const ConvProblem& problem, cudnn::Descriptor device) {
  ConvChoice choice;
  std::optional<ConvGraph> parts = conv_graph(problem);
  if (!parts) return choice;
  std::optional<cudnn::Descriptor> graph = cudnn::operation_graph(parts->operations);
  if (!graph) return choice;
  // Never FALLBACK, whose engines are slow: another way to ask is better.
  for (const HeurMode mode : {HeurMode::A, HeurMode::B}) {
    for (cudnn::EngineConfig& config : cudnn::heuristics(*graph, device, mode)) {
      if (!keeps_precision(problem, config)) continue;
      std::optional<cudnn::ExecutionPlan> plan = cudnn::execution_plan(config, device);
      if (!plan || plan->workspace > kMostWorkspace) continue;
      choice.workspace = plan->workspace;
      choice.engine = engine_text(config, choice.workspace);
      choice.plan.emplace(std::move(plan->descriptor));
      for (cudnn::Descriptor& part : parts->parts) choice.kept.push_back(std::move(part));
      for (cudnn::Descriptor& part : parts->operations) choice.kept.push_back(std::move(part));
      choice.kept.push_back(std::move(*graph));
      choice.kept.push_back(std::move(device));
      choice.kept.push_back(std::move(config.descriptor));
      return choice;
    }
  }
  return choice;
}

// ---- The boundary.

struct ConvPlan::State {
  context::Generation generation;
  bool bias;
  ConvChoice choice;
};

ConvPlan::ConvPlan(std::unique_ptr<State> state) : state_(std::move(state)) {}

// Descriptors hold modules of the context: where it is gone they are left as they are.
ConvPlan::~ConvPlan() {
  const context::LastUse use(state_->generation);
  if (use) {
    state_.reset();
    return;
  }
  state_->choice.plan->abandon();
  for (cudnn::Descriptor& part : state_->choice.kept) part.abandon();
}

void ConvPlan::describe(Device*, const ConvProblem& problem) {
  conv_graph(problem);
}

std::unique_ptr<ConvPlan> ConvPlan::make(Device& device, const ConvProblem& problem) {
  const context::Use use(device.generation());
  ConvChoice choice = choose_engine(problem, cudnn::device_properties(device.cudnn()));
  if (!choice.plan) return nullptr;
  return std::unique_ptr<ConvPlan>(new ConvPlan(
      std::unique_ptr<State>(new State{device.generation(), problem.bias, std::move(choice)})));
}

std::size_t ConvPlan::workspace() const {
  return static_cast<std::size_t>(state_->choice.workspace);
}

std::string ConvPlan::engine() const {
  return state_->choice.engine;
}

void ConvPlan::run(Recorder& recorder, Address x, Address w, Address bias, Address y,
                   Address workspace) const {
  const context::Use use(state_->generation);
  std::vector<std::int64_t> ids = {kConvX, kConvW, kConvY};
  std::vector<void*> pointers = {x, w, y};
  if (state_->bias) ids.push_back(kConvBias), pointers.push_back(bias);
  const cudnn::Descriptor pack = cudnn::variant_pack(ids, pointers, workspace);
  const cudnn::Status status = cudnn::api().BackendExecute(recorder.device().cudnn(),
                                                           state_->choice.plan->get(), pack.get());
  if (status != cudnn::Status::SUCCESS)
    throw cudnn::failure_of(status, "running " + state_->choice.engine, "cuda/failed");
}

}  // namespace incept::cuda
