#include "linear.hpp"

namespace incept::cuda {
namespace {

struct MatmulMethod : Method {
  std::unique_ptr<MatmulPlan> plan;
  std::size_t workspace() const override { return plan->workspace(); }
  std::string text() const override { return plan->engine(); }
};

// What the address of every row is a multiple of.
std::int64_t alignment(std::int64_t first, std::int64_t pitch) {
  std::int64_t bytes = 256;
  while (first % bytes != 0 || pitch % bytes != 0) bytes /= 2;
  return bytes;
}

template <class P>
MatmulProblem problem_of(const Linear& s, const Value& x, bool bias, const Value& y,
                         std::int64_t batch) {
  const std::int64_t size = size_of(P::type);
  MatmulProblem problem;
  problem.type = P::type;
  problem.tf32 = P::tf32_allowed;
  problem.rows = batch;
  problem.inputs = x.elements();
  problem.features = s.feature_count;
  problem.x_pitch = x.pitch * x.pixels();
  problem.y_pitch = y.pitch;
  problem.x_alignment = alignment(x.channel * size, batch > 1 ? problem.x_pitch * size : 256);
  problem.y_alignment = alignment(y.channel * size, batch > 1 ? problem.y_pitch * size : 256);
  problem.bias = bias;
  return problem;
}

}  // namespace

template <class P>
void linear(Walk& g, const Linear& layer, const Value& x, Weights w, Weights bias, const Value& y) {
  using T = Element<P>;
  const MatmulProblem problem = problem_of<P>(layer, x, bias.byte >= 0, y, g.batch());
  g.doing(text("linear, %lld x %lld to %lld features, %s", static_cast<long long>(problem.rows),
               static_cast<long long>(problem.inputs), static_cast<long long>(problem.features),
               name_of(P::type)));
  if (g.purpose() == Walk::Purpose::kDescribe) {
    MatmulPlan::describe(g.device(), problem);
    return g.count_description();
  }
  if (g.purpose() == Walk::Purpose::kPlan) {
    auto method = std::make_unique<MatmulMethod>();
    method->plan = MatmulPlan::make(*g.device(), problem);
    if (!method->plan) throw Failure("cuda/no-engine", "cuBLASLt has no algorithm for it.");
    return g.keep(std::move(method));
  }
  const MatmulPlan& plan = *static_cast<const MatmulMethod&>(g.method()).plan;
  const std::int64_t space = static_cast<std::int64_t>(plan.workspace());
  plan.run(g.recorder(), address(g.at<const T>(x)),
           address(g.weights<T>(w, problem.features * problem.inputs)),
           address(g.weights<T>(bias, problem.features)), address(g.at<T>(y)),
           space > 0 ? address(g.workspace<std::byte>(0, space)) : Address(nullptr));
}

template void linear<f32>(Walk&, const Linear&, const Value&, Weights, Weights, const Value&);
template void linear<tf32>(Walk&, const Linear&, const Value&, Weights, Weights, const Value&);
template void linear<f16>(Walk&, const Linear&, const Value&, Weights, Weights, const Value&);
template void linear<bf16>(Walk&, const Linear&, const Value&, Weights, Weights, const Value&);

}  // namespace incept::cuda
