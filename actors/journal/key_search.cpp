// Finds a transaction by its key, by replaying its few records from the disk as a start does with all.

#include "actors/journal/key_search.hpp"

#include <utility>

#include "actors/journal/journal_records.hpp"

namespace actors {

void key_search::start(environment_ptr env, const journal_parts& parts, write_queue& writes,
                       std::function<void(looked_up)> report) {
  env_ = std::move(env);
  parts_ = parts;
  writes_ = &writes;
  report_ = std::move(report);
}

caf::typed_response_promise<found_by_key> key_search::find(
  const std::string& key, caf::typed_response_promise<found_by_key> promise) {
  if (parts_.writer)
    look_up({key, promise});
  else
    promise.deliver(found_by_key{});
  return promise;
}

void key_search::take(const looked_up& result, time_point now) {
  if (!result.found.problem.empty())
    return env_->panic("the journal cannot be read: " + result.found.problem);
  auto asked = std::move(inquiries_.extract(result.number).mapped());
  if (result.found.records.empty()) {
    asked.promise.deliver(found_by_key{});
    return;
  }
  auto& pages = *parts_.pages;
  const auto id = result.found.records.front().transaction;
  // The copy in memory is newer than the one on the disk.
  if (const auto* t = pages.find(id)) {
    asked.promise.deliver(found_by_key{*t, pages.is_operators(*t)});
    return;
  }
  book of_disk(env_->upstreams);
  if (const auto why = replay(of_disk, {result.found.records, {}, pages.adopted()}, *parts_.sealer, now);
      !why.empty())
    return env_->panic("the journal cannot be read: " + why);
  const auto& t = *of_disk.find(id);
  // Only a transaction that has ended leaves the book, so its end is about to be written.
  if (!lifecycle::is_final(t.state) && !std::exchange(asked.waited, true))
    return writes_->when_durable([this, asked] { look_up(asked); });
  asked.promise.deliver(found_by_key{t, false});
}

void key_search::look_up(inquiry asked) {
  auto key = asked.key;
  inquiries_.emplace(++last_, std::move(asked));
  parts_.writer->find(std::move(key), [report = report_, number = last_](store::found_records f) {
    report({number, std::move(f)});
  });
}

}  // namespace actors
