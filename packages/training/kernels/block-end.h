// What ends a block: max pooling and ReLU, either of which may be missing.
#pragma once

#include <stdint.h>

#include "kernels.h"

namespace onegin {

struct BlockEnd {
  /** Of what is pooled. */
  long height, width, channels;
  /** Side and stride of the pooling window, 1 for none; what fills no window is left out. */
  long pool;
  bool relu;

  ONEGIN_INLINE long pooledHeight() const { return height / pool; }
  ONEGIN_INLINE long pooledWidth() const { return width / pool; }
  /** Values of one image before and after. */
  ONEGIN_INLINE long size() const { return height * width * channels; }
  ONEGIN_INLINE long pooledSize() const { return pooledHeight() * pooledWidth() * channels; }
  /** Whether the way back needs to know what was chosen: the place in the window, or that ReLU let nothing through. */
  ONEGIN_INLINE bool chooses() const { return pool > 1 || relu; }
};

/** Among what was chosen, for a value that ReLU set to zero; else the place in the window, row by row. */
constexpr uint8_t kNothingChosen = 255;

}  // namespace onegin
