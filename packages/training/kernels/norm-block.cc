// Batch normalization with what ends its block, for one instruction set, which ONEGIN_ISA names (see vector.h).
#include "norm-block.h"

#include "block-edges.h"
#include "thread-pool.h"

namespace onegin {
namespace ONEGIN_ISA {

/** Pixels whose sums run side by side, so that one addition need not wait for the one before. */
constexpr int kAbreast = 4;

/** Sums per channel of f(values of a pixel) over an image without padding. */
template <typename Value>
static inline Vec sumOfPixels(const float* image, long pixels, long channels, int count, Value value) {
  Vec sums[kAbreast] = {};
  long pixel = 0;
  for (; pixel + kAbreast <= pixels; pixel += kAbreast)
    for (int i = 0; i < kAbreast; i++) sums[i] += value(loadPart(image + (pixel + i) * channels, count));
  for (; pixel < pixels; pixel++) sums[0] += value(loadPart(image + pixel * channels, count));
  return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

static inline double squareRoot(double value) { return __builtin_sqrt(value); }

/**
 * Mean and variance: of every image by itself first, while it is in cache, then of all (Chan et al. 1979). What an
 * image adds does not depend on who computes it, so neither does the result.
 */
static void statistics(const NormBlockForward& p, float* ofImages) {
  const long channels = p.end.channels, pixels = p.end.height * p.end.width, stride = padded(channels);
  parallel(p.batch, [&](long image) {
    const float* x = p.x + image * p.end.size();
    float *means = ofImages + 2 * image * stride, *squares = means + stride;
    for (long c = 0; c < channels; c += kLanes) {
      const int count = static_cast<int>(min(channels - c, kLanes));
      const Vec mean = sumOfPixels(x + c, pixels, channels, count, [](Vec value) { return value; }) *
                       (1.0f / static_cast<float>(pixels));
      store(means + c, mean);
      store(squares + c, sumOfPixels(x + c, pixels, channels, count, [mean](Vec value) {
              const Vec distance = value - mean;
              return distance * distance;
            }));
    }
  });
  for (long c = 0; c < channels; c++) {
    double mean = 0, squares = 0;
    for (long image = 0; image < p.batch; image++) mean += ofImages[2 * image * stride + c];
    mean /= static_cast<double>(p.batch);
    for (long image = 0; image < p.batch; image++) {
      const double distance = ofImages[2 * image * stride + c] - mean;
      squares += ofImages[(2 * image + 1) * stride + c] + static_cast<double>(pixels) * distance * distance;
    }
    p.mean[c] = static_cast<float>(mean);
    p.variance[c] = static_cast<float>(squares / static_cast<double>(p.batch * pixels));
  }
}

void normBlockForward(const NormBlockForward& p) {
  const long channels = p.end.channels, pixels = p.end.height * p.end.width, stride = padded(channels);
  float* memory = scratch(Scratch::kOperation, (2 * p.batch + 1) * stride);
  float *factor = memory, *ofImages = factor + stride;
  statistics(p, ofImages);
  for (long c = 0; c < channels; c++)
    factor[c] = static_cast<float>(p.gamma[c] / squareRoot(static_cast<double>(p.variance[c]) + p.epsilon));
  parallel(p.batch, [&](long image) {
    const Canvas normal = {scratch(Scratch::kTask, pixels * stride), p.end.height, p.end.width, stride};
    const float* x = p.x + image * p.end.size();
    for (long c = 0; c < channels; c += kLanes) {
      const int count = static_cast<int>(min(channels - c, kLanes));
      // Not folded into one factor and one shift: far from 0 their difference would lose the digits that count.
      const Vec mean = loadPart(p.mean + c, count), beta = loadPart(p.beta + c, count), scale = load(factor + c);
      for (long pixel = 0; pixel < pixels; pixel++)
        store(normal.values + pixel * stride + c,
              (loadPart(x + pixel * channels + c, count) - mean) * scale + beta);
    }
    const long at = image * p.end.pooledSize();
    finishImage(p.end, normal, nullptr, p.y + at, p.chosen ? p.chosen + at : nullptr);
  });
}

/** Σ ∂y and Σ ∂y (x − μ) of every image; the gradient before pooling is made in scratch memory. */
static void gradientSums(const NormBlockBackward& p, float* ofImages) {
  const long channels = p.end.channels, pixels = p.end.height * p.end.width, stride = padded(channels);
  parallel(p.batch, [&](long image) {
    const Canvas dy = {scratch(Scratch::kTask, pixels * stride), p.end.height, p.end.width, stride};
    float *sums = ofImages + 2 * image * stride, *products = sums + stride;
    zero(sums, 2 * stride);
    const long at = image * p.end.pooledSize();
    unfinishImage(p.end, p.dy + at, p.chosen ? p.chosen + at : nullptr, dy, 0, 0, sums);
    const float* x = p.x + image * p.end.size();
    for (long c = 0; c < channels; c += kLanes) {
      const int count = static_cast<int>(min(channels - c, kLanes));
      const Vec mean = loadPart(p.mean + c, count);
      Vec abreast[2] = {};
      for (long pixel = 0; pixel < pixels; pixel++)
        abreast[pixel & 1] +=
            load(dy.values + pixel * stride + c) * (loadPart(x + pixel * channels + c, count) - mean);
      store(products + c, abreast[0] + abreast[1]);
    }
  });
}

void normBlockBackward(const NormBlockBackward& p) {
  const long channels = p.end.channels, pixels = p.end.height * p.end.width, stride = padded(channels);
  // ∂x = factor ∂y + slope (x − μ) + shift
  float* memory = scratch(Scratch::kOperation, (2 * p.batch + 3) * stride);
  float *factor = memory, *slope = factor + stride, *shift = slope + stride, *ofImages = shift + stride;
  gradientSums(p, ofImages);
  const double n = static_cast<double>(p.batch * pixels);
  for (long c = 0; c < channels; c++) {
    double sum = 0, product = 0;
    for (long image = 0; image < p.batch; image++) {
      sum += ofImages[2 * image * stride + c];
      product += ofImages[(2 * image + 1) * stride + c];
    }
    const double inverse = 1.0 / squareRoot(static_cast<double>(p.variance[c]) + p.epsilon);
    const double scale = p.gamma[c] * inverse, dGamma = product * inverse;
    p.dBeta[c] = static_cast<float>(sum);
    p.dGamma[c] = static_cast<float>(dGamma);
    factor[c] = static_cast<float>(scale);
    slope[c] = static_cast<float>(-scale * inverse * dGamma / n);
    shift[c] = static_cast<float>(-scale * sum / n);
  }
  parallel(p.batch, [&](long image) {
    float* unused = scratch(Scratch::kTask, (pixels + 1) * stride);
    const Canvas dy = {unused + stride, p.end.height, p.end.width, stride};
    zero(unused, stride);
    const long at = image * p.end.pooledSize();
    unfinishImage(p.end, p.dy + at, p.chosen ? p.chosen + at : nullptr, dy, 0, 0, unused);
    const float* x = p.x + image * p.end.size();
    float* dx = p.dx + image * p.end.size();
    for (long c = 0; c < channels; c += kLanes) {
      const int count = static_cast<int>(min(channels - c, kLanes));
      const Vec mean = loadPart(p.mean + c, count), ofDy = load(factor + c), ofX = load(slope + c),
                more = load(shift + c);
      for (long pixel = 0; pixel < pixels; pixel++) {
        const Vec distance = loadPart(x + pixel * channels + c, count) - mean;
        storePart(dx + pixel * channels + c, load(dy.values + pixel * stride + c) * ofDy + distance * ofX + more,
                  count);
      }
    }
  });
}

}  // namespace ONEGIN_ISA
}  // namespace onegin
