// The addon: loading it registers the operations with the TensorFlow that the process has loaded already.
//
//   instructionSets          what the kernels are compiled for that this processor has, the best first; without any the
//                            operations must not be called
//   setInstructionSet(name)  computes with another one than the best
//   setThreads(n)            how many threads work on one operation
#include <node_api.h>

#include <atomic>
#include <exception>
#include <mutex>
#include <string>
#include <vector>

#include "kernels.h"
#include "operations.h"
#include "thread-pool.h"

namespace onegin {

#if defined(__x86_64__)
namespace avx512 {
extern const Kernels kernels;
}
namespace avx2 {
extern const Kernels kernels;
}
static std::vector<const Kernels*> findKernels() {
  __builtin_cpu_init();
  std::vector<const Kernels*> found;
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma") || !__builtin_cpu_supports("bmi2"))
    return found;
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512cd"))
    found.push_back(&avx512::kernels);
  found.push_back(&avx2::kernels);
  return found;
}
#else
namespace portable {
extern const Kernels kernels;
}
static std::vector<const Kernels*> findKernels() { return {&portable::kernels}; }
#endif

static std::atomic<const Kernels*> current{nullptr};
const Kernels& kernels() { return *current.load(); }
void setKernels(const Kernels& kernels) { current = &kernels; }

static const std::vector<const Kernels*>& allKernels() {
  static const std::vector<const Kernels*> found = findKernels();
  return found;
}

static napi_value argumentOf(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value argument = nullptr;
  napi_get_cb_info(env, info, &count, &argument, nullptr, nullptr);
  return argument;
}

static napi_value setThreads(napi_env env, napi_callback_info info) {
  int32_t threads = 0;
  if (napi_get_value_int32(env, argumentOf(env, info), &threads) != napi_ok || threads < 1 || threads > 1024)
    napi_throw_range_error(env, nullptr, "setThreads: expected a whole number from 1 to 1024");
  else
    try {
      setThreads(threads);
    } catch (const std::exception& error) {
      napi_throw_error(env, nullptr, error.what());
    }
  return nullptr;
}

static napi_value setInstructionSet(napi_env env, napi_callback_info info) {
  char name[32] = "";
  napi_get_value_string_utf8(env, argumentOf(env, info), name, sizeof name, nullptr);
  for (const Kernels* kernels : allKernels())
    if (std::string(name) == kernels->name) {
      setKernels(*kernels);
      return nullptr;
    }
  napi_throw_range_error(env, nullptr, "setInstructionSet: expected one of instructionSets");
  return nullptr;
}

static void addFunction(napi_env env, napi_value exports, const char* name, napi_callback callback) {
  napi_value function;
  napi_create_function(env, name, NAPI_AUTO_LENGTH, callback, nullptr, &function);
  napi_set_named_property(env, exports, name, function);
}

}  // namespace onegin

NAPI_MODULE_INIT() {
  const auto& all = onegin::allKernels();
  static std::once_flag once;
  try {
    std::call_once(once, [&] {
      if (!all.empty()) onegin::setKernels(*all.front());
      onegin::registerConvBlock();
      onegin::registerNormBlock();
      onegin::registerLstm();
    });
  } catch (const std::exception& error) {
    napi_throw_error(env, nullptr, error.what());
    return nullptr;
  }
  napi_value sets;
  napi_create_array(env, &sets);
  for (size_t i = 0; i < all.size(); i++) {
    napi_value name;
    napi_create_string_utf8(env, all[i]->name, NAPI_AUTO_LENGTH, &name);
    napi_set_element(env, sets, static_cast<uint32_t>(i), name);
  }
  napi_set_named_property(env, exports, "instructionSets", sets);
  onegin::addFunction(env, exports, "setInstructionSet", onegin::setInstructionSet);
  onegin::addFunction(env, exports, "setThreads", onegin::setThreads);
  return exports;
}
