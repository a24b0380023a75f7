// A convolution of stride 1, its bias, max pooling and ReLU as one operation, forward and back.
//
// Done image by image, what lies between them never leaves the processor's cache. Images are NHWC, kernels
// [kernel, kernel, in, out], all float32.
#pragma once

#include <stdint.h>

#include "kernels.h"

namespace onegin {

struct ConvBlockShape {
  long batch, height, width, in, out;
  /** Side of the kernel, and rows and columns of zeros above and to the left of the image. */
  long kernel, before;
  /** Size of the convolution's output. */
  long outHeight, outWidth;
  /** Side and stride of the pooling window, 1 for none; what fills no window is left out. */
  long pool;
  bool relu;

  ONEGIN_INLINE long pooledHeight() const { return outHeight / pool; }
  ONEGIN_INLINE long pooledWidth() const { return outWidth / pool; }
  /** Whether the way back needs to know what the block chose: the place in the window, or that ReLU let nothing through. */
  ONEGIN_INLINE bool chooses() const { return pool > 1 || relu; }
};

/** In `chosen`, for a value that ReLU set to zero; else the place in the window, row by row. */
constexpr uint8_t kNothingChosen = 255;

struct ConvBlockForward {
  ConvBlockShape shape;
  const float* x;
  const float* kernel;
  /** [out], or null. */
  const float* bias;
  /** [batch, pooledHeight, pooledWidth, out]. */
  float* y;
  /** Of y's shape where the shape chooses, else null. */
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
