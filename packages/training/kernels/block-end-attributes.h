// The attributes `pool` and `relu` of operations that end a block, and the tensors that go with them.
#pragma once

#include "block-end.h"
#include "operation.h"

namespace onegin {

class EndAttributes {
 public:
  explicit EndAttributes(Attributes& attributes)
      : pool_(attributes.integer("pool")), relu_(attributes.flag("relu")) {
    // A place in the window has to fit a byte.
    if (pool_ < 1 || pool_ > 15) throw InvalidInput("expected a pool of 1 to 15");
  }

  BlockEnd of(long height, long width, long channels) const { return {height, width, channels, pool_, relu_}; }

 private:
  long pool_;
  bool relu_;
};

inline Tensor blockOutput(Context& context, int index, long batch, const BlockEnd& end) {
  return context.output(index, {batch, end.pooledHeight(), end.pooledWidth(), end.channels});
}

/** Empty where nothing is chosen. */
inline Tensor chosenOutput(Context& context, int index, long batch, const BlockEnd& end) {
  return end.chooses()
             ? context.output(index, {batch, end.pooledHeight(), end.pooledWidth(), end.channels}, TF_UINT8)
             : context.output(index, {0}, TF_UINT8);
}

/** @throws InvalidInput unless dy is a gradient of the block's output, and chosen what the block chose */
inline void expectOutput(const Tensor& dy, const Tensor& chosen, long batch, const BlockEnd& end) {
  if (dy.rank() != 4 || dy.dim(0) != batch || dy.dim(1) != end.pooledHeight() || dy.dim(2) != end.pooledWidth() ||
      dy.dim(3) != end.channels || chosen.empty() == end.chooses())
    throw InvalidInput("the gradient " + dy.shape() + " is not that of this block's output");
}

}  // namespace onegin
