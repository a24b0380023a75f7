// The convolution block as two operations of TensorFlow.
#pragma once

#include "conv-block.h"

namespace onegin {

/** Registers OneginConvBlock and OneginConvBlockGrad. Once per process; they need kernels before they are called. */
void registerConvBlock();

/** What computes them from now on. */
void setKernels(const Kernels& kernels);

}  // namespace onegin
