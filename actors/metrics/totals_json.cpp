// The sums as the old program's line of JSON, and back.

#include <nlohmann/json.hpp>

#include <charconv>
#include <cstddef>

#include "actors/metrics/totals.hpp"

namespace actors {

namespace {

constexpr std::pair<unmatched, const char*> unmatched_names[]{{unmatched::contradicting, "contradicting"},
                                                              {unmatched::duplicate, "duplicate"},
                                                              {unmatched::late, "late"},
                                                              {unmatched::unknown, "unknown"}};

// As JavaScript prints a number: 3460, 12.5, 1383554.49.
__extension__ using amount_type = __int128;

std::string decimal(amount_type amount) {
  const bool negative = amount < 0;
  auto rest = negative ? -amount : amount;
  const auto cents = static_cast<int>(rest % 100);
  std::string whole;
  for (rest /= 100; rest != 0; rest /= 10)
    whole.insert(whole.begin(), static_cast<char>('0' + static_cast<int>(rest % 10)));
  std::string text = (negative ? "-" : "") + (whole.empty() ? "0" : whole);
  if (cents != 0) {
    text += '.';
    text += static_cast<char>('0' + cents / 10);
    if (cents % 10 != 0)
      text += static_cast<char>('0' + cents % 10);
  }
  return text;
}

using counted = std::map<std::string, std::uint64_t, std::less<>>;

std::string object(const counted& counts) {
  std::string text = "{";
  for (const auto& [key, count] : counts)
    text += (text.size() == 1 ? "\"" : ",\"") + key + "\":" + std::to_string(count);
  return text + "}";
}

// "12.5" as 1250; nothing where it is no such number. JSON's own numbers would be rounded.
std::optional<amount_type> hundredths_in(std::string_view line, std::string_view name) {
  const auto at = line.find("\"" + std::string(name) + "\":");
  if (at == std::string_view::npos)
    return 0;
  auto text = line.substr(at + name.size() + 3);
  text = text.substr(text.find_first_not_of(' '));
  const bool negative = text.starts_with('-');
  text.remove_prefix(negative ? 1 : 0);
  amount_type sum = 0;
  std::size_t i = 0, places = 0;
  constexpr std::size_t digits_max = 34;
  for (bool behind_point = false; i < text.size() && i < digits_max && places < 2; ++i) {
    if (text[i] == '.' && !behind_point) {
      behind_point = true;
      continue;
    }
    if (text[i] < '0' || text[i] > '9')
      break;
    sum = sum * 10 + (text[i] - '0');
    places += behind_point ? 1 : 0;
  }
  const auto end = text.substr(i, 1);
  if (i == 0 || (end != "," && end != "}" && end != " "))
    return {};
  for (; places < 2; ++places)
    sum *= 10;
  return negative ? -sum : sum;
}

// Throws where it is none.
std::uint64_t count_in(const nlohmann::json& number) {
  return number.get_ref<const nlohmann::json::number_unsigned_t&>();
}

// The object of counts with this name; an empty one where there is none.
counted counts_in(const nlohmann::json& all, const char* name) {
  counted counts;
  if (all.contains(name))
    for (const auto& [key, number] : all.at(name).get<std::map<std::string, nlohmann::json>>())
      counts[key] = count_in(number);
  return counts;
}

}  // namespace

std::string totals::json() const {
  const auto number_of = [this](unmatched s) {
    const auto it = unmatched_.find(s);
    return it == unmatched_.end() ? std::uint64_t{0} : it->second;
  };
  const auto dropped = [this](net::frame::kind k) {
    const auto it = dropped_frames_.find(k);
    return it == dropped_frames_.end() ? std::uint64_t{0} : it->second;
  };
  std::string links;
  for (const auto& [link, counts] : links_)
    links += (links.empty() ? ",\"links\":{\"" : ",\"") + link +
             "\":" + object({{"requests", counts.requests}, {"responses", counts.responses}});
  auto packets = object(packets_);
  packets.insert(1, "\"total\":" + std::to_string(packets_total_) + (packets_.empty() ? "" : ","));
  return "{\"securedAmount\":" + decimal(secured_) + ",\"processedAmount\":" + decimal(processed_) +
         ",\"refundAmount\":" + decimal(refunds_) + ",\"reversalAmount\":" + decimal(reversals_) +
         ",\"faultStat\":" + object(faults_) + ",\"packetCount\":" + packets + ",\"strayCount\":" +
         object({{"contradicting", number_of(unmatched::contradicting)},
                 {"duplicate", number_of(unmatched::duplicate)},
                 {"late", number_of(unmatched::late)},
                 {"unknown", number_of(unmatched::unknown)}}) +
         ",\"droppedFrames\":" +
         object({{"bad", dropped(net::frame::kind::bad)}, {"refused", dropped(net::frame::kind::refused)}}) +
         links + (links.empty() ? "}" : "}}");
}

std::optional<totals> totals::from_json(const std::string& line) {
  const auto all = nlohmann::json::parse(line, nullptr, false);
  if (!all.is_object() || !all.contains("packetCount"))
    return {};
  totals t;
  for (const auto& [name, into] :
       {std::pair("securedAmount", &t.secured_), std::pair("processedAmount", &t.processed_),
        std::pair("refundAmount", &t.refunds_), std::pair("reversalAmount", &t.reversals_)}) {
    const auto sum = hundredths_in(line, name);
    if (!sum)
      return {};
    *into = *sum;
  }
  try {
    t.faults_ = counts_in(all, "faultStat");
    t.packets_ = counts_in(all, "packetCount");
    t.packets_total_ = std::exchange(t.packets_["total"], 0);
    t.packets_.erase("total");
    auto unmatched_counts = counts_in(all, "strayCount");
    for (const auto& [is, name] : unmatched_names)
      t.unmatched_[is] = unmatched_counts[name];
    auto dropped = counts_in(all, "droppedFrames");
    t.dropped_frames_ = {{net::frame::kind::bad, dropped["bad"]},
                         {net::frame::kind::refused, dropped["refused"]}};
    if (all.contains("links"))
      for (const auto& [link, counts] : all.at("links").items())
        t.links_[link] = {count_in(counts.at("requests")), count_in(counts.at("responses"))};
  } catch (const nlohmann::json::exception&) {
    return {};
  }
  return t;
}

}  // namespace actors
