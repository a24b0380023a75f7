// One vector of floats as wide as the instruction set has them, and what the matrix kernels need to know of it.
//
// Every file that includes this one is compiled once per instruction set, with ONEGIN_ISA naming it: all code of a
// set lives in a namespace of that name, so that the linker never mixes them. Only this project's own code and
// compiler builtins are used here, for the same reason.
#pragma once

#include <stdint.h>

#if defined(__AVX512F__)
#define ONEGIN_LANES 16
#define ONEGIN_REGISTERS 32
#elif defined(__AVX__)
#define ONEGIN_LANES 8
#define ONEGIN_REGISTERS 16
#else
#define ONEGIN_LANES 4
#define ONEGIN_REGISTERS 32
#endif

namespace onegin {
namespace ONEGIN_ISA {

constexpr int kLanes = ONEGIN_LANES;

typedef float Vec __attribute__((vector_size(4 * ONEGIN_LANES)));
typedef int32_t VecInt __attribute__((vector_size(4 * ONEGIN_LANES)));
typedef uint8_t VecByte __attribute__((vector_size(ONEGIN_LANES)));
/** The same, at any address. */
typedef float VecAnywhere __attribute__((vector_size(4 * ONEGIN_LANES), aligned(4), may_alias));

static inline Vec load(const float* from) { return *reinterpret_cast<const VecAnywhere*>(from); }
static inline void store(float* to, Vec values) { *reinterpret_cast<VecAnywhere*>(to) = values; }
static inline Vec broadcast(float value) { return value - Vec{}; }

/** The first `count` lanes, zeros after them. */
static inline Vec loadPart(const float* from, int count) {
  if (count >= kLanes) return load(from);
  float values[kLanes] = {};
  __builtin_memcpy(values, from, sizeof(float) * count);
  return load(values);
}

static inline void storePart(float* to, Vec values, int count) {
  if (count >= kLanes) return store(to, values);
  float all[kLanes];
  store(all, values);
  __builtin_memcpy(to, all, sizeof(float) * count);
}

static inline VecByte loadBytes(const uint8_t* from, int count) {
  VecByte bytes = {};
  if (count >= kLanes)
    __builtin_memcpy(&bytes, from, kLanes);
  else
    __builtin_memcpy(&bytes, from, count);
  return bytes;
}

static inline void storeBytes(uint8_t* to, VecByte bytes, int count) {
  if (count >= kLanes)
    __builtin_memcpy(to, &bytes, kLanes);
  else
    __builtin_memcpy(to, &bytes, count);
}

static inline long min(long a, long b) { return a < b ? a : b; }
static inline long max(long a, long b) { return a > b ? a : b; }
static inline long ceilDiv(long a, long b) { return (a + b - 1) / b; }
/** Channels are padded to whole vectors in all scratch memory. */
static inline long padded(long channels) { return ceilDiv(channels, kLanes) * kLanes; }

static inline void zero(float* values, long count) { __builtin_memset(values, 0, sizeof(float) * count); }

}  // namespace ONEGIN_ISA
}  // namespace onegin
