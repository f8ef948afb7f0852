// `class Trainer`, of a network that was built to be trained.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "../abi/train.h"
#include "arrays.hpp"
#include "exclusive.hpp"
#include "job.hpp"
#include "napi.hpp"

namespace incept::addon {

using Training = Exclusive<incept_trainer, incept_trainer_destroy>;

// Which of several a name is.
inline int32_t choiceOf(const Napi::Value& value, const char* what,
                        const std::vector<std::string>& names) {
  const std::string name = value.ToString();
  for (size_t i = 0; i < names.size(); ++i)
    if (names[i] == name) return static_cast<int32_t>(i);
  throw Napi::RangeError::New(value.Env(), std::string(what) + " is unknown: " + name);
}

inline incept_kept keptOf(const Napi::Value& value) {
  return incept_kept(choiceOf(value, "kept", {"values", "moment_1", "moment_2", "average"}));
}

// `{ threads, batch, optimizer, average }`
inline incept_trainer_options readTrainerOptions(const Napi::Value& value) {
  const Napi::Object object = value.ToObject();
  incept_trainer_options options = INCEPT_TRAINER_OPTIONS;
  options.threads = object.Get("threads").ToNumber().Int32Value();
  options.batch = object.Get("batch").ToNumber().Int64Value();
  options.optimizer =
      choiceOf(object.Get("optimizer"), "optimizer", {"sgd", "adam", "adamw", "rmsprop"});
  options.average = object.Get("average").ToBoolean();
  return options;
}

// Two numbers a parameter.
inline std::vector<incept_rate> readRates(const Napi::Value& value) {
  const size_t count = incept_train_describe()->parameter_count;
  if (!value.IsTypedArray() ||
      value.As<Napi::TypedArray>().TypedArrayType() != napi_float64_array ||
      value.As<Napi::TypedArray>().ElementLength() != 2 * count) {
    throw Napi::TypeError::New(value.Env(), "rates must be two numbers a parameter.");
  }
  const Napi::Float64Array array = value.As<Napi::Float64Array>();
  std::vector<incept_rate> rates(count);
  for (size_t i = 0; i < count; ++i) rates[i] = {array[2 * i], array[2 * i + 1]};
  return rates;
}

inline incept_train_numbers readNumbers(const Napi::Value& value) {
  const Napi::Object object = value.ToObject();
  const auto number = [&](const char* name) { return object.Get(name).ToNumber(); };
  incept_train_numbers numbers = INCEPT_TRAIN_NUMBERS;
  numbers.step = number("step").Int64Value();
  numbers.rate = number("rate").DoubleValue();
  numbers.decay = number("decay").DoubleValue();
  numbers.momentum = number("momentum").DoubleValue();
  numbers.nesterov = number("nesterov").DoubleValue();
  numbers.beta1 = number("beta1").DoubleValue();
  numbers.beta2 = number("beta2").DoubleValue();
  numbers.alpha = number("alpha").DoubleValue();
  numbers.eps = number("eps").DoubleValue();
  numbers.clip_norm = number("clipNorm").DoubleValue();
  numbers.average = number("average").DoubleValue();
  return numbers;
}

// An array a parameter, and where its numbers are: valid as long as nobody detaches it.
struct ParameterArrays {
  std::vector<Napi::Object> kept;
  std::vector<float*> pointers;  // Null where undefined was given.

  explicit ParameterArrays(const Napi::Value& value) {
    const incept_train_info* training = incept_train_describe();
    const Napi::Array array = arrayOf(value, "arrays", training->parameter_count);
    for (uint32_t i = 0; i < training->parameter_count; ++i) {
      const Napi::Value given = array.Get(i);
      pointers.push_back(nullptr);
      if (given.IsUndefined()) continue;
      const Napi::TypedArray own = portArray(given, training->parameters[i], 1);
      kept.push_back(own.As<Napi::Object>());
      pointers.back() = static_cast<float*>(dataOf(own));
    }
  }
};

class Trainer : public Napi::ObjectWrap<Trainer> {
 public:
  static Napi::Function define(Napi::Env env) {
    return DefineClass(
        env, "Trainer",
        {InstanceMethod("open", &Trainer::open), InstanceMethod("train", &Trainer::train),
         InstanceMethod("read", &Trainer::read), InstanceMethod("write", &Trainer::write),
         InstanceMethod("dispose", &Trainer::dispose)});
  }

  explicit Trainer(const Napi::CallbackInfo& info) : ObjectWrap(info) {}

  void Finalize(Napi::BasicEnv env) override { drop(env); }

 private:
  // open(names, arrays, rates, { threads, batch, optimizer, average }): Promise<void>, once.
  Napi::Value open(const Napi::CallbackInfo& info) {
    const auto given = std::make_shared<NamedArrays>(info[0], info[1]);
    const auto made = std::make_shared<std::shared_ptr<Training>>();
    const incept_trainer_options options = readTrainerOptions(info[3]);
    const auto call = [given, made, options, rates = readRates(info[2])] {
      incept_trainer* trainer = nullptr;
      const incept_status status = incept_trainer_create(
          given->tensors.data(), given->tensors.size(), rates.data(), &options, &trainer);
      if (status == INCEPT_OK) *made = std::make_shared<Training>(trainer);
      return status;
    };
    std::vector<Napi::Object> kept = std::move(given->arrays);
    kept.push_back(Value());
    return Job::start(info.Env(), call, kept, [this, made, options](Napi::Env env) {
      drop(env);
      training_ = *made;
      bytes_ = bytesOf(options);
      hold(env, bytes_);
      return env.Undefined();
    });
  }

  // train(batch, inputs, numbers, results): Promise<number>, the norm of the gradients. Nobody else
  // knows these arrays until the promise resolves, so their memory is used in place.
  Napi::Value train(const Napi::CallbackInfo& info) {
    const incept_train_info* description = incept_train_describe();
    const int64_t batch = info[0].ToNumber().Int64Value();
    if (batch < 1 || batch > INT32_MAX)
      throw Napi::RangeError::New(info.Env(), "The batch is out of range.");
    const Napi::Array inputs = arrayOf(info[1], "inputs", description->input_count);
    std::vector<Napi::Object> kept;
    std::vector<const void*> pointers;
    for (uint32_t i = 0; i < description->input_count; ++i) {
      const incept_train_port& input = description->inputs[i];
      const Napi::TypedArray array =
          portArray(inputs.Get(i), input.port, input.extent == INCEPT_IMAGE ? batch : 1);
      kept.push_back(array.As<Napi::Object>());
      pointers.push_back(dataOf(array));
    }
    const incept_port result = {"results", nullptr, 0, int64_t(description->result_count),
                                INCEPT_F32};
    const Napi::TypedArray results = portArray(info[3], result, 1);
    kept.push_back(results.As<Napi::Object>());
    const auto norm = std::make_shared<double>(0);
    const auto call = [training = alive(info.Env()), batch, pointers, norm,
                       numbers = readNumbers(info[2]), to = static_cast<float*>(dataOf(results))] {
      return training->exclusively([&](incept_trainer* trainer) {
        return incept_train(trainer, batch, pointers.data(), &numbers, to, norm.get());
      });
    };
    return Job::start(info.Env(), call, kept,
                      [norm](Napi::Env env) { return Napi::Number::New(env, *norm); });
  }

  // read(kept, arrays): Promise<void>
  Napi::Value read(const Napi::CallbackInfo& info) {
    const ParameterArrays arrays(info[1]);
    return withTrainer(info.Env(), arrays.kept,
                       [kept = keptOf(info[0]), to = arrays.pointers](incept_trainer* trainer) {
                         return incept_trainer_read(trainer, kept, to.data());
                       });
  }

  // write(kept, arrays): Promise<void>
  Napi::Value write(const Napi::CallbackInfo& info) {
    const ParameterArrays arrays(info[1]);
    return withTrainer(info.Env(), arrays.kept,
                       [kept = keptOf(info[0]), from = arrays.pointers](incept_trainer* trainer) {
                         return incept_trainer_write(trainer, kept, from.data());
                       });
  }

  template <class Call>
  Napi::Value withTrainer(Napi::Env env, const std::vector<Napi::Object>& kept, Call&& call) {
    return Job::start(
        env, [training = alive(env), call] { return training->exclusively(call); }, kept);
  }

  // A second call does nothing. Frees at once, or when the job under way ends.
  Napi::Value dispose(const Napi::CallbackInfo& info) {
    drop(info.Env());
    return info.Env().Undefined();
  }

  // What a trainer holds: see incept_train_info.
  static uint64_t bytesOf(const incept_trainer_options& options) {
    const incept_train_info* training = incept_train_describe();
    uint64_t parameters = 0;
    for (size_t i = 0; i < training->parameter_count; ++i)
      parameters += uint64_t(training->parameters[i].count) * sizeof(float);
    const int arenas = 3 + (options.optimizer != INCEPT_SGD) + (options.average != 0);
    return training->image_bytes * uint64_t(options.batch) + training->batch_bytes +
           training->weight_bytes + parameters * uint64_t(arenas);
  }

  void drop(Napi::BasicEnv env) {
    if (training_) release(env, bytes_);
    training_.reset();
  }

  std::shared_ptr<Training> alive(Napi::Env env) const {
    if (!training_) throw Napi::Error::New(env, "The trainer is not open.");
    return training_;
  }

  std::shared_ptr<Training> training_;
  uint64_t bytes_ = 0;
};

}  // namespace incept::addon
