// The convolution of a block as it is defined, for kernels of any size: a product of matrices whose left one is never
// written down.
//
// In an image [height, width, channels] the values that one row of the kernel sees lie next to each other, and those
// of the next pixel begin `channels` floats later. So a line of output pixels is, for each row of the kernel, a
// product with a matrix whose rows overlap.
#pragma once

#include "block-edges.h"
#include "conv-block.h"
#include "gemm.h"
#include "thread-pool.h"

namespace onegin {
namespace ONEGIN_ISA {

class DirectConv {
 public:
  explicit DirectConv(const ConvBlockShape& shape)
      : s_(shape), inP_(padded(shape.in)), outP_(padded(shape.end.channels)), after_(shape.kernel - 1 - shape.before) {}

  /** Floats of the kernel with whole vectors of outputs [k, k, in, outP], and turned round [k, k, outP, inP]. */
  long kernelSize() const { return s_.kernel * s_.kernel * s_.in * outP_; }
  long transposedKernelSize() const { return s_.kernel * s_.kernel * outP_ * inP_; }
  long sumsSize() const { return kernelSize(); }

  void transformKernels(const float* kernel, float* to, bool transposed) const {
    const long places = s_.kernel * s_.kernel;
    if (transposed) zero(to, transposedKernelSize());
    parallel(places, [&](long place) {
      for (long i = 0; i < s_.in; i++) {
        const float* from = kernel + (place * s_.in + i) * s_.end.channels;
        if (transposed) {
          float* column = to + (places - 1 - place) * outP_ * inP_ + i;
          for (long c = 0; c < s_.end.channels; c++) column[c * inP_] = from[c];
          continue;
        }
        float* row = to + (place * s_.in + i) * outP_;
        for (long c = 0; c < s_.end.channels; c += kLanes)
          store(row + c, loadPart(from + c, static_cast<int>(min(s_.end.channels - c, kLanes))));
      }
    });
  }

  long forwardScratch() const { return input(nullptr).size() + s_.end.height * s_.end.width * outP_; }

  void forward(const ConvBlockForward& p, const float* kernels, long from, long to) const {
    float* memory = scratch(Scratch::kTask, forwardScratch());
    const Canvas image = input(memory);
    const Canvas output = {memory + image.size(), s_.end.height, s_.end.width, outP_};
    const long size = s_.end.pooledSize();
    zero(image.values, image.size());
    for (long i = from; i < to; i++) {
      place(image, p.x + i * s_.height * s_.width * s_.in, s_.height, s_.width, s_.in, s_.before, s_.before);
      convolve(image, kernels, output);
      finishImage(s_.end, output, p.bias, p.y + i * size, p.chosen ? p.chosen + i * size : nullptr);
    }
  }

  long backwardScratch() const {
    return input(nullptr).size() + gradient(nullptr).size() + s_.height * s_.width * inP_;
  }

  void backward(const ConvBlockBackward& p, const float* transposedKernels, long from, long to, float* sums,
                float* dBias) const {
    float* memory = scratch(Scratch::kTask, backwardScratch());
    const Canvas image = input(memory), dy = gradient(memory + image.size());
    const Canvas dx = {dy.values + dy.size(), s_.height, s_.width, inP_};
    const long size = s_.end.pooledSize();
    const long pixels = s_.height * s_.width * s_.in;
    zero(image.values, image.size());
    zero(dy.values, dy.size());
    for (long i = from; i < to; i++) {
      place(image, p.x + i * pixels, s_.height, s_.width, s_.in, s_.before, s_.before);
      unfinishImage(s_.end, p.dy + i * size, p.chosen ? p.chosen + i * size : nullptr, dy, after_, after_, dBias);
      for (long row = 0; row < s_.kernel; row++)
        product(TransposedProduct{image.at(row, 0), s_.in, image.width * s_.in, dy.at(after_, after_), outP_,
                                  dy.width * outP_, sums + row * s_.kernel * s_.in * outP_, outP_,
                                  s_.kernel * s_.in, outP_, s_.end.height, s_.end.width});
      if (!p.dx) continue;
      convolve(dy, transposedKernels, dx);
      take(dx, p.dx + i * pixels, s_.height, s_.width, s_.in, 0, 0);
    }
  }

  void kernelGradient(const float* sums, long groups, long apart, float* dKernel) const {
    parallel(s_.kernel * s_.kernel * s_.in, [&](long row) {
      for (long c = 0; c < s_.end.channels; c += kLanes) {
        Vec sum = load(sums + row * outP_ + c);
        for (long group = 1; group < groups; group++) sum += load(sums + group * apart + row * outP_ + c);
        storePart(dKernel + row * s_.end.channels + c, sum, static_cast<int>(min(s_.end.channels - c, kLanes)));
      }
    });
  }

 private:
  Canvas input(float* memory) const {
    return {memory, s_.end.height + s_.kernel - 1, s_.end.width + s_.kernel - 1, s_.in};
  }
  /** With the border that makes the way back a convolution like the way there. */
  Canvas gradient(float* memory) const {
    return {memory, s_.height + s_.kernel - 1, s_.width + s_.kernel - 1, outP_};
  }

  /** Inner values up to which a tile's whole sum is taken at once; beyond, the kernel's rows come one by one. */
  static constexpr long kInnerAtOnce = 256;

  void convolve(const Canvas& from, const float* kernels, const Canvas& to) const {
    const long inner = s_.kernel * from.stride, kernelRow = inner * to.stride;
    const long line = from.width * from.stride;
    const bool atOnce = s_.kernel * inner <= kInnerAtOnce;
    for (long row = 0; row < (atOnce ? 1 : s_.kernel); row++)
      for (long y = 0; y < to.height; y++)
        product(Product{from.at(y + row, 0), from.stride, line, kernels + row * kernelRow, to.stride, kernelRow,
                        to.at(y, 0), to.stride, to.width, to.stride, atOnce ? s_.kernel : 1, inner, row > 0});
  }

  ConvBlockShape s_;
  long inP_, outP_;
  /** Rows of zeros before the gradient on its canvas. */
  long after_;
};

}  // namespace ONEGIN_ISA
}  // namespace onegin
