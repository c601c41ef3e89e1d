// Carries out what an operator asks, over the control socket or the admin port, and replies in JSON.
//
// Each decision is written to the log and to the journal, with the operator and the reason. Cards are masked.
// Cases are read from the journal one page at a time, so a long list does not block the loop. Nothing here
// changes a case: the reversal_supervisor and the journal do.

#include "actors/operator/operator_requests.hpp"

#include <charconv>

#include "actors/operator/case_filter.hpp"
#include "actors/operator/case_page.hpp"
#include "actors/transaction/operator_decision.hpp"
#include "codec/privacy/masking.hpp"

namespace actors {

namespace {

using nlohmann::ordered_json;

// A text may have any bytes; the result is JSON all the same.
std::string line_of(const ordered_json& j) {
  return j.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

// The text before the next space, which is removed from `rest`.
std::string next_word(std::string& rest) {
  const auto end = std::min(rest.find(' '), rest.size());
  auto word = rest.substr(0, end);
  rest.erase(0, end + 1);
  return word;
}

std::vector<transaction_id> read_ids(const std::string& list) {
  std::vector<transaction_id> ids;
  const auto ranges = read_cases(list);
  for (const auto& [first, last] : ranges.value_or(std::vector<case_filter::range>()))
    for (auto id = first; ids.size() <= cases_named_max; ++id) {
      ids.push_back(id);
      if (id == last)
        break;
    }
  return ids;
}

}  // namespace

operator_requests::operator_requests(session_actor::pointer self, environment_ptr env)
  : self_(self), env_(std::move(env)) {}

void operator_requests::serve(std::string rest, const std::string& who, reply to) {
  to_ = std::move(to);
  const auto verb = next_word(rest);
  if (verb == "pending")
    return list(std::move(rest));
  const bool acts = verb == "reverse" || verb == "resolve";
  const auto ids = read_ids(next_word(rest));
  if (ids.empty() || (verb != "retry" && !acts))
    return refuse(
      "the gateway is asked pending, retry CASES, reverse CASES WHY or resolve CASES WHY, and nothing "
      "else");
  if (ids.size() > cases_named_max)
    return refuse("a line may name " + std::to_string(cases_named_max) + " cases");
  if (const auto fault = fault_of_reason(rest); acts && !fault.empty())
    return refuse(fault);
  // The reason is stored for long, and an operator may have typed a card number.
  const auto why = codec::masked_text(rest);
  results_ = ordered_json::array();
  left_ = ids.size();
  all_done_ = true;
  for (const auto id : ids) {
    results_.push_back({{"case", id}, {"done", false}, {"text", ""}});
    if (verb == "retry")
      ask(peers_.reversals, retry{id});
    else if (verb == "resolve")
      ask(peers_.reversals, resolve{id, who, why});
    else
      ask(peers_.journal, operator_decision{operator_decision::kind::reverse, id, who, why});
  }
}

template <class Office, class Wish>
void operator_requests::ask(const Office& whom, Wish wish) {
  const auto at = results_.size() - 1;
  self_->request(whom, caf::infinite, std::move(wish))
    .then([this, at](const operator_reply& t) { take_result(at, t); },
          [this, at](caf::error&) {
            take_result(at, {false, "a part of the gateway is being restarted; ask again in a few seconds"});
          });
}

void operator_requests::take_result(std::size_t at, const operator_reply& t) {
  results_[at]["done"] = t.done;
  results_[at]["text"] = t.text;
  all_done_ = all_done_ && t.done;
  if (--left_ == 0)
    to_({all_done_ ? operator_result::kind::done : operator_result::kind::not_done,
         line_of({{"results", std::move(results_)}})});
}

void operator_requests::list(std::string words) {
  transaction_id after = 0;
  case_filter filter;
  while (!words.empty()) {
    const auto word = next_word(words);
    const auto key = word.substr(0, word.find('='));
    const auto value = word.substr(std::min(word.size(), key.size() + 1));
    if (key == "after") {
      if (const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), after);
          error != std::errc() || end != value.data() + value.size())
        return refuse("after= must be the number of a case");
    } else if (key != "cases" && !is_filter(key)) {
      return refuse("pending knows after, cases, state, older, amount and tid, and no '" +
                    codec::masked_text(key) + "'");
    } else if (const auto fault = read_filter(key, value, filter); !fault.empty()) {
      return refuse(fault);
    }
  }
  if (!filter.cases.empty())
    after = std::max(after, filter.cases.front().first - 1);
  self_->request(peers_.journal, caf::infinite, cases_after{after})
    .then(
      [this, filter = std::move(filter)](const cases_page& page) {
        to_({operator_result::kind::done, case_page_text(page, filter, *env_, self_->clock().now())});
      },
      [this](caf::error&) {
        to_({operator_result::kind::not_done, line_of({{"error", "the journal does not answer"}})});
      });
}

void operator_requests::refuse(const std::string& why) {
  to_({operator_result::kind::wrong, line_of({{"error", why}})});
}

}  // namespace actors
