#include "codec/exchange/example.hpp"

#include "codec/exchange/template.hpp"
#include "codec/pack.hpp"

namespace codec {

message example_of(const example_message& e, const message& given, const dialect& d,
                   std::chrono::local_seconds now) {
  message m(e.mti);
  for (const auto& [number, text] : e.fields)
    set_known(m, number, fill_template(text, given, d, now), d);
  for (const auto& [number, value] : given)
    if (number != 0)
      set_known(m, number, value, d);
  return m;
}

}  // namespace codec
