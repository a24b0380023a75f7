#include "block-end-attributes.h"
#include "norm-block.h"
#include "operation.h"
#include "operations.h"

namespace onegin {
namespace {

/** Attributes that both operations have. */
class NormBlock {
 public:
  explicit NormBlock(Attributes& attributes) : end_(attributes), epsilon_(attributes.number("epsilon")) {}

  float epsilon() const { return epsilon_; }

  BlockEnd end(const Tensor& x) const {
    if (x.rank() != 4) throw InvalidInput("expected images [batch, height, width, channels], found " + x.shape());
    const BlockEnd end = end_.of(x.dim(1), x.dim(2), x.dim(3));
    if (x.dim(0) < 1 || end.channels < 1 || end.pooledHeight() < 1 || end.pooledWidth() < 1)
      throw InvalidInput("nothing is left of images " + x.shape() + " pooled by " + std::to_string(end.pool));
    return end;
  }

  static const float* ofChannels(const Tensor& tensor, const BlockEnd& end) {
    if (tensor.rank() != 1 || tensor.dim(0) != end.channels)
      throw InvalidInput("expected " + std::to_string(end.channels) + " values, found " + tensor.shape());
    return tensor.values<float>();
  }

 private:
  EndAttributes end_;
  float epsilon_;
};

class ForwardKernel : NormBlock {
 public:
  explicit ForwardKernel(Attributes& attributes) : NormBlock(attributes) {}

  void compute(Context& context) const {
    const Tensor x = context.input(0), gamma = context.input(1), beta = context.input(2);
    const BlockEnd e = end(x);
    const Tensor y = blockOutput(context, 0, x.dim(0), e), chosen = chosenOutput(context, 1, x.dim(0), e);
    const Tensor mean = context.output(2, {e.channels}), variance = context.output(3, {e.channels});
    kernels().normBlockForward({x.dim(0), e, epsilon(), x.values<float>(), ofChannels(gamma, e), ofChannels(beta, e),
                                y.values<float>(), e.chooses() ? chosen.values<uint8_t>() : nullptr,
                                mean.values<float>(), variance.values<float>()});
  }
};

class BackwardKernel : NormBlock {
 public:
  explicit BackwardKernel(Attributes& attributes) : NormBlock(attributes) {}

  void compute(Context& context) const {
    const Tensor x = context.input(0), gamma = context.input(1), mean = context.input(2), variance = context.input(3),
                 dy = context.input(4), chosen = context.input(5);
    const BlockEnd e = end(x);
    expectOutput(dy, chosen, x.dim(0), e);
    const Tensor dx = context.output(0, {x.dim(0), e.height, e.width, e.channels});
    const Tensor dGamma = context.output(1, {e.channels}), dBeta = context.output(2, {e.channels});
    kernels().normBlockBackward({x.dim(0), e, epsilon(), x.values<float>(), ofChannels(gamma, e), ofChannels(mean, e),
                                 ofChannels(variance, e), dy.values<float>(),
                                 e.chooses() ? chosen.values<uint8_t>() : nullptr, dx.values<float>(),
                                 dGamma.values<float>(), dBeta.values<float>()});
  }
};

}  // namespace

void registerNormBlock() {
  registerOperation<ForwardKernel>({"OneginNormBlock",
                                    {"x: float", "gamma: float", "beta: float"},
                                    {"y: float", "chosen: uint8", "mean: float", "variance: float"},
                                    {"epsilon: float", "pool: int", "relu: bool"}});
  registerOperation<BackwardKernel>(
      {"OneginNormBlockGrad",
       {"x: float", "gamma: float", "mean: float", "variance: float", "dy: float", "chosen: uint8"},
       {"dx: float", "dgamma: float", "dbeta: float"},
       {"epsilon: float", "pool: int", "relu: bool"}});
}

}  // namespace onegin
