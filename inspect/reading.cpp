#include "inspect/reading.hpp"

#include <algorithm>

#include "codec/composite/composite.hpp"
#include "codec/fields.hpp"
#include "codec/mti.hpp"
#include "codec/unpack.hpp"
#include "codec/validate.hpp"

namespace inspect {

namespace {

// A peer's file could have a fault a byte.
constexpr std::size_t messages_max = 10000;

std::string path_of(const codec::fault& f) {
  return f.field == codec::whole_message ? "" : std::to_string(f.field);
}

// Where the last field that was read ends.
std::size_t end_of_fields(const codec::message& m) {
  std::size_t end = 0;
  for (const auto& p : m.index())
    if (p.form.coded)
      end = std::max(end, p.at + m.raw(p).size());
  return end;
}

// Parts that are not as the dialect has them.
void add_part_faults(const codec::dialect& d, read_message& m) {
  for (const auto& f : codec::faults_of_parts(m.value, d)) {
    std::size_t at = 0;
    for (const auto& p : m.value.index())
      if (std::to_string(p.number) == f.path.substr(0, f.path.find('.')))
        at = p.at;
    m.faults.push_back(
      {m.where.begin + at + f.what.offset, f.path, std::string(codec::meaning(f.what.code))});
  }
}

// Of a request alone, as the gateway asks them. Where a message could not be read whole, what is not there
// may be in the rest.
std::vector<codec::part_fault> faults_by_rules(const codec::message& m, const codec::dialect& d,
                                               bool is_whole) {
  if (!codec::is_mti(m.mti()) || !codec::is_request(m.mti()))
    return {};
  auto faults = codec::broken_demands(m, d);
  std::erase_if(faults, [&](const codec::part_fault& f) {
    return !d.find(f.what.field) || (!is_whole && f.what.code == codec::fault_code::missing);
  });
  return faults;
}

read_message read_piece(std::string_view bytes, const piece& where, const codec::dialect& d) {
  read_message m{where, {}, where.begin};
  auto all = codec::unpack_what_can_be_read(bytes.substr(where.begin, where.end - where.begin), d);
  if (!all) {
    const auto& f = all.error();
    m.faults.push_back({where.begin + f.offset, path_of(f), std::string(codec::meaning(f.code))});
    return m;
  }
  m.end = where.end;
  if (all->stopped_at <= codec::field_max) {
    const auto& why = all->faults.back();
    m.end = where.begin + (why.code == codec::fault_code::truncated ? end_of_fields(all->value) : why.offset);
  }
  for (const auto& f : all->faults) {
    m.faults.push_back({where.begin + f.offset, path_of(f), std::string(codec::meaning(f.code))});
    if (f.code == codec::fault_code::trailing)
      m.end = where.begin + f.offset;
  }
  m.value = std::move(all->value);
  m.against_rules = faults_by_rules(m.value, d, m.faults.empty());
  add_part_faults(d, m);
  return m;
}

// Messages without a header: each ends where reading it does.
void read_bare(std::string_view bytes, const codec::dialect& d, reading& r) {
  for (std::size_t at = 0; at < bytes.size() && r.messages.size() < messages_max;) {
    const auto front = codec::unpack_front(bytes.substr(at), d);
    auto m = read_piece(bytes, {at, at, front ? at + front->size : bytes.size()}, d);
    // Behind a message with a wrong value another one may stand.
    if (!front && !m.faults.empty() && m.end > at && m.end < bytes.size() &&
        codec::unpack_front(bytes.substr(m.end), d)) {
      m.where.end = m.end;
      std::erase_if(m.faults, [](const unread& u) { return u.path.empty(); });
    }
    at = m.where.end;
    r.messages.push_back(std::move(m));
  }
}

// How little like a message it is, as far as the standard tells, and what the dialect's requests must carry.
std::size_t doubts_of(const codec::message& m, const codec::dialect& d) {
  const auto mti = m.mti();
  if (!codec::is_mti(mti))
    return 1;
  std::size_t doubts = mti[1] < '1' || mti[1] > '8' || (mti[0] > '2' && mti[0] < '8') ? 1 : 0;
  if (const auto mandatory = d.mandatory.find(mti); mandatory != d.mandatory.end())
    for (const auto number : mandatory->second)
      doubts += m.has(number) ? 0 : 1;
  return doubts;
}

}  // namespace

std::size_t reading::fault_count() const {
  auto count = faults.size();
  for (const auto& m : messages)
    count += m.faults.size();
  return count;
}

reading read_as(std::string_view bytes, const codec::dialect& d, const frame& by) {
  reading r{by};
  r.size = bytes.size();
  if (by.header.empty()) {
    read_bare(bytes, d, r);
  } else {
    const auto cut = cut_by(bytes, by);
    for (const auto& p : cut.pieces)
      if (r.messages.size() < messages_max)
        r.messages.push_back(read_piece(bytes, p, d));
    if (!cut.why.empty())
      r.faults.push_back({cut.end, "", cut.why});
  }
  for (const auto& m : r.messages) {
    r.read += m.end > m.where.begin ? m.end - m.where.at : 0;
    if (m.end == m.where.end && m.where.next > m.end)
      r.read += m.where.next - m.end;
    r.doubts += doubts_of(m.value, d);
  }
  return r;
}

bool better(const reading& a, const reading& b) {
  if (a.is_whole() != b.is_whole())
    return a.is_whole();
  if (a.messages.empty() != b.messages.empty())
    return b.messages.empty();
  // A fault or a doubt weighs as much as so many bytes that were not read.
  constexpr std::ptrdiff_t weight = 4;
  const auto merit = [](const reading& r) {
    return static_cast<std::ptrdiff_t>(r.read) -
           weight * static_cast<std::ptrdiff_t>(r.fault_count() + r.doubts);
  };
  return a.is_whole() ? a.doubts < b.doubts : merit(a) > merit(b);
}

reading best_reading(std::string_view bytes, const codec::dialect& d, const std::vector<frame>& frames) {
  auto best = read_as(bytes, d, frames.front());
  for (std::size_t i = 1; i < frames.size(); ++i)
    if (auto other = read_as(bytes, d, frames[i]); better(other, best))
      best = std::move(other);
  return best;
}

std::string to_string(const unread& u) {
  return "byte " + std::to_string(u.offset) + (u.path.empty() ? "" : ", field " + u.path) + ": " + u.why;
}

}  // namespace inspect
