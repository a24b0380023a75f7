// The 3 × 3 convolution of a block by Winograd's filtering.
//
// Tiles go through the 16 products in chunks that fit the processor's second cache: some rows of tiles of one image, or
// several small images at once, so that the matrices are never too flat.
#pragma once

#include "block-edges.h"
#include "conv-block.h"
#include "gemm.h"
#include "thread-pool.h"
#include "winograd.h"

namespace onegin {
namespace ONEGIN_ISA {

/** Floats that a chunk's transformed tiles may take together: half a megabyte. */
constexpr long kChunkFloats = 128 * 1024;
constexpr long kSmallestChunk = 32;
/** Keeps the 16 points of a tile off each other's cache sets. */
constexpr long kApart = 16;

class WinogradConv {
 public:
  explicit WinogradConv(const ConvBlockShape& shape)
      : s_(shape), inP_(padded(shape.in)), outP_(padded(shape.end.channels)) {
    high_ = ceilDiv(s_.end.height, 2);
    wide_ = ceilDiv(s_.end.width, 2);
    const long wanted = max(kSmallestChunk, kChunkFloats / (kPoints * (inP_ + outP_)));
    const long tiles = high_ * wide_;
    images_ = tiles < wanted ? min(wanted / tiles, s_.batch) : 1;
    rows_ = tiles > wanted ? ceilDiv(high_, ceilDiv(tiles, wanted)) : high_;
    tiles_ = images_ * rows_ * wide_;
    inApart_ = tiles_ * inP_ + kApart;
    outApart_ = tiles_ * outP_ + kApart;
  }

  static bool fits(const ConvBlockShape& shape) { return shape.kernel == 3 && shape.in >= 8; }

  /** Floats of the transformed kernel [16, in, outP], and of its transpose [16, out, inP] that the way back needs. */
  long kernelSize() const { return kPoints * s_.in * outP_; }
  long transposedKernelSize() const { return kPoints * s_.end.channels * inP_; }
  /** Floats of the sums over tiles that the kernel's gradient is made of, [16, in, outP]. */
  long sumsSize() const { return kernelSize(); }

  void transformKernels(const float* kernel, float* to, bool transposed) const {
    parallel(s_.in, [&](long i) {
      for (long c = 0; c < s_.end.channels; c += kLanes) {
        const int count = static_cast<int>(min(s_.end.channels - c, kLanes));
        Vec g[3][3], u[kTile][kTile];
        for (int y = 0; y < 3; y++)
          for (int x = 0; x < 3; x++) g[y][x] = loadPart(kernel + ((3 * y + x) * s_.in + i) * s_.end.channels + c, count);
        transformKernel(g, u);
        for (int point = 0; point < kPoints; point++) {
          const Vec values = u[point / 4][point % 4];
          if (!transposed) {
            store(to + (point * s_.in + i) * outP_ + c, values);
            continue;
          }
          float* column = to + (point * s_.end.channels + c) * inP_ + i;
          for (int lane = 0; lane < count; lane++) column[lane * inP_] = values[lane];
        }
      }
    });
  }

  long forwardScratch() const {
    return canvasSize(inP_) + 4 * high_ * wide_ * outP_ + kPoints * (inApart_ + outApart_);
  }

  /** The block of the images [from, to), with the transformed kernel. */
  void forward(const ConvBlockForward& p, const float* kernels, long from, long to) const {
    float* memory = scratch(Scratch::kTask, forwardScratch());
    const Canvas input = canvas(memory, inP_), output = {memory + input.size(), 2 * high_, 2 * wide_, outP_};
    float* v = output.values + output.size();
    float* m = v + kPoints * inApart_;
    zero(input.values, input.size());
    eachChunk(from, to, [&](long image, long images, long row, long rows) {
      const long each = rows * wide_;
      for (long i = 0; i < images; i++) tilesOfInput(p.x, image + i, input, row, rows, v + i * each * inP_);
      for (int point = 0; point < kPoints; point++)
        product(Product{v + point * inApart_, inP_, 0, kernels + point * s_.in * outP_, outP_, 0,
                        m + point * outApart_, outP_, images * each, outP_, 1, s_.in, false});
      for (long i = 0; i < images; i++) {
        for (long t = 0; t < each; t++)
          for (long c = 0; c < outP_; c += kLanes)
            transformOutput(m + (i * each + t) * outP_ + c, outApart_,
                            output.at(2 * (row + t / wide_), 2 * (t % wide_)) + c, output.width * outP_, outP_);
        if (row + rows < high_) continue;
        const long size = s_.end.pooledSize();
        finishImage(s_.end, output, p.bias, p.y + (image + i) * size,
                    p.chosen ? p.chosen + (image + i) * size : nullptr);
      }
    });
  }

  long backwardScratch() const {
    return 2 * canvasSize(inP_) + 4 * high_ * wide_ * outP_ + kPoints * (2 * inApart_ + outApart_);
  }

  /** Gradients of the images [from, to): dx itself, and what they add to the sums and to dBias. */
  void backward(const ConvBlockBackward& p, const float* transposedKernels, long from, long to, float* sums,
                float* dBias) const {
    float* memory = scratch(Scratch::kTask, backwardScratch());
    const Canvas input = canvas(memory, inP_), inputGradient = canvas(memory + input.size(), inP_);
    const Canvas outputGradient = {inputGradient.values + inputGradient.size(), 2 * high_, 2 * wide_, outP_};
    float* v = outputGradient.values + outputGradient.size();
    float* d = v + kPoints * inApart_;
    float* q = d + kPoints * outApart_;
    zero(input.values, input.size());
    zero(outputGradient.values, outputGradient.size());
    eachChunk(from, to, [&](long image, long images, long row, long rows) {
      const long each = rows * wide_;
      for (long i = 0; i < images; i++) {
        tilesOfInput(p.x, image + i, input, row, rows, v + i * each * inP_);
        if (row == 0) {
          const long size = s_.end.pooledSize();
          unfinishImage(s_.end, p.dy + (image + i) * size, p.chosen ? p.chosen + (image + i) * size : nullptr,
                        outputGradient, 0, 0, dBias);
        }
        for (long t = 0; t < each; t++)
          for (long c = 0; c < outP_; c += kLanes)
            transformOutputGradient(outputGradient.at(2 * (row + t / wide_), 2 * (t % wide_)) + c,
                                    outputGradient.width * outP_, outP_, d + (i * each + t) * outP_ + c,
                                    outApart_);
      }
      for (int point = 0; point < kPoints; point++)
        product(TransposedProduct{v + point * inApart_, inP_, 0, d + point * outApart_, outP_, 0,
                                  sums + point * s_.in * outP_, outP_, s_.in, outP_, 1, images * each});
      if (!p.dx) return;
      for (int point = 0; point < kPoints; point++)
        product(Product{d + point * outApart_, outP_, 0, transposedKernels + point * s_.end.channels * inP_, inP_, 0,
                        q + point * inApart_, inP_, images * each, inP_, 1, s_.end.channels, false});
      for (long i = 0; i < images; i++) {
        if (row == 0) zero(inputGradient.values, inputGradient.size());
        for (long t = 0; t < each; t++)
          for (long c = 0; c < inP_; c += kLanes)
            addInputGradient(q + (i * each + t) * inP_ + c, inApart_,
                             inputGradient.at(2 * (row + t / wide_), 2 * (t % wide_)) + c,
                             inputGradient.width * inP_, inP_);
        if (row + rows < high_) continue;
        take(inputGradient, p.dx + (image + i) * s_.height * s_.width * s_.in, s_.height, s_.width, s_.in,
             s_.before, s_.before);
      }
    });
  }

  /** The kernel's gradient from the sums of all groups, which lie `apart` floats from each other. */
  void kernelGradient(const float* sums, long groups, long apart, float* dKernel) const {
    parallel(s_.in, [&](long i) {
      for (long c = 0; c < s_.end.channels; c += kLanes) {
        Vec points[kTile][kTile], g[3][3];
        for (int point = 0; point < kPoints; point++) {
          const float* at = sums + (point * s_.in + i) * outP_ + c;
          Vec sum = load(at);
          for (long group = 1; group < groups; group++) sum += load(at + group * apart);
          points[point / 4][point % 4] = sum;
        }
        transformKernelGradient(points, g);
        const int count = static_cast<int>(min(s_.end.channels - c, kLanes));
        for (int y = 0; y < 3; y++)
          for (int x = 0; x < 3; x++) storePart(dKernel + ((3 * y + x) * s_.in + i) * s_.end.channels + c, g[y][x], count);
      }
    });
  }

 private:
  /** The tiles reach one row and column beyond the output on each side, and to even sizes. */
  Canvas canvas(float* memory, long stride) const {
    return {memory, max(2 * high_ + 2, s_.height + s_.before), max(2 * wide_ + 2, s_.width + s_.before), stride};
  }
  long canvasSize(long stride) const { return canvas(nullptr, stride).size(); }

  /** Bᵀ d B of some rows of tiles; the image is placed with the first of them. */
  void tilesOfInput(const float* x, long image, const Canvas& input, long row, long rows, float* v) const {
    if (row == 0)
      place(input, x + image * s_.height * s_.width * s_.in, s_.height, s_.width, s_.in, s_.before, s_.before);
    for (long t = 0; t < rows * wide_; t++)
      for (long c = 0; c < inP_; c += kLanes)
        transformInput(input.at(2 * (row + t / wide_), 2 * (t % wide_)) + c, input.width * inP_, inP_,
                       v + t * inP_ + c, inApart_);
  }

  /** Calls work(first image, images, first row of tiles, rows) for every chunk of some images. */
  template <typename Work>
  void eachChunk(long from, long to, Work work) const {
    for (long image = from; image < to; image += images_)
      for (long row = 0; row < high_; row += rows_)
        work(image, min(images_, to - image), row, min(rows_, high_ - row));
  }

  ConvBlockShape s_;
  long inP_, outP_;
  /** Tiles of an image, and images, rows of tiles and tiles of a chunk. */
  long high_, wide_, images_, rows_, tiles_;
  /** Floats between the same tile's points. */
  long inApart_, outApart_;
};

}  // namespace ONEGIN_ISA
}  // namespace onegin
