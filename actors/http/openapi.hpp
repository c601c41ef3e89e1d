// The OpenAPI 3.1 document of /v1, made from the loaded dialect.
#pragma once

#include <nlohmann/json.hpp>

#include "codec/dialect/dialect.hpp"

namespace actors {

nlohmann::ordered_json openapi(const codec::dialect& d);

}  // namespace actors
