// One ASCII digit a byte.
#include "codec/length/text_digits.hpp"

namespace codec {

const length_coding ascii_length = text_digits<'0'>::coding("ascii");

}  // namespace codec
