// The dialect that the settings name.
#pragma once

#include <string>
#include <variant>

#include "codec/dialect/dialect.hpp"
#include "config/settings.hpp"

namespace actors {

/// `hostConfig` with its `overrides` applied. The error is a sentence for the operator.
std::variant<codec::dialect, std::string> chosen_dialect(const config::dialect_settings& s);

}  // namespace actors
