// libFuzzer's entries: SOCKETQUEUE_TARGET names the target.

#include <cstdint>
#include <cstdlib>
#include <iostream>

#include "tests/fuzz/targets.hpp"

namespace {

const fuzz::target& chosen() {
  const char* name = std::getenv("SOCKETQUEUE_TARGET");
  const auto* target = fuzz::find_target(name ? name : "");
  if (target)
    return *target;
  std::cerr << "SOCKETQUEUE_TARGET must be one of:";
  for (const auto& t : fuzz::targets())
    std::cerr << " " << t.name;
  std::cerr << std::endl;
  std::exit(2);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto& target = chosen();
  target.run({reinterpret_cast<const char*>(data), size});
  return 0;
}
