// A layer of long short-term memory over a whole sequence (Hochreiter & Schmidhuber 1997, with the forget gate of Gers
// et al. 2000), forward and back.
//
//   z = x kernel + h recurrent + bias,  gates i, f, g, o in this order;  i, f, o sigmoid, g tanh
//   c = f ⊙ c + i ⊙ g,  h = o ⊙ tanh(c);  h and c begin as zeros
//
// Sequences are [steps, batch, features]. The rows of a batch have nothing to do with each other but for the sums of the
// weights' gradients, so threads share them out and meet once at the end.
#pragma once

#include "kernels.h"

namespace onegin {

struct LstmShape {
  long steps, batch, features, units;
};

/** What the forward pass leaves, each [steps, batch, units]: gates after their functions, and the cell before and after. */
struct LstmStates {
  float *input, *forget, *cellInput, *output;
  float *cell, *cellOutput, *hidden;
};

struct LstmForward {
  LstmShape shape;
  const float* x;
  /** [features, 4 · units], [units, 4 · units], [4 · units]. */
  const float *kernel, *recurrent, *bias;
  LstmStates states;
};

struct LstmBackward {
  LstmShape shape;
  const float* x;
  const float *kernel, *recurrent;
  /** Only read. */
  LstmStates states;
  /** Gradient of every step's hidden state. */
  const float* dHidden;
  float *dx, *dKernel, *dRecurrent, *dBias;
};

}  // namespace onegin
