// What a client is told of its message that its host's dialect cannot express.
#pragma once

#include "actors/transaction/refusal.hpp"
#include "codec/dialect/dialect.hpp"

namespace actors {

/// `f`: of a request in the dialect `from` that was to be written in `to`, which may be the same. The field
/// is called as at /v1; no value stands in the sentence.
refusal_detail why_unexpressed(const codec::fault& f, const codec::dialect& from, const codec::dialect& to);

}  // namespace actors
