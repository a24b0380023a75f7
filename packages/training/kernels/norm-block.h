// Batch normalization (Ioffe & Szegedy 2015) of images, max pooling and ReLU as one operation, forward and back.
//
//   x̂ = (x − μ) / √(σ² + ε),  y = γ x̂ + β      μ and σ² of a channel over the batch and its positions, n values
//   ∂β = Σ ∂y,  ∂γ = Σ ∂y x̂,  ∂x = γ / √(σ² + ε) · (∂y − (∂β + x̂ ∂γ) / n)
#pragma once

#include <stdint.h>

#include "block-end.h"
#include "kernels.h"

namespace onegin {

struct NormBlockForward {
  long batch;
  /** Its size is that of x. */
  BlockEnd end;
  float epsilon;
  const float *x, *gamma, *beta;
  float* y;
  /** Of y's shape where the end chooses, else null. */
  uint8_t* chosen;
  /** [channels]; the variance is that of the values, divided by n. */
  float *mean, *variance;
};

struct NormBlockBackward {
  long batch;
  BlockEnd end;
  float epsilon;
  const float *x, *gamma, *mean, *variance, *dy;
  const uint8_t* chosen;
  float *dx, *dGamma, *dBeta;
};

}  // namespace onegin
