// What the system says about this process, under the names that Prometheus' client libraries use.
#pragma once

#include <prometheus/metric_family.h>

#include <vector>

namespace actors {

std::vector<prometheus::MetricFamily> process_families();

}  // namespace actors
