// One EBCDIC digit a byte; all code pages have the same.
#include "codec/length/text_digits.hpp"

namespace codec {

const length_coding ebcdic_length = text_digits<0xf0>::coding("ebcdic");

}  // namespace codec
