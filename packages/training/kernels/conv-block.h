// A convolution of stride 1, its bias, max pooling and ReLU as one operation, forward and back.
//
// Done image by image, what lies between them never leaves the processor's cache. Images are NHWC, kernels
// [kernel, kernel, in, out], all float32.
#pragma once

#include <stdint.h>

#include "block-end.h"
#include "kernels.h"

namespace onegin {

struct ConvBlockShape {
  long batch, height, width, in;
  /** Side of the kernel, and rows and columns of zeros above and to the left of the image. */
  long kernel, before;
  /** From the convolution's output on. */
  BlockEnd end;
};

struct ConvBlockForward {
  ConvBlockShape shape;
  const float* x;
  const float* kernel;
  /** [channels], or null. */
  const float* bias;
  /** [batch, pooledHeight, pooledWidth, channels]. */
  float* y;
  /** Of y's shape where the end chooses, else null. */
  uint8_t* chosen;
};

struct ConvBlockBackward {
  ConvBlockShape shape;
  const float* x;
  const float* kernel;
  const float* dy;
  const uint8_t* chosen;
  /** Null where nobody wants it. */
  float* dx;
  float* dKernel;
  /** Null where there is no bias. */
  float* dBias;
};

}  // namespace onegin
