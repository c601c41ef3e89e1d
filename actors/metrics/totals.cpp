#include "actors/metrics/totals.hpp"

#include <algorithm>
#include <functional>
#include <initializer_list>

#include "codec/exchange/local_time.hpp"
#include "codec/exchange/matching.hpp"
#include "codec/exchange/reversal.hpp"
#include "codec/fields.hpp"
#include "codec/mti.hpp"

namespace actors {

namespace {

namespace fields = codec::fields;

// Of 100,000 keys two have the same hash with a probability of 3 in 10,000 million.
totals::key hash_of(std::initializer_list<std::string_view> texts) {
  totals::key all = 0;
  for (const auto text : texts)
    all = (all ^ std::hash<std::string_view>()(text)) * 0x9e3779b97f4a7c15;  // odd, so that no bit is lost
  return all;
}

totals::key key_of(const codec::message& m, const codec::dialect& d) {
  return hash_of({codec::terminal_of(m), m[fields::stan], codec::local_time_text(m, d)});
}

std::optional<totals::key> reference_key_of(const codec::message& request, const codec::message& reference) {
  if (!reference.has(fields::reference))
    return {};
  return hash_of({codec::terminal_of(request), "rrn", reference[fields::reference]});
}

std::uint64_t& count_of(auto& counts, std::string_view text) {
  const auto known = counts.find(text);
  return known != counts.end() ? known->second : counts[std::string(text)];
}

}  // namespace

void totals::count(const codec::message& m, std::optional<unmatched> why, const codec::message* request,
                   const codec::dialect& d) {
  const auto mti = m.mti();
  ++count_of(packets_, mti);
  ++packets_total_;
  if (why) {
    ++unmatched_[*why];
    return;
  }
  if (codec::is_purchase_request(mti))
    processed_ += codec::number_of(m[fields::amount]);
  if (codec::is_reversal(m)) {
    auto p = find(m, d);
    if (!p)
      remember(key_of(m, d), p = std::make_shared<transaction>());
    ++p->unanswered;
  }
  const bool answers_reversal = codec::is_response(mti) && codec::message_class(mti) == '4';
  if (!codec::is_purchase_response(mti) && !answers_reversal)
    return;
  const auto& asked = request ? *request : m;
  const bool good = answers_reversal ? count_reversal(m, asked, d) : d.approves(m);
  if (!good && m.has(fields::response_code))
    ++count_of(faults_, codec::without_leading_zeros(m[fields::response_code]));
  if (good && !answers_reversal)
    count_approval(m, asked, d);
}

void totals::count_link(const std::string& link, const codec::message& m) {
  auto& counts = links_[link];
  ++(codec::is_request(m.mti()) ? counts.requests : counts.responses);
}

void totals::count_approval(const codec::message& m, const codec::message& request, const codec::dialect& d) {
  auto p = std::make_shared<transaction>();
  const auto sum = codec::number_of((m.has(fields::amount) ? m : request)[fields::amount]);
  if (request[fields::processing_code] == "200000") {
    refunds_ += sum;
    p->held -= sum;
  } else if (!codec::is_purchase_request(request.mti()) || codec::moves_money(request, d)) {
    p->held += sum;
  }
  secured_ += p->held;
  remember(key_of(request, d), p);
  remember(reference_key_of(request, m), p);
}

// Whether the host has confirmed the reversal.
bool totals::count_reversal(const codec::message& m, const codec::message& request, const codec::dialect& d) {
  const auto p = find(request, d);
  if (p && p->unanswered > 0)
    --p->unanswered;
  const auto earlier =
    p && p->unanswered > 0 ? codec::earlier_attempt::unanswered : codec::earlier_attempt::none;
  if (codec::reversal_reply_of(m, d, earlier) != codec::reversal_reply::done)
    return false;
  amount reversed = codec::number_of((m.has(fields::amount) ? m : request)[fields::amount]);
  if (const auto stays = codec::amount_that_stays(request, d); !stays.empty())
    reversed = std::max<amount>(
      0, (p && p->held > 0 ? p->held : reversed) - static_cast<amount>(codec::number_of(stays)));
  reversals_ += reversed;
  if (!p)
    return true;
  // The reversal may be partial, or for more than the host approved.
  const auto taken = p->held < 0 ? -std::min(reversed, -p->held) : std::min(reversed, p->held);
  p->held -= taken;
  secured_ -= taken;
  return true;
}

std::shared_ptr<totals::transaction> totals::find(const codec::message& request,
                                                  const codec::dialect& d) const {
  // First by the reference, because a client's own reversal may have another STAN.
  for (const auto& its_key : {reference_key_of(request, request), std::optional(key_of(request, d))})
    if (const auto it = its_key ? purchases_.find(*its_key) : purchases_.end(); it != purchases_.end())
      return it->second;
  return nullptr;
}

void totals::remember(std::optional<key> its_key, const std::shared_ptr<transaction>& p) {
  if (!its_key)
    return;
  if (purchases_.insert_or_assign(*its_key, p).second)
    in_order_.push_back(*its_key);
  if (in_order_.size() > remembered_max) {
    purchases_.erase(in_order_.front());
    in_order_.pop_front();
  }
}

}  // namespace actors
