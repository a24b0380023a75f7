#include "operations.h"

#include "block-end-attributes.h"
#include "conv-block.h"
#include "operation.h"

namespace onegin {
namespace {

/** Attributes that both operations have, and the shape that they make of their inputs. */
class ConvBlock {
 public:
  explicit ConvBlock(Attributes& attributes)
      : before_(attributes.integer("before")),
        after_(attributes.integer("after")),
        end_(attributes) {
    if (before_ < 0 || after_ < 0) throw InvalidInput("expected before and after of at least 0");
  }

  ConvBlockShape shape(const Tensor& x, const Tensor& kernel) const {
    if (x.rank() != 4 || kernel.rank() != 4 || kernel.dim(0) != kernel.dim(1) || kernel.dim(2) != x.dim(3))
      throw InvalidInput("expected images [batch, height, width, in] and a kernel [k, k, in, out]; found " +
                         x.shape() + " and " + kernel.shape());
    ConvBlockShape s;
    s.batch = x.dim(0), s.height = x.dim(1), s.width = x.dim(2), s.in = x.dim(3);
    s.kernel = kernel.dim(0), s.before = before_;
    s.end = end_.of(s.height + before_ + after_ - s.kernel + 1, s.width + before_ + after_ - s.kernel + 1, kernel.dim(3));
    if (s.batch < 1 || s.in < 1 || s.end.channels < 1 || before_ >= s.kernel || after_ >= s.kernel ||
        s.end.pooledHeight() < 1 || s.end.pooledWidth() < 1)
      throw InvalidInput("nothing is left of images " + x.shape() + " after a kernel " + kernel.shape() +
                         " and pooling by " + std::to_string(s.end.pool));
    return s;
  }

 private:
  long before_, after_;
  EndAttributes end_;
};

class ForwardKernel : ConvBlock {
 public:
  explicit ForwardKernel(Attributes& attributes) : ConvBlock(attributes) {}

  void compute(Context& context) const {
    const Tensor x = context.input(0), kernel = context.input(1), bias = context.input(2);
    const ConvBlockShape s = shape(x, kernel);
    if (!bias.empty() && (bias.rank() != 1 || bias.dim(0) != s.end.channels))
      throw InvalidInput("expected a bias of " + std::to_string(s.end.channels) + " values or none, found " + bias.shape());
    const Tensor y = blockOutput(context, 0, s.batch, s.end), chosen = chosenOutput(context, 1, s.batch, s.end);
    kernels().convBlockForward({s, x.values<float>(), kernel.values<float>(),
                              bias.empty() ? nullptr : bias.values<float>(), y.values<float>(),
                              s.end.chooses() ? chosen.values<uint8_t>() : nullptr});
  }
};

class BackwardKernel : ConvBlock {
 public:
  explicit BackwardKernel(Attributes& attributes)
      : ConvBlock(attributes), wantsInput_(attributes.flag("input_gradient")) {}

  void compute(Context& context) const {
    const Tensor x = context.input(0), kernel = context.input(1), dy = context.input(2), chosen = context.input(3);
    const ConvBlockShape s = shape(x, kernel);
    expectOutput(dy, chosen, s.batch, s.end);
    const Tensor dx =
        wantsInput_ ? context.output(0, {s.batch, s.height, s.width, s.in}) : context.output(0, {0});
    const Tensor dKernel = context.output(1, {s.kernel, s.kernel, s.in, s.end.channels});
    const Tensor dBias = context.output(2, {s.end.channels});
    kernels().convBlockBackward({s, x.values<float>(), kernel.values<float>(), dy.values<float>(),
                               s.end.chooses() ? chosen.values<uint8_t>() : nullptr,
                               wantsInput_ ? dx.values<float>() : nullptr, dKernel.values<float>(),
                               dBias.values<float>()});
  }

 private:
  bool wantsInput_;
};

}  // namespace

void registerConvBlock() {
  registerOperation<ForwardKernel>({"OneginConvBlock",
                                    {"x: float", "kernel: float", "bias: float"},
                                    {"y: float", "chosen: uint8"},
                                    {"before: int", "after: int", "pool: int", "relu: bool"}});
  registerOperation<BackwardKernel>(
      {"OneginConvBlockGrad",
       {"x: float", "kernel: float", "dy: float", "chosen: uint8"},
       {"dx: float", "dkernel: float", "dbias: float"},
       {"before: int", "after: int", "pool: int", "relu: bool", "input_gradient: bool"}});
}

}  // namespace onegin
