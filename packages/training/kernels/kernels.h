// The kernels compiled for one instruction set, as a table.
#pragma once

namespace onegin {

/** Of functions in headers that every instruction set includes: a copy of one set's must never serve another. */
#define ONEGIN_INLINE inline __attribute__((always_inline))

struct ConvBlockForward;
struct ConvBlockBackward;
struct NormBlockForward;
struct NormBlockBackward;
struct LstmForward;
struct LstmBackward;

struct Kernels {
  /** For people: AVX-512, for example. */
  const char* name;
  void (*convBlockForward)(const ConvBlockForward&);
  void (*convBlockBackward)(const ConvBlockBackward&);
  void (*normBlockForward)(const NormBlockForward&);
  void (*normBlockBackward)(const NormBlockBackward&);
  void (*lstmForward)(const LstmForward&);
  void (*lstmBackward)(const LstmBackward&);
};

/** What computes the operations; set before the first of them runs. */
const Kernels& kernels();
void setKernels(const Kernels& kernels);

}  // namespace onegin
