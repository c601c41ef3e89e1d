// Which upstream gets a client's transaction: by its card and its terminal.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "codec/message.hpp"
#include "config/settings.hpp"

namespace actors {

class routes {
public:
  routes() = default;
  explicit routes(std::vector<config::route_settings> all) : all_(std::move(all)) {}

  /// The group of the first route that fits; nullptr where there are no routes.
  const std::string* group_of(const codec::message& request) const;

private:
  std::vector<config::route_settings> all_;  // the last one fits everything
};

}  // namespace actors
