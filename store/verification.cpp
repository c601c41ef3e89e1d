// Decides whether a start may use the records it found. Never repairs and never guesses: each acknowledged
// record is there as it was written, or the start is refused.

#include "store/verification.hpp"

#include <utility>

namespace store {

namespace {

std::string range(std::uint64_t from, std::uint64_t to) {
  if (from == to)
    return "record " + std::to_string(from) + " that was acknowledged is missing";
  return "records " + std::to_string(from) + " to " + std::to_string(to) +
         " that were acknowledged are missing";
}

std::string named(const record& r) {
  return "record " + std::to_string(r.sequence) + " (purchase " + std::to_string(r.transaction) + ")";
}

}  // namespace

std::variant<verified, std::string> verify(found all) {
  if (all.highest < all.acknowledged)
    return range(all.highest + 1, all.acknowledged);
  verified result;
  while (!all.records.empty() && !all.records.back().intact &&
         all.records.back().what.sequence > all.acknowledged) {
    const auto& torn = all.records.back().what;
    result.cut.push_back(torn.sequence);
    result.notes.push_back(
      named(torn) + ", at the end of the journal, was damaged and is cut off: it was never acknowledged");
    all.records.pop_back();
  }
  result.records.reserve(all.records.size());
  for (auto& r : all.records) {
    if (!r.intact)
      return named(r.what) + " is damaged";
    result.records.push_back(std::move(r.what));
  }
  return result;
}

}  // namespace store
