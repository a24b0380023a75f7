// Winograd's minimal filtering F(2 × 2, 3 × 3) (Lavin & Gray 2016): 16 products where a 3 × 3 convolution of four
// pixels takes 36.
//
//   y = Aᵀ [ (G g Gᵀ) ⊙ (Bᵀ d B) ] A        d a tile of 4 × 4 pixels, y the 2 × 2 outputs, g the kernel
//
// and, being linear in d and in g, backwards
//
//   ∂d = B [ (G g Gᵀ) ⊙ (A ∂y Aᵀ) ] Bᵀ      ∂g = Gᵀ [ Σ over tiles (Bᵀ d B) ⊙ (A ∂y Aᵀ) ] G
//
// Over channels ⊙ is 16 products of matrices, one for each place ("point") of the 4 × 4. Here are the transforms, of
// one vector of channels each; all entries of A and B are 0 or ±1, so that nothing is lost to rounding but in sums.
#pragma once

#include "vector.h"

namespace onegin {
namespace ONEGIN_ISA {

constexpr int kPoints = 16;
constexpr int kTile = 4;

/** Four values of distance `step` each, transformed along one direction. */
#define ONEGIN_EACH_LINE(line) _Pragma("GCC unroll 4") for (int line = 0; line < kTile; line++)

/** Bᵀ d B of the tile at `from`, whose rows are `row` and columns `column` floats apart; to[point · apart]. */
static inline void transformInput(const float* from, long row, long column, float* to, long apart) {
  Vec t[kTile][kTile];
  ONEGIN_EACH_LINE(j) {
    const Vec d0 = load(from + j * column), d1 = load(from + row + j * column);
    const Vec d2 = load(from + 2 * row + j * column), d3 = load(from + 3 * row + j * column);
    t[0][j] = d0 - d2;
    t[1][j] = d1 + d2;
    t[2][j] = d2 - d1;
    t[3][j] = d1 - d3;
  }
  ONEGIN_EACH_LINE(i) {
    store(to + (4 * i + 0) * apart, t[i][0] - t[i][2]);
    store(to + (4 * i + 1) * apart, t[i][1] + t[i][2]);
    store(to + (4 * i + 2) * apart, t[i][2] - t[i][1]);
    store(to + (4 * i + 3) * apart, t[i][1] - t[i][3]);
  }
}

/** Aᵀ m A: from 16 points to the 2 × 2 outputs. */
static inline void transformOutput(const float* from, long apart, float* to, long row, long column) {
  Vec t[2][kTile];
  ONEGIN_EACH_LINE(j) {
    const Vec m1 = load(from + (4 + j) * apart), m2 = load(from + (8 + j) * apart);
    t[0][j] = load(from + j * apart) + m1 + m2;
    t[1][j] = m1 - m2 - load(from + (12 + j) * apart);
  }
  for (int i = 0; i < 2; i++) {
    store(to + i * row, t[i][0] + t[i][1] + t[i][2]);
    store(to + i * row + column, t[i][1] - t[i][2] - t[i][3]);
  }
}

/** A ∂y Aᵀ: from the gradients of 2 × 2 outputs to 16 points. */
static inline void transformOutputGradient(const float* from, long row, long column, float* to, long apart) {
  Vec t[kTile][2];
  for (int j = 0; j < 2; j++) {
    const Vec y0 = load(from + j * column), y1 = load(from + row + j * column);
    t[0][j] = y0;
    t[1][j] = y0 + y1;
    t[2][j] = y0 - y1;
    t[3][j] = -y1;
  }
  ONEGIN_EACH_LINE(i) {
    store(to + (4 * i + 0) * apart, t[i][0]);
    store(to + (4 * i + 1) * apart, t[i][0] + t[i][1]);
    store(to + (4 * i + 2) * apart, t[i][0] - t[i][1]);
    store(to + (4 * i + 3) * apart, -t[i][1]);
  }
}

/** Adds B p Bᵀ to the 4 × 4 pixels at `to`; neighbouring tiles overlap by two. */
static inline void addInputGradient(const float* from, long apart, float* to, long row, long column) {
  Vec t[kTile][kTile];
  ONEGIN_EACH_LINE(j) {
    const Vec p0 = load(from + j * apart), p1 = load(from + (4 + j) * apart);
    const Vec p2 = load(from + (8 + j) * apart), p3 = load(from + (12 + j) * apart);
    t[0][j] = p0;
    t[1][j] = p1 - p2 + p3;
    t[2][j] = p1 + p2 - p0;
    t[3][j] = -p3;
  }
  ONEGIN_EACH_LINE(i) {
    float* line = to + i * row;
    store(line, load(line) + t[i][0]);
    store(line + column, load(line + column) + (t[i][1] - t[i][2] + t[i][3]));
    store(line + 2 * column, load(line + 2 * column) + (t[i][1] + t[i][2] - t[i][0]));
    store(line + 3 * column, load(line + 3 * column) - t[i][3]);
  }
}

/** G g Gᵀ of a 3 × 3 kernel. */
static inline void transformKernel(const Vec (&g)[3][3], Vec (&u)[kTile][kTile]) {
  Vec t[kTile][3];
  for (int j = 0; j < 3; j++) {
    t[0][j] = g[0][j];
    t[1][j] = 0.5f * (g[0][j] + g[1][j] + g[2][j]);
    t[2][j] = 0.5f * (g[0][j] - g[1][j] + g[2][j]);
    t[3][j] = g[2][j];
  }
  ONEGIN_EACH_LINE(i) {
    u[i][0] = t[i][0];
    u[i][1] = 0.5f * (t[i][0] + t[i][1] + t[i][2]);
    u[i][2] = 0.5f * (t[i][0] - t[i][1] + t[i][2]);
    u[i][3] = t[i][2];
  }
}

/** Gᵀ s G: from 16 points to the gradient of a 3 × 3 kernel. */
static inline void transformKernelGradient(const Vec (&s)[kTile][kTile], Vec (&g)[3][3]) {
  Vec t[3][kTile];
  ONEGIN_EACH_LINE(j) {
    const Vec half1 = 0.5f * s[1][j], half2 = 0.5f * s[2][j];
    t[0][j] = s[0][j] + half1 + half2;
    t[1][j] = half1 - half2;
    t[2][j] = half1 + half2 + s[3][j];
  }
  for (int i = 0; i < 3; i++) {
    const Vec half1 = 0.5f * t[i][1], half2 = 0.5f * t[i][2];
    g[i][0] = t[i][0] + half1 + half2;
    g[i][1] = half1 - half2;
    g[i][2] = half1 + half2 + t[i][3];
  }
}

}  // namespace ONEGIN_ISA
}  // namespace onegin
