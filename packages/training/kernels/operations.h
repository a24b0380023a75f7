// What this project adds to TensorFlow's operations. Each function registers an operation and its gradient, once per
// process.
#pragma once

namespace onegin {

/** OneginConvBlock and OneginConvBlockGrad. */
void registerConvBlock();
/** OneginNormBlock and OneginNormBlockGrad. */
void registerNormBlock();
/** OneginLstm and OneginLstmGrad. */
void registerLstm();

}  // namespace onegin
