// native/picture for JavaScript: `preparePictures(rasters, image, tensor, cuts)`. src/runtime/image
// is its only caller; the checks here make sure that a mistake there is an error and not a crash.
#pragma once

#include <cstdint>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include "../picture/picture.hpp"
#include "napi.hpp"

namespace incept::addon {

// A whole number of 1 to `most`.
inline int64_t wholeNumber(const Napi::Object& object, const char* name, int64_t most) {
  const double value = object.Get(name).ToNumber().DoubleValue();
  if (value >= 1 && value <= double(most) && value == double(int64_t(value))) return int64_t(value);
  throw Napi::RangeError::New(object.Env(), std::string(name) + " is out of range.");
}

constexpr int64_t kMaxSide = INT32_MAX;
constexpr int64_t kMaxRasterSide = 1 << 24;  // So that no product of sizes overflows.

// `{ data, width, height, channels, cmyk, sampleBytes, orientation }`.
inline picture::Raster readRaster(const Napi::Object& object) {
  picture::Raster raster;
  raster.cmyk = object.Get("cmyk").ToBoolean();
  raster.width = wholeNumber(object, "width", kMaxRasterSide);
  raster.height = wholeNumber(object, "height", kMaxRasterSide);
  raster.channels = int(wholeNumber(object, "channels", 5));
  raster.sample_bytes = int(wholeNumber(object, "sampleBytes", 2));
  raster.orientation = int(wholeNumber(object, "orientation", 8));
  const Napi::Value data = object.Get("data");
  const bool bytes =
      data.IsTypedArray() && data.As<Napi::TypedArray>().TypedArrayType() == napi_uint8_array;
  if (!bytes || data.As<Napi::Uint8Array>().ByteLength() != raster.bytes() ||
      (raster.cmyk && raster.channels < 4)) {
    throw Napi::RangeError::New(object.Env(), "data does not hold the raster.");
  }
  raster.data = data.As<Napi::Uint8Array>().Data();
  return raster;
}

inline double perChannel(const Napi::Object& object, const char* name, uint32_t channel) {
  const Napi::Array list = object.Get(name).As<Napi::Array>();
  return list.Get(list.Length() == 1 ? 0 : channel).ToNumber().DoubleValue();
}

// The spec's `from image(...)`, as the manifest has it.
inline picture::Recipe readRecipe(const Napi::Object& image) {
  picture::Recipe recipe;
  const Napi::Object size = image.Get("size").As<Napi::Object>();
  recipe.height = wholeNumber(size, "0", kMaxSide);
  recipe.width = wholeNumber(size, "1", kMaxSide);
  recipe.stretch = std::string(image.Get("fit").ToString()) == "stretch";
  const bool sized = !recipe.stretch || !image.Get("resize").IsUndefined();
  if (sized) recipe.resize = wholeNumber(image, "resize", kMaxSide);
  const std::string interpolation = image.Get("interpolation").ToString();
  recipe.interpolation = interpolation == "nearest"   ? picture::Interpolation::kNearest
                         : interpolation == "bicubic" ? picture::Interpolation::kBicubic
                                                      : picture::Interpolation::kBilinear;
  const std::string order = image.Get("order").ToString();
  recipe.order = order == "luma"  ? picture::Order::kLuma
                 : order == "bgr" ? picture::Order::kBgr
                                  : picture::Order::kRgb;
  recipe.range = image.Get("range").ToNumber().DoubleValue();
  for (uint32_t c = 0; c < uint32_t(recipe.channels()); ++c) {
    recipe.mean[c] = perChannel(image, "mean", c);
    recipe.std[c] = perChannel(image, "std", c);
  }
  return recipe;
}

// `{ pad, x, y, flip }`; without `pad` the centre is cropped.
inline picture::Cut readCut(const Napi::Object& object) {
  picture::Cut cut;
  const Napi::Value pad = object.Get("pad");
  cut.window = !pad.IsUndefined();
  if (cut.window) {
    const double given = pad.ToNumber().DoubleValue();
    const bool fits = given >= 0 && given <= double(kMaxSide) && given == double(int64_t(given));
    if (!fits) throw Napi::RangeError::New(object.Env(), "pad is out of range.");
    cut.pad = int64_t(given);
    cut.x = object.Get("x").ToNumber().Uint32Value();
    cut.y = object.Get("y").ToNumber().Uint32Value();
  }
  cut.flip = object.Get("flip").ToBoolean();
  return cut;
}

// One of the pictures of a call.
struct Prepared {
  picture::Raster raster;
  picture::Cut cut;
};

// The work on a thread of libuv's pool, and the promise of its end. The rasters and the tensor are
// the caller's to leave alone until then.
class PictureJob : public Napi::AsyncWorker {
 public:
  PictureJob(Napi::Env env, std::vector<Prepared> pictures, const picture::Recipe& recipe,
             float* tensor, std::vector<Napi::ObjectReference> kept)
      : AsyncWorker(env, "incept-picture"),
        deferred_(Napi::Promise::Deferred::New(env)),
        pictures_(std::move(pictures)),
        recipe_(recipe),
        tensor_(tensor),
        kept_(std::move(kept)) {}

  Napi::Promise promise() const { return deferred_.Promise(); }

 private:
  void Execute() override {
    const int64_t each = recipe_.height * recipe_.width * recipe_.channels();
    try {
      float* out = tensor_;
      for (const Prepared& one : pictures_) {
        picture::prepare(one.raster, recipe_, out, one.cut);
        out += each;
      }
    } catch (const std::bad_alloc&) {
      code_ = "memory/exhausted";
      SetError("No memory was found.");
    }
  }
  void OnOK() override { deferred_.Resolve(Env().Undefined()); }
  void OnError(const Napi::Error& error) override {
    if (!code_.empty()) error.Value().Set("code", Napi::String::New(Env(), code_));
    deferred_.Reject(error.Value());
  }

  Napi::Promise::Deferred deferred_;
  std::vector<Prepared> pictures_;
  picture::Recipe recipe_;
  float* tensor_;
  std::vector<Napi::ObjectReference> kept_;  // Not collected before the work ends.
  std::string code_;
};

// preparePictures(rasters, image, tensor, cuts?): Promise<void>; see native/picture/picture.hpp.
inline Napi::Value preparePictures(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!info[0].IsArray()) throw Napi::TypeError::New(env, "rasters must be a list.");
  const Napi::Array rasters = info[0].As<Napi::Array>();
  const picture::Recipe recipe = readRecipe(info[1].ToObject());
  if (!info[2].IsTypedArray() ||
      info[2].As<Napi::TypedArray>().TypedArrayType() != napi_float32_array) {
    throw Napi::TypeError::New(env, "tensor must be a Float32Array.");
  }
  Napi::Float32Array tensor = info[2].As<Napi::Float32Array>();
  const int64_t plane = recipe.height * recipe.width;
  const int64_t each = plane * recipe.channels();
  const auto count = int64_t(tensor.ElementLength());
  const uint32_t pictures = rasters.Length();
  if (plane > count || count % each != 0 || count / each != int64_t(pictures)) {
    throw Napi::RangeError::New(env, "The tensor is not of the image's size.");
  }
  std::vector<Prepared> prepared;
  std::vector<Napi::ObjectReference> kept;
  kept.push_back(Napi::Persistent(tensor.As<Napi::Object>()));
  for (uint32_t i = 0; i < pictures; ++i) {
    const Napi::Object raster = rasters.Get(i).ToObject();
    prepared.push_back({readRaster(raster), {}});
    if (info[3].IsArray()) prepared[i].cut = readCut(info[3].As<Napi::Array>().Get(i).ToObject());
    kept.push_back(Napi::Persistent(raster.Get("data").As<Napi::Object>()));
  }
  auto* job = new PictureJob(env, std::move(prepared), recipe, tensor.Data(), std::move(kept));
  const Napi::Promise promise = job->promise();
  job->Queue();
  return promise;
}

}  // namespace incept::addon
