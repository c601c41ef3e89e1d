// Random numbers from one seed.
#pragma once

#include <chrono>
#include <cstdint>
#include <random>
#include <vector>

namespace simulator {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

class random_source {
public:
  explicit random_source(std::uint64_t seed) : from_(seed) {}

  std::uint64_t below(std::uint64_t end) { return from_() % end; }
  bool chance(double probability) { return static_cast<double>(from_() >> 11) * 0x1.0p-53 < probability; }
  double share() { return static_cast<double>(from_() >> 11) * 0x1.0p-53; }
  milliseconds between(milliseconds least, milliseconds most) {
    return least + milliseconds(static_cast<std::int64_t>(
                     below(static_cast<std::uint64_t>((most - least).count()) + 1)));
  }
  template <class T>
  const T& one_of(const std::vector<T>& all) {
    return all[below(all.size())];
  }

private:
  std::mt19937_64 from_;
};

}  // namespace simulator
