// Times for a histogram of Prometheus.
#pragma once

#include <prometheus/histogram.h>

#include <algorithm>
#include <caf/all.hpp>
#include <chrono>
#include <utility>
#include <vector>

namespace actors {

/// The histogram gets them when it is read: it would lock itself for each of them.
class observed_times {
public:
  /// `bounds`: the highest time of each bucket but the last, in seconds, as the histogram has them.
  observed_times(prometheus::Histogram& into, prometheus::Histogram::BucketBoundaries bounds)
    : into_(into), bounds_(std::move(bounds)), counts_(bounds_.size() + 1) {}

  void add(caf::timespan time) {
    const auto seconds = std::chrono::duration<double>(time).count();
    const auto bound = std::ranges::lower_bound(bounds_, seconds);
    ++counts_[static_cast<std::size_t>(bound - bounds_.begin())];
    sum_ += seconds;
  }

  /// To be called before the histogram is read.
  void pass_on() {
    into_.ObserveMultiple(counts_, std::exchange(sum_, 0));
    std::ranges::fill(counts_, 0);
  }

private:
  prometheus::Histogram& into_;
  prometheus::Histogram::BucketBoundaries bounds_;
  std::vector<double> counts_;  // by bucket
  double sum_ = 0;
};

}  // namespace actors
