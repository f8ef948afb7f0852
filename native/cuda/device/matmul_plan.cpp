// cuBLASLt sees columns one after the other where we see rows: our rows x inputs matrix x is its
// inputs x rows matrix X, and so on, without a byte moved. So
//     y = x w^T + bias     (rows x features)
// is asked for as
//     Y = W^T X + bias     (features x rows, bias added to each column)
// with A = W, stored inputs x features and transposed, B = X and C = D = Y.
#include <cstdint>
#include <utility>

#include "context.hpp"
#include "cublas.hpp"
#include "device.hpp"
#include "error.hpp"
#include "plans.hpp"
#include "recorder.hpp"

namespace incept::cuda {
namespace {

using cublas::OperationAttribute;
using cublas::PreferenceAttribute;
using cublas::Transpose;

constexpr std::uint64_t kMostWorkspace = std::uint64_t(32) << 20;
constexpr std::uint32_t kWeightAlignment = 16;

cublas::DataType data_type(Type type) {
  return type == Type::kF32   ? cublas::DataType::R_32F
         : type == Type::kF16 ? cublas::DataType::R_16F
                              : cublas::DataType::R_16BF;
}

// cuBLASLt checks layouts against each other only where there is a device.
void check_sizes(const MatmulProblem& p) {
  if (p.rows > 0 && p.inputs > 0 && p.features > 0 && p.x_pitch >= p.inputs &&
      p.y_pitch >= p.features)
    return;
  throw Failure("cuda/descriptor",
                text("a product of %lld rows, %lld inputs (of rows %lld apart) and %lld features "
                     "(of rows %lld apart) makes no sense",
                     static_cast<long long>(p.rows), static_cast<long long>(p.inputs),
                     static_cast<long long>(p.x_pitch), static_cast<long long>(p.features),
                     static_cast<long long>(p.y_pitch)));
}

struct Product {
  cublas::OwnedOperation operation;
  cublas::OwnedLayout w, x, y;

  explicit Product(const MatmulProblem& p)
      : operation(cublas::operation(
            p.tf32 ? cublas::ComputeType::F32_FAST_TF32 : cublas::ComputeType::F32, Transpose::T,
            Transpose::N)),
        w(cublas::layout(data_type(p.type), p.inputs, p.features, p.inputs)),
        x(cublas::layout(data_type(p.type), p.inputs, p.rows, p.x_pitch)),
        y(cublas::layout(data_type(p.type), p.features, p.rows, p.y_pitch)) {
    if (!p.bias) return;
    cublas::set(operation, OperationAttribute::EPILOGUE, cublas::Epilogue::BIAS);
    cublas::set(operation, OperationAttribute::BIAS_DATA_TYPE, data_type(p.type));
  }
};

cublas::OwnedPreference preference_of(const MatmulProblem& p) {
  cublas::OwnedPreference preference = cublas::preference();
  cublas::set(preference, PreferenceAttribute::MAX_WORKSPACE_BYTES, kMostWorkspace);
  cublas::set(preference, PreferenceAttribute::MIN_ALIGNMENT_A_BYTES, kWeightAlignment);
  const auto x = static_cast<std::uint32_t>(p.x_alignment);
  const auto y = static_cast<std::uint32_t>(p.y_alignment);
  cublas::set(preference, PreferenceAttribute::MIN_ALIGNMENT_B_BYTES, x);
  cublas::set(preference, PreferenceAttribute::MIN_ALIGNMENT_C_BYTES, y);
  cublas::set(preference, PreferenceAttribute::MIN_ALIGNMENT_D_BYTES, y);
  // Parts of a sum that is split are added in f32, never in the type of y.
  const auto scheme = static_cast<std::uint32_t>(cublas::ReductionScheme::COMPUTE_TYPE);
  cublas::set(preference, PreferenceAttribute::REDUCTION_SCHEME_MASK, scheme);
  return preference;
}

}  // namespace

struct MatmulPlan::State {
  context::Generation generation;
  bool bias;
  Product product;
  cublas::Heuristic choice;
};

MatmulPlan::MatmulPlan(std::unique_ptr<State> state) : state_(std::move(state)) {}
MatmulPlan::~MatmulPlan() = default;  // Its descriptors are the host's alone.

void MatmulPlan::describe(Device*, const MatmulProblem& problem) {
  check_sizes(problem);
  const Product product(problem);
  const cublas::OwnedPreference preference = preference_of(problem);
}

std::unique_ptr<MatmulPlan> MatmulPlan::make(Device& device, const MatmulProblem& problem) {
  check_sizes(problem);
  const context::Use use(device.generation());
  Product product(problem);
  const cublas::OwnedPreference preference = preference_of(problem);
  cublas::Heuristic choice{};
  int count = 0;
  const cublas::Status status = cublas::api().MatmulAlgoGetHeuristic(
      device.cublas(), product.operation.get(), product.w.get(), product.x.get(), product.y.get(),
      product.y.get(), preference.get(), 1, &choice, &count);
  if (status == cublas::Status::NOT_SUPPORTED) return nullptr;
  cublas::check(status, "choosing a kernel");
  if (count == 0 || choice.state != cublas::Status::SUCCESS) return nullptr;
  return std::unique_ptr<MatmulPlan>(new MatmulPlan(std::unique_ptr<State>(
      new State{device.generation(), problem.bias, std::move(product), choice})));
}

std::size_t MatmulPlan::workspace() const {
  return state_->choice.workspaceSize;
}

std::string MatmulPlan::engine() const {
  int id = -1;
  std::size_t written = 0;
  (void)cublas::api().MatmulAlgoConfigGetAttribute(
      &state_->choice.algo, cublas::AlgorithmAttribute::ID, &id, sizeof id, &written);
  const std::size_t bytes = state_->choice.workspaceSize;
  return text("cuBLASLt %d, ", id) + (bytes == 0 ? "no workspace" : size_text(bytes));
}

void MatmulPlan::run(Recorder& recorder, Address x, Address w, Address bias, Address y,
                     Address workspace) const {
  const context::Use use(state_->generation);
  const Product& p = state_->product;
  if (state_->bias) cublas::set(p.operation, OperationAttribute::BIAS_POINTER, bias);
  const float one = 1, zero = 0;
  const cublas::Status status =
      cublas::api().Matmul(recorder.device().cublas(), p.operation.get(), &one, w, p.w.get(), x,
                           p.x.get(), &zero, y, p.y.get(), y, p.y.get(), &state_->choice.algo,
                           workspace, state_->choice.workspaceSize, recorder.device().stream());
  if (status != cublas::Status::SUCCESS)
    throw cublas::failure_of(status, "running " + engine(), "cuda/failed");
}

}  // namespace incept::cuda
