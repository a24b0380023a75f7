// One instruction set's table, which ONEGIN_ISA names (see vector.h).
#include "kernels.h"

namespace onegin {
namespace ONEGIN_ISA {

void convBlockForward(const ConvBlockForward&);
void convBlockBackward(const ConvBlockBackward&);
void normBlockForward(const NormBlockForward&);
void normBlockBackward(const NormBlockBackward&);
void lstmForward(const LstmForward&);
void lstmBackward(const LstmBackward&);

extern const Kernels kernels;
const Kernels kernels = {ONEGIN_ISA_NAME,   convBlockForward, convBlockBackward, normBlockForward,
                         normBlockBackward, lstmForward,      lstmBackward};

}  // namespace ONEGIN_ISA
}  // namespace onegin
