// The two ends of a block: images into scratch memory with a border of zeros, and bias, max pooling and ReLU between
// scratch memory and the block's output, forward and back.
#pragma once

#include "block-end.h"
#include "vector.h"

namespace onegin {
namespace ONEGIN_ISA {

/** An image in scratch memory: rows of pixels, `stride` floats each, of which the image's own may be fewer. */
struct Canvas {
  float* values;
  long height, width, stride;

  float* at(long row, long column) const { return values + (row * width + column) * stride; }
  long size() const { return height * width * stride; }
};

/** Copies an image [height, width, channels] onto a canvas whose border and padding are zero already. */
static inline void place(const Canvas& canvas, const float* image, long height, long width, long channels,
                         long row, long column) {
  for (long y = 0; y < height; y++) {
    const float* from = image + y * width * channels;
    if (canvas.stride == channels) {
      __builtin_memcpy(canvas.at(row + y, column), from, sizeof(float) * width * channels);
      continue;
    }
    for (long x = 0; x < width; x++)
      __builtin_memcpy(canvas.at(row + y, column + x), from + x * channels, sizeof(float) * channels);
  }
}

/** The inverse of place. */
static inline void take(const Canvas& canvas, float* image, long height, long width, long channels, long row,
                        long column) {
  for (long y = 0; y < height; y++) {
    float* to = image + y * width * channels;
    if (canvas.stride == channels) {
      __builtin_memcpy(to, canvas.at(row + y, column), sizeof(float) * width * channels);
      continue;
    }
    for (long x = 0; x < width; x++)
      __builtin_memcpy(to + x * channels, canvas.at(row + y, column + x), sizeof(float) * channels);
  }
}

/** From what is pooled, on a canvas, to one image of the block's output. A NaN is never lost on the way. */
static inline void finishImage(const BlockEnd& end, const Canvas& conv, const float* bias, float* y,
                               uint8_t* chosen) {
  const long pool = end.pool, channels = end.channels;
  for (long row = 0; row < end.pooledHeight(); row++)
    for (long column = 0; column < end.pooledWidth(); column++) {
      const float* corner = conv.at(row * pool, column * pool);
      for (long c = 0; c < channels; c += kLanes) {
        Vec best = load(corner + c);
        VecInt place = {};
        for (long i = 0, at = 0; i < pool; i++)
          for (long j = 0; j < pool; j++, at++) {
            if (at == 0) continue;
            const Vec value = load(corner + (i * conv.width + j) * conv.stride + c);
            const VecInt better = (value > best) | (value != value);
            best = better ? value : best;
            place = better ? VecInt{} + static_cast<int32_t>(at) : place;
          }
        const int count = static_cast<int>(min(channels - c, kLanes));
        if (bias) best += loadPart(bias + c, count);
        if (end.relu) {
          place = best <= 0 ? VecInt{} + kNothingChosen : place;
          best = best <= 0 ? Vec{} : best;
        }
        storePart(y + c, best, count);
        if (chosen) storeBytes(chosen + c, __builtin_convertvector(place, VecByte), count);
      }
      y += channels;
      if (chosen) chosen += channels;
    }
}

/**
 * From the gradient of one image of the block's output to that of what was pooled, on a canvas at
 * (row, column); what the canvas holds outside of it stays. Adds the sums per channel to dBias, padded to vectors.
 */
static inline void unfinishImage(const BlockEnd& end, const float* dy, const uint8_t* chosen,
                                 const Canvas& conv, long rowBefore, long columnBefore, float* dBias) {
  const long pool = end.pool, channels = end.channels;
  const long pooledHeight = end.pooledHeight(), pooledWidth = end.pooledWidth();
  for (long row = 0; row < pooledHeight; row++)
    for (long column = 0; column < pooledWidth; column++) {
      float* corner = conv.at(rowBefore + row * pool, columnBefore + column * pool);
      for (long c = 0; c < channels; c += kLanes) {
        const int count = static_cast<int>(min(channels - c, kLanes));
        const Vec gradient = loadPart(dy + c, count);
        if (!chosen) {
          store(corner + c, gradient);
          store(dBias + c, load(dBias + c) + gradient);
          continue;
        }
        const VecInt place = __builtin_convertvector(loadBytes(chosen + c, count), VecInt);
        for (long i = 0, at = 0; i < pool; i++)
          for (long j = 0; j < pool; j++, at++)
            store(corner + (i * conv.width + j) * conv.stride + c,
                  place == static_cast<int32_t>(at) ? gradient : Vec{});
        store(dBias + c, load(dBias + c) + (place == kNothingChosen ? Vec{} : gradient));
      }
      dy += channels;
      if (chosen) chosen += channels;
    }
  // Rows and columns that filled no window.
  for (long y = 0; y < end.height; y++)
    for (long x = y < pooledHeight * pool ? pooledWidth * pool : 0; x < end.width; x++)
      zero(conv.at(rowBefore + y, columnBefore + x), conv.stride);
}

}  // namespace ONEGIN_ISA
}  // namespace onegin
