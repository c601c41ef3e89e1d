// The part of the book with what has ended: most of it is packed, and all of it is dropped after a day.

#include <algorithm>

#include "actors/journal/book.hpp"
#include "actors/transaction/transaction_record.hpp"

namespace actors {

using lifecycle::state;

namespace {

// Removes the entry of a trace with its last transaction.
void take_out(std::unordered_map<std::string, std::vector<transaction_id>>& index, const std::string& trace,
              transaction_id id) {
  const auto it = index.find(trace);
  if (it != index.end() && std::erase(it->second, id) != 0 && it->second.empty())
    index.erase(it);
}

}  // namespace

// By a late approval.
const transaction* book::open_packed(const decision& d, time_point now) {
  auto t = packed_.find(d.id);
  if (!t || !actors::apply(*t, d, dialect_of(*t), now))
    return nullptr;
  packed_.remove(d.id);
  auto& opened = all_.emplace(d.id, std::move(*t)).first->second;
  opened.trace = trace_of(*opened.request);
  by_trace_[opened.trace].push_back(d.id);
  note_change(opened, now);
  return &opened;
}

void book::note_change(const transaction& t, time_point now, std::optional<state> before) {
  moved(t, before);
  if (!lifecycle::is_final(t.state))
    return;
  ended_.emplace_back(now, t.id);
  pack_ended();
}

// What can be asked for stays as it is.
void book::pack_ended() {
  for (; ended_.size() > recent_max; ended_.pop_front()) {
    const auto it = find_last_end(ended_.front());
    if (it == all_.end())
      continue;
    const auto& [id, t] = *it;
    if (!t.options.public_id.empty() || !t.options.key.empty() || !t.client_stan.empty()) {
      whole_.push_back(ended_.front());
      continue;
    }
    packed_.add(t, t.trace, dialect_of(t));
    looked_at_.erase(id);
    forget(it);
  }
}

std::vector<transaction_id> book::forget_ended_before(time_point then, bool on_disk) {
  looked_at_.clear();
  take_out_ended(then, on_disk);
  for (; !on_disk_alone_.empty() && on_disk_alone_.front().first < then; on_disk_alone_.pop_front())
    to_delete_.push_back(on_disk_alone_.front().second);
  const auto most = on_disk ? std::max(deleted_max, to_delete_.size() / 100) : to_delete_.size();
  const auto end = to_delete_.begin() + static_cast<std::ptrdiff_t>(std::min(to_delete_.size(), most));
  std::vector<transaction_id> deleted(to_delete_.begin(), end);
  to_delete_.erase(to_delete_.begin(), end);
  return deleted;
}

void book::add_unanswered(const request_without_money& r, time_point now, std::int64_t wall) {
  last_id_ = std::max(last_id_, r.id);
  unanswered_.add(r, hosts_.dialect_of(r.upstream), now, wall);
}

void book::forget_unanswered(time_point now, std::int64_t wall) {
  for (const auto id : unanswered_.take_old(now, wall))
    to_delete_.push_back(id);
}

void book::take_out_ended(time_point then, bool on_disk) {
  const auto are_too_many = [this] {
    return packed_.size() + whole_.size() + ended_.size() > remembered_max_;
  };
  for (; !packed_.empty() && (packed_.oldest_since() < then || are_too_many()); packed_.remove_oldest()) {
    forgotten_early_ += packed_.oldest_since() >= then ? 1 : 0;
    taken_back_.forget(packed_.oldest());
    to_delete_.push_back(packed_.oldest());
  }
  for (; !whole_.empty() && (whole_.front().first < then || whole_.size() > whole_max || are_too_many());
       whole_.pop_front())
    drop(whole_.front(), then, on_disk);
  for (; !ended_.empty() && (ended_.front().first < then || are_too_many()); ended_.pop_front())
    drop(ended_.front(), then, on_disk);
}

// A late approval may have opened it again.
book::table::iterator book::find_last_end(std::pair<time_point, transaction_id> end) {
  const auto it = all_.find(end.second);
  const bool is_last =
    it != all_.end() && lifecycle::is_final(it->second.state) && it->second.since == end.first;
  return is_last ? it : all_.end();
}

// A key of money protects the client from a second charge, so it stays on the disk. A transaction that was
// never sent has freed its key, unless its client was told that the outcome is unknown.
void book::drop(std::pair<time_point, transaction_id> end, time_point then, bool on_disk) {
  const auto it = find_last_end(end);
  if (it == all_.end())
    return;
  const auto& t = it->second;
  const bool has_key = !t.options.key.empty() && (t.state != state::cancelled || t.because != cause::none);
  const bool is_needed = on_disk && end.first >= then && has_key;
  forget(it);
  taken_back_.forget(end.second);
  forgotten_early_ += end.first >= then ? 1 : 0;
  if (is_needed)
    on_disk_alone_.push_back(end);
  else
    to_delete_.push_back(end.second);
}

void book::forget(table::iterator of) {
  const auto& [id, t] = *of;
  take_out(by_trace_, t.trace, id);
  if (!t.client_stan.empty())
    take_out(by_client_trace_, trace_of(*t.request, t.client_stan), id);
  all_.erase(of);
}

}  // namespace actors
