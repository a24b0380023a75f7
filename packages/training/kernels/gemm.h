// Products of small matrices, the inner loop of all that is computed here.
//
// A tile of the result stays in registers while the inner dimension runs: as many rows and vectors as there are
// registers for (Goto & van de Geijn 2008, whose packing is left out: these matrices are in cache already). The
// inner dimension may come in segments, rows of an image for example, that lie apart in memory.
#pragma once

#include "vector.h"

namespace onegin {
namespace ONEGIN_ISA {

/** Vectors side by side in a tile at most, and rows of a tile that is `vectors` wide. */
constexpr int kTileVectors = ONEGIN_REGISTERS == 32 ? 4 : 2;
constexpr int tileRows(int vectors) {
  return ONEGIN_REGISTERS == 32 ? (vectors == 4 ? 6 : vectors == 3 ? 8 : 12) : (vectors == 2 ? 5 : 10);
}

/** C [rows, columns] = or += A · B, with A [rows, inner], B [inner, columns]; columns are whole vectors. */
struct Product {
  const float* a;
  /** Floats from one row of A to the next, and from one segment of its columns to the next. */
  long aRow, aSegment;
  const float* b;
  /** Floats from one row of B to the next, and from one segment of its rows to the next. */
  long bRow, bSegment;
  float* c;
  long cRow;
  long rows, columns;
  /** The inner dimension: `segments` segments of `inner` values each. */
  long segments, inner;
  bool add;
};

/** C [rows, columns] += Aᵀ · B, with A [inner, rows], B [inner, columns]; columns are whole vectors. */
struct TransposedProduct {
  const float* a;
  /** Floats from one value of the inner dimension to the next, and from one segment to the next. */
  long aStep, aSegment;
  const float* b;
  long bRow, bSegment;
  float* c;
  long cRow;
  long rows, columns;
  long segments, inner;
};

/** Where row `row` of the result reads A, and there the value of column `k` for `r` rows further. */
static inline const float* rowOfA(const Product& p, long row) { return p.a + row * p.aRow; }
static inline const float* rowOfA(const TransposedProduct& p, long row) { return p.a + row; }
static inline float valueOfA(const Product& p, const float* a, long r, long k) { return a[r * p.aRow + k]; }
static inline float valueOfA(const TransposedProduct& p, const float* a, long r, long k) { return a[r + k * p.aStep]; }

static inline bool adds(const Product& p) { return p.add; }
static inline bool adds(const TransposedProduct&) { return true; }

template <int Rows, int Vectors, typename P>
static inline void productTile(const P& p, const float* a, const float* b, float* c) {
  Vec sums[Rows][Vectors];
#pragma GCC unroll 16
  for (int r = 0; r < Rows; r++)
#pragma GCC unroll 4
    for (int v = 0; v < Vectors; v++) sums[r][v] = adds(p) ? load(c + r * p.cRow + v * kLanes) : Vec{};
  for (long s = 0; s < p.segments; s++) {
    const float* as = a + s * p.aSegment;
    const float* bs = b + s * p.bSegment;
    for (long k = 0; k < p.inner; k++, bs += p.bRow) {
      Vec right[Vectors];
#pragma GCC unroll 4
      for (int v = 0; v < Vectors; v++) right[v] = load(bs + v * kLanes);
#pragma GCC unroll 16
      for (int r = 0; r < Rows; r++) {
        const Vec left = broadcast(valueOfA(p, as, r, k));
#pragma GCC unroll 4
        for (int v = 0; v < Vectors; v++) sums[r][v] += left * right[v];
      }
    }
  }
#pragma GCC unroll 16
  for (int r = 0; r < Rows; r++)
#pragma GCC unroll 4
    for (int v = 0; v < Vectors; v++) store(c + r * p.cRow + v * kLanes, sums[r][v]);
}

/** Runs the tile of `rows` rows; the count is a template argument, so that the sums are registers. */
template <typename P, int Vectors, int Rows>
static inline void tileOf(const P& p, long rows, const float* a, const float* b, float* c) {
  if (rows == Rows)
    productTile<Rows, Vectors>(p, a, b, c);
  else if constexpr (Rows > 1)
    tileOf<P, Vectors, Rows - 1>(p, rows, a, b, c);
}

template <typename P, int Vectors>
static void productColumns(const P& p, long column) {
  // Tiles of near equal height: a last one of a single row would cost as much as a full one.
  const long tiles = ceilDiv(p.rows, tileRows(Vectors));
  for (long t = 0, row = 0; t < tiles; t++) {
    const long rows = ceilDiv(p.rows - row, tiles - t);
    tileOf<P, Vectors, tileRows(Vectors)>(p, rows, rowOfA(p, row), p.b + column, p.c + row * p.cRow + column);
    row += rows;
  }
}

template <typename P>
static void product(const P& p) {
  const long vectors = p.columns / kLanes;
  const long blocks = ceilDiv(vectors, kTileVectors);
  for (long i = 0, at = 0; i < blocks; i++) {
    const long width = ceilDiv(vectors - at, blocks - i);
    if (width == 1) productColumns<P, 1>(p, at * kLanes);
    if (width == 2) productColumns<P, 2>(p, at * kLanes);
    if constexpr (kTileVectors > 2) {
      if (width == 3) productColumns<P, 3>(p, at * kLanes);
      if (width == 4) productColumns<P, 4>(p, at * kLanes);
    }
    at += width;
  }
}

}  // namespace ONEGIN_ISA
}  // namespace onegin
