// Packs a transaction into one run of bytes: a head, and items of a tag, a size and a value. A tag up to 192
// is a field of the request. Digits, and the stars of a masked card, take half a byte each.

#include "actors/journal/packed_transactions.hpp"

#include <algorithm>
#include <array>
#include <bitset>
#include <cstring>
#include <functional>
#include <utility>

#include "codec/exchange/local_time.hpp"
#include "codec/exchange/reversal.hpp"
#include "codec/fields.hpp"

namespace actors {

namespace {

using lifecycle::state;

enum class packed_part : unsigned char {
  card = 200,
  client_stan,
  upstream,
  reversed,
  why,
  code,
  reference,
  approval_code,
  approved_amount,
  card_mark
};

constexpr std::string_view halves = "0123456789*";

// The half byte of a character; `no_half`: it has none.
constexpr unsigned char no_half = 0xff;
constexpr auto half_of = [] {
  std::array<unsigned char, 256> all{};
  all.fill(no_half);
  for (std::size_t i = 0; i < halves.size(); ++i)
    all[static_cast<unsigned char>(halves[i])] = static_cast<unsigned char>(i);
  return all;
}();

struct packed_head {
  std::uint32_t size;   // of the items
  std::uint32_t begun;  // seconds since 1970, until 2106
  state is;
  delivery how;
  cause because;
  bool host_agreed : 1;
  bool attempt_lost : 1;  // or may have been
  bool is_reversal : 1;
};

void append_size(std::string& to, std::size_t size) {
  for (; size >= 0x80; size >>= 7)
    to += static_cast<char>(size | 0x80);
  to += static_cast<char>(size);
}

// The lowest bit of the size says whether the value is packed.
void append_packed(std::string& to, int tag, std::string_view value) {
  to += static_cast<char>(tag);
  const auto size_at = to.size();
  append_size(to, value.size() << 1 | 1);
  const auto at = to.size();
  to.resize(at + (value.size() + 1) / 2);
  unsigned all = 0;
  const auto half = [&](std::size_t i) {
    const unsigned h = half_of[static_cast<unsigned char>(value[i])];
    all |= h;
    return h;
  };
  auto* into = to.data() + at;
  std::size_t i = 0;
  for (; i + 1 < value.size(); i += 2)
    *into++ = static_cast<char>(half(i) << 4 | half(i + 1));
  if (i < value.size())
    *into = static_cast<char>(half(i) << 4);
  if (all != no_half)
    return;
  to[size_at] = static_cast<char>(to[size_at] & ~1);
  to.replace(at, std::string::npos, value);
}

void append_packed(std::string& to, packed_part what, std::string_view value) {
  if (!value.empty())
    append_packed(to, static_cast<int>(what), value);
}

// Takes the items one after the other.
class packed_items {
public:
  packed_items(const char* begin, std::size_t size) : at_(begin), end_(begin + size) {}

  bool next() {
    if (at_ == end_)
      return false;
    tag_ = static_cast<unsigned char>(*at_++);
    const auto size = take_size();
    value_.clear();
    if ((size & 1) == 0) {
      value_.assign(at_, size >> 1);
      at_ += size >> 1;
    } else {
      take_halves(size >> 1);
    }
    return true;
  }

  int tag() const { return tag_; }
  const std::string& value() const { return value_; }

private:
  std::size_t take_size() {
    std::size_t size = 0;
    for (unsigned shift = 0;; shift += 7) {
      const auto byte = static_cast<unsigned char>(*at_++);
      size |= std::size_t{byte & 0x7fU} << shift;
      if ((byte & 0x80) == 0)
        return size;
    }
  }

  void take_halves(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      const auto both = static_cast<unsigned char>(*at_);
      value_ += halves[i % 2 == 0 ? both >> 4 : both & 0xf];
      if (i % 2 == 1 || i + 1 == count)
        ++at_;
    }
  }

  const char* at_;
  const char* end_;
  int tag_ = 0;
  std::string value_;
};

using field_numbers = std::bitset<codec::field_max + 1>;

// An approved one is never opened again: what finds it and what is compared with it are enough.
field_numbers asked_for(const codec::dialect& d) {
  namespace fields = codec::fields;
  field_numbers all;
  for (const int number :
       {fields::mti, fields::processing_code, fields::amount, fields::transmission_time, fields::stan,
        fields::local_time, fields::local_date, fields::reference, fields::tid})
    all.set(static_cast<std::size_t>(number));
  for (const int number : d.echoed)
    all.set(static_cast<std::size_t>(number));
  for (const auto& part : d.local_time.parts)
    all.set(static_cast<std::size_t>(part.field));
  return all;
}

std::string packed(const transaction& t, const codec::dialect& d) {
  std::string text(sizeof(packed_head), '\0');
  text.reserve(256);
  const bool is_reversal = codec::is_reversal(*t.request);
  const auto kept = t.state == state::approved && !is_reversal ? asked_for(d) : field_numbers().set();
  for (const auto& [number, value] : *t.request)
    if (kept[static_cast<std::size_t>(number)])
      append_packed(text, number, value);
  append_packed(text, packed_part::card, t.card);
  if (t.card.empty() && t.card_mark != 0)
    append_packed(text, packed_part::card_mark, std::to_string(t.card_mark));
  append_packed(text, packed_part::client_stan, t.client_stan);
  append_packed(text, packed_part::upstream, t.upstream);
  append_packed(text, packed_part::reversed, t.reversed_reference);
  append_packed(text, packed_part::why, t.why);
  append_packed(text, packed_part::code, t.code);
  append_packed(text, packed_part::reference, t.reference_fields[codec::fields::reference]);
  append_packed(text, packed_part::approval_code, t.reference_fields[codec::fields::approval_code]);
  append_packed(text, packed_part::approved_amount, t.approved_amount);
  const packed_head h{static_cast<std::uint32_t>(text.size() - sizeof(packed_head)),
                      static_cast<std::uint32_t>(t.begun),
                      t.state,
                      t.options.how,
                      t.because,
                      t.host_agreed,
                      t.attempt_lost || t.attempt_unrecorded,
                      is_reversal};
  std::memcpy(text.data(), &h, sizeof h);
  return text;
}

std::uint32_t hash_of_trace(std::string_view trace) {
  return static_cast<std::uint32_t>(std::hash<std::string_view>()(trace));
}

std::uint16_t short_hash(std::string_view text) { return static_cast<std::uint16_t>(hash_of_trace(text)); }

void take_item(transaction& into, codec::message& request, const packed_items& item) {
  if (item.tag() <= codec::field_max)
    return request.set(item.tag(), item.value());
  switch (static_cast<packed_part>(item.tag())) {
    case packed_part::card: into.card = item.value(); return;
    case packed_part::client_stan: into.client_stan = item.value(); return;
    case packed_part::upstream: into.upstream = item.value(); return;
    case packed_part::reversed: into.reversed_reference = item.value(); return;
    case packed_part::why: into.why = item.value(); return;
    case packed_part::code: into.code = item.value(); return;
    case packed_part::reference: return into.reference_fields.set(codec::fields::reference, item.value());
    case packed_part::approval_code:
      return into.reference_fields.set(codec::fields::approval_code, item.value());
    case packed_part::approved_amount: into.approved_amount = item.value(); return;
    case packed_part::card_mark:
      into.card_mark = static_cast<std::uint16_t>(std::stoul(item.value()));
      return;
  }
}

transaction unpacked(const char* bytes) {
  packed_head h;
  std::memcpy(&h, bytes, sizeof h);
  transaction t;
  t.state = h.is;
  t.options.how = h.how;
  t.because = h.because;
  t.host_agreed = h.host_agreed;
  t.attempt_lost = h.attempt_lost;
  t.begun = h.begun;
  codec::message request;
  for (packed_items item(bytes + sizeof h, h.size); item.next();)
    take_item(t, request, item);
  t.request = std::make_shared<const codec::message>(std::move(request));
  return t;
}

}  // namespace

void packed_transactions::add(const transaction& t, std::string_view trace, const codec::dialect& d) {
  all_.push_back({t.id, t.since, keep(packed(t, d)), hash_of_trace(trace), 0, 0, moment_of(*t.request, d),
                  day_of(*t.request, d)});
  ++count_;
  if (all_.size() > by_hash_.size())
    grow();
  else
    link(first_ + static_cast<number>(all_.size() - 1));
}

// Of the transaction that is added next.
const char* packed_transactions::keep(std::string_view bytes) {
  constexpr std::size_t run_size = 64 * 1024;
  if (runs_.empty() || runs_.back().size - runs_.back().used < bytes.size()) {
    const auto size = std::max(run_size, bytes.size());
    runs_.push_back({std::make_unique_for_overwrite<char[]>(size), 0, size, 0});
  }
  auto& r = runs_.back();
  auto* to = r.bytes.get() + r.used;
  std::memcpy(to, bytes.data(), bytes.size());
  r.used += bytes.size();
  r.last = first_ + static_cast<number>(all_.size());
  return to;
}

std::optional<transaction> packed_transactions::find(transaction_id id) const {
  const auto* p = place_of(id);
  if (!p)
    return {};
  auto t = unpacked(p->bytes);
  t.id = id;
  t.since = p->since;
  return t;
}

void packed_transactions::remove(transaction_id id) {
  if (const auto* p = place_of(id)) {
    const_cast<place*>(p)->bytes = nullptr;
    --count_;
    drop_removed();
  }
}

std::vector<transaction_id> packed_transactions::with_trace(std::string_view trace) const {
  std::vector<transaction_id> ids;
  for (const auto* p = first_with(trace); p; p = next_with(*p))
    ids.push_back(p->id);
  std::ranges::reverse(ids);
  return ids;
}

const packed_transactions::place* packed_transactions::first_with(std::string_view trace) const {
  if (empty())
    return nullptr;
  const auto hash = hash_of_trace(trace);
  const auto* p = at(by_hash_[hash & (by_hash_.size() - 1)]);
  while (p && (p->hash != hash || !p->bytes))
    p = at(p->next_with_hash);
  return p;
}

const packed_transactions::place* packed_transactions::next_with(const place& before) const {
  const auto* p = at(before.next_with_hash);
  while (p && (p->hash != before.hash || !p->bytes))
    p = at(p->next_with_hash);
  return p;
}

packed_transactions::glance packed_transactions::glance_of(const place& p) {
  packed_head h;
  std::memcpy(&h, p.bytes, sizeof h);
  return {p.id, p.since, h.begun, h.is, h.is_reversal, h.host_agreed, h.attempt_lost, p.moment, p.day};
}

std::uint16_t packed_transactions::moment_of(const codec::message& request, const codec::dialect& d) {
  const auto says = [&](const auto& part) { return request.has(part.field); };
  const bool says_all = d.local_time.parts.empty()
                          ? request.has(codec::fields::local_date) && request.has(codec::fields::local_time)
                          : std::ranges::all_of(d.local_time.parts, says);
  return says_all ? std::max<std::uint16_t>(short_hash(codec::local_time_text(request, d)), 1)
                  : std::uint16_t{0};
}

std::uint16_t packed_transactions::day_of(const codec::message& request, const codec::dialect& d) {
  return short_hash(codec::local_day_text(request, d));
}

void packed_transactions::remove_oldest() {
  all_.front().bytes = nullptr;
  --count_;
  drop_removed();
}

const packed_transactions::place* packed_transactions::place_of(transaction_id id) const {
  if (empty())
    return nullptr;
  for (const auto* p = at(by_id_[id & (by_id_.size() - 1)]); p; p = at(p->next_with_id))
    if (p->id == id && p->bytes)
      return p;
  return nullptr;
}

void packed_transactions::link(number n) {
  auto& p = all_[static_cast<number>(n - first_)];
  const auto mask = by_hash_.size() - 1;
  p.next_with_hash = std::exchange(by_hash_[p.hash & mask], n);
  p.next_with_id = std::exchange(by_id_[p.id & mask], n);
}

// Twice as many chains. An empty one leads to a number that is not used: the one in front of the first.
void packed_transactions::grow() {
  const auto count = std::max<std::size_t>(1024, 2 * by_hash_.size());
  by_hash_.assign(count, first_ - 1);
  by_id_.assign(count, first_ - 1);
  for (std::size_t i = 0; i < all_.size(); ++i)
    link(first_ + static_cast<number>(i));
}

void packed_transactions::drop_removed() {
  for (; !all_.empty() && !all_.front().bytes; all_.pop_front())
    ++first_;
  while (!runs_.empty() && static_cast<std::int32_t>(runs_.front().last - first_) < 0)
    runs_.pop_front();
}

}  // namespace actors
