// The convolution block for one instruction set, which ONEGIN_ISA names (see vector.h).
#include "conv-block.h"

#include "direct-conv.h"
#include "thread-pool.h"
#include "winograd-conv.h"

namespace onegin {
namespace ONEGIN_ISA {

/**
 * Images are summed up in groups of their own, whose number depends on the shape alone: so the threads' number changes
 * no result, not even by rounding.
 */
constexpr long kMostGroups = 8;
/** Very wide layers get by with fewer: their sums would fill the memory. */
constexpr long kFewestGroups = 2;
constexpr long kMostFloatsOfSums = 16 * 1024 * 1024;

static long groupsOf(const ConvBlockShape& shape, long sumsSize) {
  const long wanted = max(kFewestGroups, min(kMostGroups, kMostFloatsOfSums / sumsSize));
  return min(wanted, shape.batch);
}

template <typename Conv>
static void forward(const ConvBlockForward& p) {
  const Conv conv(p.shape);
  float* kernels = scratch(Scratch::kOperation, conv.kernelSize());
  conv.transformKernels(p.kernel, kernels, false);
  const long tasks = min(p.shape.batch, 2 * kMostGroups);
  parallel(tasks, [&](long i) {
    conv.forward(p, kernels, i * p.shape.batch / tasks, (i + 1) * p.shape.batch / tasks);
  });
}

template <typename Conv>
static void backward(const ConvBlockBackward& p) {
  const Conv conv(p.shape);
  const long outP = padded(p.shape.end.channels);
  const long groups = groupsOf(p.shape, conv.sumsSize());
  // Each group's sums of the kernel's and of the bias's gradient, a cache line apart from the next group's.
  const long apart = conv.sumsSize() + outP + 16;
  const long kernelSize = p.dx ? conv.transposedKernelSize() : 0;
  float* kernels = scratch(Scratch::kOperation, kernelSize + groups * apart);
  float* sums = kernels + kernelSize;
  if (p.dx) conv.transformKernels(p.kernel, kernels, true);
  parallel(groups, [&](long group) {
    float* own = sums + group * apart;
    zero(own, apart);
    const long from = group * p.shape.batch / groups, to = (group + 1) * p.shape.batch / groups;
    conv.backward(p, kernels, from, to, own, own + conv.sumsSize());
  });
  conv.kernelGradient(sums, groups, apart, p.dKernel);
  if (!p.dBias) return;
  for (long c = 0; c < p.shape.end.channels; c++) {
    float sum = 0;
    for (long group = 0; group < groups; group++) sum += sums[group * apart + conv.sumsSize() + c];
    p.dBias[c] = sum;
  }
}

void convBlockForward(const ConvBlockForward& p) {
  WinogradConv::fits(p.shape) ? forward<WinogradConv>(p) : forward<DirectConv>(p);
}

void convBlockBackward(const ConvBlockBackward& p) {
  WinogradConv::fits(p.shape) ? backward<WinogradConv>(p) : backward<DirectConv>(p);
}

}  // namespace ONEGIN_ISA
}  // namespace onegin
