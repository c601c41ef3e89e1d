// Asks the gateway once a second and draws what it says. While there is no answer, the last one stays, with
// the time since when it is old; the connection is tried again each second.

#include "actors/remote/watch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <optional>

#include "actors/remote/inspect_tables.hpp"
#include "actors/remote/screen.hpp"

namespace actors {

namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

constexpr std::uint64_t transactions_listed = 100;

std::string time_text() {
  const auto now = std::time(nullptr);
  std::tm parts{};
  localtime_r(&now, &parts);
  return fmt::format("{:02}:{:02}:{:02}", parts.tm_hour, parts.tm_min, parts.tm_sec);
}

class watched_gateway {
public:
  watched_gateway(node_client& node, const std::string& view) : node_(node), list_(key_of(view)) {}

  // False: leave.
  bool take_key(int key) {
    if (key == 'q' || key == 'Q' || key < 0)
      return false;
    if (std::string_view("wtclap").find(static_cast<char>(key)) != std::string_view::npos && key != 0)
      list_ = static_cast<char>(key);
    if (key == 's')
      by_wait_ = !by_wait_;
    return true;
  }

  void look() {
    auto got = node_.ask<inspection::summary>(inspection::summary_atom::value);
    if (const auto* why = std::get_if<std::string>(&got))
      return lose(*why);
    if (const auto why = look_at_list(); !why.empty())
      return lose(why);
    last_ = std::get<inspection::summary>(std::move(got));
    lost_since_.clear();
  }

  text_lines lines() const {
    text_lines all{head(), keys()};
    if (last_)
      for (auto& line : table_of(*last_))
        all.push_back(std::move(line));
    all.emplace_back();
    for (const auto& line : listed_)
      all.push_back(line);
    return all;
  }

private:
  static char key_of(const std::string& view) {
    return view == "link"           ? 'l'
           : view == "pending"      ? 'c'
           : view == "actors"       ? 'a'
           : view == "transactions" ? 't'
                                    : 'w';
  }

  void lose(const std::string& why) {
    if (lost_since_.empty())
      lost_since_ = time_text();
    why_ = why;
  }

  std::string head() const {
    return lost_since_.empty() ? "socketqueue at " + time_text()
                               : "NO CONNECTION SINCE " + lost_since_ + ": " + why_;
  }

  std::string keys() const {
    return fmt::format("[w]aiting [t]ransactions [c]ases [l]inks [a]ctors   [s]ort: {}   [q]uit",
                       by_wait_ ? "time" : "terminal");
  }

  // Empty, or why there is no answer.
  std::string look_at_list() {
    using namespace inspection;
    switch (list_) {
      case 't':
        return list<transactions>(&transaction::total_us, &transaction::tid, transactions_atom::value,
                                  transactions_listed);
      case 'c': return list<pending>(&open_case::age_s, &open_case::tid, pending_atom::value);
      case 'l': return list<links>(&link::since_ms, &link::name, links_atom::value);
      case 'a': return list<parts>(&part::restarts, &part::name, parts_atom::value);
      default: return list<terminals>(&terminal::oldest_ms, &terminal::tid, terminals_atom::value);
    }
  }

  template <class View, class Longest, class Name, class... What>
  std::string list(Longest longest, Name name, What... what) {
    auto got = node_.ask<View>(what...);
    if (auto* why = std::get_if<std::string>(&got))
      return std::move(*why);
    auto& v = std::get<View>(got);
    // The newest transactions come first where they are not sorted.
    if (!by_wait_)
      std::ranges::stable_sort(v.all, {}, name);
    else if constexpr (!std::is_same_v<View, inspection::transactions>)
      std::ranges::stable_sort(v.all, std::greater<>(), longest);
    listed_ = table_of(v);
    return {};
  }

  node_client& node_;
  char list_;
  bool by_wait_ = true;
  std::optional<inspection::summary> last_;
  text_lines listed_;
  std::string lost_since_, why_;
};

}  // namespace

void watch(node_client& node, const std::string& view) {
  screen on;
  watched_gateway gateway(node, view);
  for (;;) {
    gateway.look();
    on.draw(gateway.lines());
    const auto next = steady_clock::now() + 1s;
    for (auto left = next - steady_clock::now(); left > 0ms; left = next - steady_clock::now()) {
      const auto key = on.wait_for_key(std::chrono::duration_cast<std::chrono::milliseconds>(left) + 1ms);
      if (!gateway.take_key(key))
        return;
      if (key != 0)
        break;
      on.draw(gateway.lines());
    }
  }
}

}  // namespace actors
