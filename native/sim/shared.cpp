#include "shared.hpp"

#include "../cuda/failure.hpp"
#include "runner.hpp"

namespace incept::cuda::sim {
namespace {

// What a block has without asking the driver for more.
constexpr std::int64_t kBytes = 48 << 10;

}  // namespace

void SharedArrays::begin_launch() {
  arrays_.clear();
  bytes_ = 0;
}

void SharedArrays::begin_block() {
  for (auto& one : arrays_) one->view.store->poison(0, one->view.store->bytes());
}

const View* SharedArrays::find(const void* declaration, const char* name, std::int64_t count,
                               std::int64_t element) {
  for (auto& one : arrays_)
    if (one->declaration == declaration) return &one->view;
  bytes_ = (bytes_ + 15) / 16 * 16 + count * element;
  if (bytes_ > kBytes)
    violation("sim/launch", text("has %lld bytes of shared memory, of %lld that there are",
                                 static_cast<long long>(bytes_), static_cast<long long>(kBytes)));
  auto array = std::make_unique<Array>();
  array->declaration = declaration;
  View& view = array->view;
  view.store = std::make_shared<Store>(std::string("shared array ") + name, count * element);
  view.region = {0, 1, count * element, count * element};
  view.element = element;
  view.writable = view.shared = true;
  view.task = running.task;
  arrays_.push_back(std::move(array));
  return &view;
}

const View* shared_view(const void* key, const char* name, std::int64_t count,
                        std::int64_t element) {
  return runner().shared().find(key, name, count, element);
}

}  // namespace incept::cuda::sim
