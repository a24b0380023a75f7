#include "lstm.h"
#include "operation.h"
#include "operations.h"

namespace onegin {
namespace {

LstmShape shapeOf(const Tensor& x, const Tensor& kernel, const Tensor& recurrent) {
  const bool fits = x.rank() == 3 && kernel.rank() == 2 && recurrent.rank() == 2 && kernel.dim(0) == x.dim(2) &&
                    recurrent.dim(1) == 4 * recurrent.dim(0) && kernel.dim(1) == recurrent.dim(1);
  if (!fits || x.dim(0) < 1 || x.dim(1) < 1 || x.dim(2) < 1 || recurrent.dim(0) < 1)
    throw InvalidInput("expected a sequence [steps, batch, features], a kernel [features, 4 units] and a recurrent "
                       "kernel [units, 4 units]; found " +
                       x.shape() + ", " + kernel.shape() + " and " + recurrent.shape());
  return {x.dim(0), x.dim(1), x.dim(2), recurrent.dim(0)};
}

/** Throws for a tensor that is not [steps, batch, units]. */
float* ofEveryStep(const Tensor& tensor, const LstmShape& s) {
  if (tensor.rank() != 3 || tensor.dim(0) != s.steps || tensor.dim(1) != s.batch || tensor.dim(2) != s.units)
    throw InvalidInput("expected [steps, batch, units], found " + tensor.shape());
  return tensor.values<float>();
}

struct ForwardKernel {
  explicit ForwardKernel(Attributes&) {}

  void compute(Context& context) const {
    const Tensor x = context.input(0), kernel = context.input(1), recurrent = context.input(2), bias = context.input(3);
    const LstmShape s = shapeOf(x, kernel, recurrent);
    if (bias.rank() != 1 || bias.dim(0) != 4 * s.units)
      throw InvalidInput("expected a bias of " + std::to_string(4 * s.units) + " values, found " + bias.shape());
    const auto output = [&](int index) { return context.output(index, {s.steps, s.batch, s.units}); };
    const Tensor i = output(0), cell = output(1), f = output(2), o = output(3), g = output(4), out = output(5),
                 h = output(6);
    kernels().lstmForward({s, x.values<float>(), kernel.values<float>(), recurrent.values<float>(),
                           bias.values<float>(),
                           {i.values<float>(), f.values<float>(), g.values<float>(), o.values<float>(),
                            cell.values<float>(), out.values<float>(), h.values<float>()}});
  }
};

struct BackwardKernel {
  explicit BackwardKernel(Attributes&) {}

  void compute(Context& context) const {
    const Tensor x = context.input(0), kernel = context.input(1), recurrent = context.input(2);
    const Tensor i = context.input(3), cell = context.input(4), f = context.input(5), o = context.input(6),
                 g = context.input(7), out = context.input(8), h = context.input(9), dh = context.input(10);
    const LstmShape s = shapeOf(x, kernel, recurrent);
    const LstmStates states = {ofEveryStep(i, s), ofEveryStep(f, s),    ofEveryStep(g, s),  ofEveryStep(o, s),
                               ofEveryStep(cell, s), ofEveryStep(out, s), ofEveryStep(h, s)};
    const Tensor dx = context.output(0, {s.steps, s.batch, s.features});
    const Tensor dKernel = context.output(1, {s.features, 4 * s.units});
    const Tensor dRecurrent = context.output(2, {s.units, 4 * s.units}), dBias = context.output(3, {4 * s.units});
    kernels().lstmBackward({s, x.values<float>(), kernel.values<float>(), recurrent.values<float>(), states,
                            ofEveryStep(dh, s), dx.values<float>(), dKernel.values<float>(), dRecurrent.values<float>(),
                            dBias.values<float>()});
  }
};

}  // namespace

void registerLstm() {
  registerOperation<ForwardKernel>(
      {"OneginLstm",
       {"x: float", "kernel: float", "recurrent: float", "bias: float"},
       {"i: float", "cs: float", "f: float", "o: float", "ci: float", "co: float", "h: float"},
       {}});
  registerOperation<BackwardKernel>({"OneginLstmGrad",
                                     {"x: float", "kernel: float", "recurrent: float", "i: float", "cs: float",
                                      "f: float", "o: float", "ci: float", "co: float", "h: float", "dh: float"},
                                     {"dx: float", "dkernel: float", "drecurrent: float", "dbias: float"},
                                     {}});
}

}  // namespace onegin
