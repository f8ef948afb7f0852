// Runs a kernel of training on arenas that a file holds, by teams of two sizes, and writes to
// another file what becomes of them.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <vector>

#include "cpu/team.hpp"
#include "cpu/train/run.hpp"

namespace incept::cpu {

class Judge {
 public:
  Judge(const char* given, const char* made)
      : given_(std::fopen(given, "rb")), made_(std::fopen(made, "wb")) {
    must(given_ != nullptr && made_ != nullptr);
  }
  ~Judge() { must(std::fclose(given_) == 0 && std::fclose(made_) == 0); }

  using Kernel = std::function<void(Member&, const BatchRun&)>;

  // `image_bytes` are those of one image.
  void run(int images, std::size_t image_bytes, std::size_t batch_bytes, const Kernel& kernel) {
    const Bytes image = read(images * image_bytes), batch = read(batch_bytes);
    for (int threads : {1, 3}) {
      Bytes own_image = image, own_batch = batch;
      BatchRun run{};
      run.images = images, run.image_arena = own_image.data(), run.batch_arena = own_batch.data();
      Team team(threads);
      team.run([&](Member& t) { kernel(t, run); });
      write(own_image), write(own_batch);
    }
  }

 private:
  using Bytes = std::vector<std::byte>;

  static void must(bool held) {
    if (!held) std::abort();
  }
  Bytes read(std::size_t count) {
    Bytes bytes(count);
    must(std::fread(bytes.data(), 1, count, given_) == count);
    return bytes;
  }
  void write(const Bytes& bytes) {
    must(std::fwrite(bytes.data(), 1, bytes.size(), made_) == bytes.size());
  }

  std::FILE *given_, *made_;
};

}  // namespace incept::cpu
