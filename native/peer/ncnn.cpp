// ncnn with one network, as `inceptc bench --vs ncnn` measures it: a process that speaks
// src/bench/protocol.ts, a line of JSON for each request.
//   ncnn-worker LAYERS.param WEIGHTS.bin PORTS.json THREADS
// PORTS.json says what the network calls its inputs and outputs, and what the files do:
//   {"inputs":[{"name":"image","blob":"b0","shape":[3,224,224]}],"outputs":[...]}
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include <cpu.h>
#include <net.h>
#include <sys/resource.h>

#include "standalone/json.hpp"

namespace {

using incept::standalone::Failure;
using incept::standalone::JsonReader;
using Floats = std::vector<float>;
using Files = std::map<std::string, std::string>;

[[noreturn]] void fail(const std::string& what) {
  throw Failure("bench/failed", what);
}

std::string read_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) fail("a file of the bench cannot be read");
  return {std::istreambuf_iterator<char>(file), {}};
}

struct Port {
  std::string name, blob;
  std::vector<int> shape;  // C,H,W or a vector's length.
  std::size_t count() const {
    std::size_t product = 1;
    for (const int size : shape) product *= static_cast<std::size_t>(size);
    return product;
  }
  // Pixels of a channel.
  std::size_t plane() const { return shape.size() == 3 ? count() / shape[0] : count(); }
};

Port read_port(JsonReader& json) {
  Port port;
  json.object([&](const std::string& key) {
    if (key == "name")
      port.name = json.string();
    else if (key == "blob")
      port.blob = json.string();
    else
      json.array([&] { port.shape.push_back(static_cast<int>(json.size())); });
  });
  return port;
}

struct Ports {
  std::vector<Port> inputs, outputs;
  explicit Ports(const std::string& text) {
    JsonReader json(text);
    json.object([&](const std::string& key) {
      std::vector<Port>& list = key == "inputs" ? inputs : outputs;
      json.array([&] { list.push_back(read_port(json)); });
    });
  }
};

Files read_files(JsonReader& json) {
  Files files;
  json.object([&](const std::string& name) { files[name] = json.string(); });
  return files;
}

struct Request {
  std::string ask;
  std::size_t batch = 0, runs = 0;
  Files files;
  explicit Request(const std::string& line) {
    JsonReader json(line);
    json.object([&](const std::string& key) {
      if (key == "ask")
        ask = json.string();
      else if (key == "batch")
        batch = json.size();
      else if (key == "runs")
        runs = json.size();
      else if (key == "inputs" || key == "outputs")
        files = read_files(json);
      else
        json.skip();
    });
  }
};

// One image, as ncnn lays it out: channels begin where its vectors like it.
ncnn::Mat laid_out(const Port& port, const float* from) {
  const std::vector<int>& s = port.shape;
  ncnn::Mat image = s.size() == 3 ? ncnn::Mat(s[2], s[1], s[0]) : ncnn::Mat(s[0]);
  const std::size_t plane = port.plane();
  for (std::size_t c = 0; c * plane < port.count(); ++c)
    std::memcpy(s.size() == 3 ? image.channel(int(c)) : image, from + c * plane,
                plane * sizeof(float));
  return image;
}

void take(const Port& port, const ncnn::Mat& image, float* to) {
  const std::size_t plane = static_cast<std::size_t>(image.w) * image.h * image.d;
  if (plane * image.c != port.count() || image.elempack != 1 || image.elemsize != sizeof(float))
    fail("ncnn gave an output of another size");
  for (int c = 0; c < image.c; ++c)
    std::memcpy(to + c * plane, image.channel(c), plane * sizeof(float));
}

class Network {
 public:
  Network(char** arguments) : ports_(read_text(arguments[2])) {
    ncnn::set_omp_dynamic(0);
    ncnn::set_omp_num_threads(std::atoi(arguments[3]));
    net_.opt.num_threads = std::atoi(arguments[3]);
    net_.opt.use_vulkan_compute = false;
    // f32, as the others compute: these matter on processors that have such arithmetic.
    net_.opt.use_fp16_packed = net_.opt.use_fp16_storage = net_.opt.use_fp16_arithmetic = false;
    net_.opt.use_bf16_storage = false;
    // What ncnn's own benchmark sets: blocks are kept for the next run.
    net_.opt.blob_allocator = &blobs_;
    net_.opt.workspace_allocator = &workspaces_;
    if (net_.load_param(arguments[0]) != 0) fail("ncnn cannot read the layers");
    if (net_.load_model(arguments[1]) != 0) fail("ncnn cannot read the weights");
  }
  ~Network() { net_.clear(); }

  void give(const Files& files, std::size_t batch) {
    images_.assign(batch, {});
    for (const Port& port : ports_.inputs) {
      const std::string bytes = read_text(files.at(port.name));
      if (bytes.size() != batch * port.count() * sizeof(float)) fail("an input has another size");
      Floats numbers(batch * port.count());
      std::memcpy(numbers.data(), bytes.data(), bytes.size());
      for (std::size_t i = 0; i < batch; ++i)
        images_[i].push_back(laid_out(port, numbers.data() + i * port.count()));
    }
    for (const Port& port : ports_.outputs) results_[port.name].resize(batch * port.count());
  }

  // An image after the other, with all threads: ncnn has no batches.
  void run() {
    for (std::size_t i = 0; i < images_.size(); ++i) {
      ncnn::Extractor extractor = net_.create_extractor();
      for (std::size_t k = 0; k < ports_.inputs.size(); ++k)
        extractor.input(ports_.inputs[k].blob.c_str(), images_[i][k]);
      for (const Port& port : ports_.outputs) {
        ncnn::Mat result;
        if (extractor.extract(port.blob.c_str(), result) != 0) fail("ncnn could not compute it");
        take(port, result, results_[port.name].data() + i * port.count());
      }
    }
  }

  void write(const Files& files) const {
    for (const auto& [name, path] : files) {
      const Floats& numbers = results_.at(name);
      std::ofstream file(path, std::ios::binary);
      file.write(reinterpret_cast<const char*>(numbers.data()),
                 static_cast<std::streamsize>(numbers.size() * sizeof(float)));
      file.close();
      if (!file) fail("an output cannot be written");
    }
  }

 private:
  Ports ports_;
  ncnn::UnlockedPoolAllocator blobs_;
  ncnn::PoolAllocator workspaces_;
  ncnn::Net net_;
  std::vector<std::vector<ncnn::Mat>> images_;
  std::map<std::string, Floats> results_;
};

double milliseconds(Network& network) {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point start = Clock::now();
  network.run();
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

std::string times(Network& network, std::size_t runs) {
  network.run();
  std::string list;
  for (std::size_t i = 0; i < runs; ++i)
    list += (i == 0 ? "" : ",") + std::to_string(milliseconds(network));
  return "{\"milliseconds\":[" + list + "]}";
}

// The most bytes of memory that this program has had. What getrusage tells on Linux is also what
// the process had before it became this program.
std::uint64_t peak_bytes() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.rfind("VmHWM:", 0) == 0) return std::strtoull(line.c_str() + 6, nullptr, 10) * 1024;
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::uint64_t>(usage.ru_maxrss);
}

std::string answer(Network& network, const Request& request, std::uint64_t before) {
  if (request.ask == "give") {
    network.give(request.files, request.batch);
    return "{}";
  }
  if (request.ask == "answer") {
    network.run();
    network.write(request.files);
    return "{}";
  }
  if (request.ask == "time") return times(network, request.runs);
  if (request.ask == "memory")
    return "{\"before\":" + std::to_string(before) + ",\"peak\":" + std::to_string(peak_bytes()) +
           "}";
  fail("ncnn is not asked that");
}

void tell(const std::string& line) {
  std::cout << line << std::endl;
}

// Of its own sentences, which need no escapes.
void tell(const std::exception& error) {
  tell(std::string("{\"error\":{\"message\":\"") + error.what() + "\"}}");
}

}  // namespace

int main(int count, char** arguments) try {
  if (count != 5) fail("usage: ncnn-worker LAYERS.param WEIGHTS.bin PORTS.json THREADS");
  const std::uint64_t before = peak_bytes();
  Network network(arguments + 1);
  tell(std::string("{\"engine\":\"ncnn\",\"version\":\"") + NCNN_VERSION_STRING + "\"}");
  for (std::string line; std::getline(std::cin, line);) try {
      tell(answer(network, Request(line), before));
    } catch (const std::exception& error) {
      tell(error);
    }
  return 0;
} catch (const std::exception& error) {
  tell(error);
  return 1;
}
