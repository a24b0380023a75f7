// Long short-term memory for one instruction set, which ONEGIN_ISA names (see vector.h).
#include "lstm.h"

#include "activations.h"
#include "gemm.h"
#include "thread-pool.h"

namespace onegin {
namespace ONEGIN_ISA {

/** Rows of the batch that a task takes through time: enough for full tiles, few enough to share out. */
constexpr long kRowsPerGroup = 16;
constexpr long kMostGroups = 16;
/** Steps whose gradients are gathered before they go into the weights' sums. */
constexpr long kStepsAtOnce = 16;
constexpr int kGates = 4;

class Lstm {
 public:
  explicit Lstm(const LstmShape& shape)
      : s_(shape), inP_(padded(shape.features)), unitsP_(padded(shape.units)), gatesP_(kGates * unitsP_) {
    groups_ = max(1, min(kMostGroups, ceilDiv(s_.batch, kRowsPerGroup)));
  }

  void forward(const LstmForward& p) const {
    float* weights = scratch(Scratch::kOperation, (s_.features + s_.units + 1) * gatesP_);
    spread(p.kernel, s_.features, weights);
    spread(p.recurrent, s_.units, weights + s_.features * gatesP_);
    spread(p.bias, 1, weights + (s_.features + s_.units) * gatesP_);
    parallel(groups_, [&](long group) { forwardRows(p, weights, firstRow(group), firstRow(group + 1)); });
  }

  void backward(const LstmBackward& p) const {
    // Turned round, and each group's sums of what the gradients of kernel, recurrent kernel and bias are made of.
    const long turned = gatesP_ * (inP_ + unitsP_);
    const long sums = (s_.features + s_.units + 1) * gatesP_, apart = sums + kLanes;
    float* weights = scratch(Scratch::kOperation, turned + groups_ * apart);
    turn(p.kernel, s_.features, inP_, weights);
    turn(p.recurrent, s_.units, unitsP_, weights + gatesP_ * inP_);
    parallel(groups_, [&](long group) {
      float* own = weights + turned + group * apart;
      zero(own, sums);
      backwardRows(p, weights, firstRow(group), firstRow(group + 1), own);
    });
    parallel(s_.features + s_.units + 1, [&](long row) {
      float* to = row < s_.features             ? p.dKernel + row * kGates * s_.units
                  : row < s_.features + s_.units ? p.dRecurrent + (row - s_.features) * kGates * s_.units
                                                 : p.dBias;
      gather(weights + turned + row * gatesP_, apart, to);
    });
  }

 private:
  long firstRow(long group) const { return group * s_.batch / groups_; }

  /** Gives every gate whole vectors: rows of 4 · units to rows of 4 · unitsP. */
  void spread(const float* from, long rows, float* to) const {
    for (long row = 0; row < rows * kGates; row++, from += s_.units, to += unitsP_)
      for (long c = 0; c < s_.units; c += kLanes)
        store(to + c, loadPart(from + c, static_cast<int>(min(s_.units - c, kLanes))));
  }

  /** The same transposed: [rows, 4 · units] to [4 · unitsP, rowsP]. */
  void turn(const float* from, long rows, long rowsP, float* to) const {
    zero(to, gatesP_ * rowsP);
    for (long row = 0; row < rows; row++)
      for (int gate = 0; gate < kGates; gate++)
        for (long c = 0; c < s_.units; c++)
          to[(gate * unitsP_ + c) * rowsP + row] = from[(row * kGates + gate) * s_.units + c];
  }

  /** Adds up one row of all groups' sums, and closes the gaps between gates. */
  void gather(const float* sums, long apart, float* to) const {
    for (int gate = 0; gate < kGates; gate++)
      for (long c = 0; c < s_.units; c += kLanes) {
        Vec sum = load(sums + gate * unitsP_ + c);
        for (long group = 1; group < groups_; group++) sum += load(sums + group * apart + gate * unitsP_ + c);
        storePart(to + gate * s_.units + c, sum, static_cast<int>(min(s_.units - c, kLanes)));
      }
  }

  void forwardRows(const LstmForward& p, const float* weights, long from, long to) const {
    const long rows = to - from;
    float* z = scratch(Scratch::kTask, rows * (gatesP_ + 2 * unitsP_));
    float *h = z + rows * gatesP_, *c = h + rows * unitsP_;
    zero(h, 2 * rows * unitsP_);
    const float* bias = weights + (s_.features + s_.units) * gatesP_;
    for (long t = 0; t < s_.steps; t++) {
      const long first = t * s_.batch + from;
      for (long row = 0; row < rows; row++) __builtin_memcpy(z + row * gatesP_, bias, sizeof(float) * gatesP_);
      product(Product{p.x + first * s_.features, s_.features, 0, weights, gatesP_, 0, z, gatesP_, rows, gatesP_, 1,
                      s_.features, true});
      product(Product{h, unitsP_, 0, weights + s_.features * gatesP_, gatesP_, 0, z, gatesP_, rows, gatesP_, 1,
                      s_.units, true});
      for (long row = 0; row < rows; row++)
        for (long u = 0; u < s_.units; u += kLanes) {
          const float* gates = z + row * gatesP_ + u;
          const Vec i = sigmoid(load(gates)), f = sigmoid(load(gates + unitsP_));
          const Vec g = hyperbolicTangent(load(gates + 2 * unitsP_)), o = sigmoid(load(gates + 3 * unitsP_));
          const Vec cell = f * load(c + row * unitsP_ + u) + i * g;
          const Vec out = hyperbolicTangent(cell), hidden = o * out;
          store(c + row * unitsP_ + u, cell);
          store(h + row * unitsP_ + u, hidden);
          const long at = (first + row) * s_.units + u;
          const int count = static_cast<int>(min(s_.units - u, kLanes));
          storePart(p.states.input + at, i, count);
          storePart(p.states.forget + at, f, count);
          storePart(p.states.cellInput + at, g, count);
          storePart(p.states.output + at, o, count);
          storePart(p.states.cell + at, cell, count);
          storePart(p.states.cellOutput + at, out, count);
          storePart(p.states.hidden + at, hidden, count);
        }
    }
  }

  void backwardRows(const LstmBackward& p, const float* weights, long from, long to, float* sums) const {
    const long rows = to - from;
    float* dz = scratch(Scratch::kTask, rows * (kStepsAtOnce * gatesP_ + 2 * unitsP_ + inP_));
    float *dh = dz + rows * kStepsAtOnce * gatesP_, *dc = dh + rows * unitsP_, *dx = dc + rows * unitsP_;
    zero(dh, 2 * rows * unitsP_);
    for (long end = s_.steps; end > 0; end -= kStepsAtOnce) {
      const long begin = max(0, end - kStepsAtOnce);
      for (long t = end - 1; t >= begin; t--) {
        float* own = dz + (t - begin) * rows * gatesP_;
        stepBack(p, t, from, rows, dh, dc, own);
        // What the hidden state before gets through the recurrent kernel.
        product(Product{own, gatesP_, 0, weights + gatesP_ * inP_, unitsP_, 0, dh, unitsP_, rows, unitsP_, 1, gatesP_,
                        false});
      }
      for (long t = begin; t < end; t++) {
        product(Product{dz + (t - begin) * rows * gatesP_, gatesP_, 0, weights, inP_, 0, dx, inP_, rows, inP_, 1,
                        gatesP_, false});
        for (long row = 0; row < rows; row++)
          __builtin_memcpy(p.dx + (t * s_.batch + from + row) * s_.features, dx + row * inP_,
                           sizeof(float) * s_.features);
      }
      addSums(p, begin, end, from, rows, dz, sums);
    }
  }

  /** One step's gradient of z, from dh and dc of the step, which become dc of the step before. */
  void stepBack(const LstmBackward& p, long t, long from, long rows, const float* dh, float* dc, float* dz) const {
    for (long row = 0; row < rows; row++)
      for (long u = 0; u < s_.units; u += kLanes) {
        const long at = (t * s_.batch + from + row) * s_.units + u;
        const int count = static_cast<int>(min(s_.units - u, kLanes));
        const LstmStates& states = p.states;
        const Vec i = loadPart(states.input + at, count), f = loadPart(states.forget + at, count);
        const Vec g = loadPart(states.cellInput + at, count), o = loadPart(states.output + at, count);
        const Vec out = loadPart(states.cellOutput + at, count);
        const Vec before = t > 0 ? loadPart(states.cell + at - s_.batch * s_.units, count) : Vec{};
        const Vec hidden = loadPart(p.dHidden + at, count) + load(dh + row * unitsP_ + u);
        const Vec cell = load(dc + row * unitsP_ + u) + hidden * o * (1.0f - out * out);
        float* gates = dz + row * gatesP_ + u;
        store(gates, cell * g * i * (1.0f - i));
        store(gates + unitsP_, cell * before * f * (1.0f - f));
        store(gates + 2 * unitsP_, cell * i * (1.0f - g * g));
        store(gates + 3 * unitsP_, hidden * out * o * (1.0f - o));
        store(dc + row * unitsP_ + u, cell * f);
      }
  }

  /** Adds the steps [begin, end) to the sums of kernel, recurrent kernel and bias. */
  void addSums(const LstmBackward& p, long begin, long end, long from, long rows, const float* dz, float* sums) const {
    const long stepOfX = s_.batch * s_.features, stepOfH = s_.batch * s_.units, stepOfZ = rows * gatesP_;
    product(TransposedProduct{p.x + begin * stepOfX + from * s_.features, s_.features, stepOfX, dz, gatesP_, stepOfZ,
                              sums, gatesP_, s_.features, gatesP_, end - begin, rows});
    // The first step has no hidden state before it.
    const long since = max(1, begin);
    product(TransposedProduct{p.states.hidden + (since - 1) * stepOfH + from * s_.units, s_.units, stepOfH,
                              dz + (since - begin) * stepOfZ, gatesP_, stepOfZ, sums + s_.features * gatesP_, gatesP_,
                              s_.units, gatesP_, end - since, rows});
    float* bias = sums + (s_.features + s_.units) * gatesP_;
    for (long row = 0; row < (end - begin) * rows; row++)
      for (long c = 0; c < gatesP_; c += kLanes) store(bias + c, load(bias + c) + load(dz + row * gatesP_ + c));
  }

  LstmShape s_;
  long inP_, unitsP_, gatesP_, groups_;
};

void lstmForward(const LstmForward& p) { Lstm(p.shape).forward(p); }
void lstmBackward(const LstmBackward& p) { Lstm(p.shape).backward(p); }

}  // namespace ONEGIN_ISA
}  // namespace onegin
