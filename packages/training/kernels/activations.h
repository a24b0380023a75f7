// Sigmoid and tanh of a vector of floats, to the last two or three bits.
#pragma once

#include "vector.h"

namespace onegin {
namespace ONEGIN_ISA {

/** e to the power of x, for x within ±87: 2ⁿ eʳ with |r| ≤ ln 2 / 2, and the Taylor series of eʳ to the seventh power. */
static inline Vec exponential(Vec x) {
  // Adding 1.5 · 2²³ rounds to a whole number, which then stands in the lowest bits.
  const Vec magic = broadcast(12582912.0f);
  const Vec shifted = x * 1.44269504f + magic;
  const Vec n = shifted - magic;
  // ln 2 in two parts, so that the difference is exact.
  const Vec r = x - n * 0.693359375f + n * 2.12194440e-4f;
  Vec sum = broadcast(1.0f / 5040);
  sum = sum * r + 1.0f / 720;
  sum = sum * r + 1.0f / 120;
  sum = sum * r + 1.0f / 24;
  sum = sum * r + 1.0f / 6;
  sum = sum * r + 0.5f;
  sum = sum * r + 1.0f;
  sum = sum * r + 1.0f;
  const VecInt power = (reinterpret_cast<VecInt>(shifted) - 0x4b400000 + 127) << 23;
  return sum * reinterpret_cast<Vec>(power);
}

/** Values beyond lie within half a bit of the function's bound. A NaN stays one. */
static inline Vec clamp(Vec x, float bound) {
  x = x > bound ? broadcast(bound) : x;
  return x < -bound ? broadcast(-bound) : x;
}

static inline Vec sigmoid(Vec x) { return 1.0f / (1.0f + exponential(-clamp(x, 80.0f))); }

/**
 * Near 0 the odd Taylor series, since 1 − 2 / (e²ˣ + 1) would lose the digits that make a small value.
 */
static inline Vec hyperbolicTangent(Vec x) {
  const Vec square = x * x;
  Vec series = broadcast(21844.0f / 6081075);
  series = series * square - 1382.0f / 155925;
  series = series * square + 62.0f / 2835;
  series = series * square - 17.0f / 315;
  series = series * square + 2.0f / 15;
  series = series * square - 1.0f / 3;
  const Vec small = x + x * square * series;
  const Vec large = 1.0f - 2.0f / (exponential(2.0f * clamp(x, 10.0f)) + 1.0f);
  return square < 0.09f ? small : large;
}

}  // namespace ONEGIN_ISA
}  // namespace onegin
