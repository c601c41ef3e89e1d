#include "config/log_record.hpp"

#include <algorithm>
#include <ctime>

#include "config/printable.hpp"

namespace config::log {

namespace {

// The old program's names. It has no `notice`, so a notice is written as "info".
std::string_view name_of(level l) {
  constexpr std::string_view names[] = {"verbose", "info", "info", "warn", "error"};
  return names[static_cast<std::size_t>(l)];
}

// syslog(3): debug, info, notice, warning, err.
char priority_of(level l) { return "76543"[static_cast<std::size_t>(l)]; }

// The second of `at` as `format` writes it. Lines come in bursts, so the last one is kept.
std::string_view second_text(std::chrono::system_clock::time_point at, bool is_local) {
  struct kept {
    std::time_t second = -1;
    char text[32] = "";
    std::size_t size = 0;
  };
  thread_local kept all[2];
  auto& k = all[is_local ? 1 : 0];
  if (const auto second = std::chrono::system_clock::to_time_t(at); second != k.second) {
    std::tm parts{};
    is_local ? localtime_r(&second, &parts) : gmtime_r(&second, &parts);
    k.size =
      std::strftime(k.text, sizeof k.text, is_local ? "%Y-%m-%d %H:%M:%S" : "%Y-%m-%dT%H:%M:%S", &parts);
    k.second = second;
  }
  return {k.text, k.size};
}

void append_rfc3339(std::string& out, std::chrono::system_clock::time_point at) {
  using namespace std::chrono;
  out += second_text(at, false);
  fmt::format_to(std::back_inserter(out), ".{:03}Z",
                 duration_cast<milliseconds>(at.time_since_epoch()).count() % 1000);
}

// `text` is valid UTF-8 without control characters but line ends.
void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\')
      out += '\\';
    if (c == '\n')
      out += "\\n";
    else
      out += c;
  }
  out += '"';
}

void append_member(std::string& out, std::string_view name, std::string_view value) {
  out += ",\"";
  out += name;
  out += "\":";
  append_quoted(out, value);
}

void append_subject(std::string& out, const subject& s) {
  if (s.transaction != 0)
    fmt::format_to(std::back_inserter(out), ",\"transaction\":{}", s.transaction);
  for (const auto& [name, value] : {std::pair("public_id", &s.public_id), std::pair("mti", &s.mti),
                                    std::pair("tid", &s.tid), std::pair("stan", &s.stan)})
    if (!value->empty())
      append_member(out, name, visible(*value));
}

// What a table is made of, which other actors have in hand, too.
constexpr std::size_t size_of_message = 1024;

// "[txn 7]", "[txn 7 txn_0123]"
void append_tag(std::string& out, const subject& s) {
  if (s.transaction == 0 && s.public_id.empty())
    return;
  out += " [";
  if (s.transaction != 0)
    fmt::format_to(std::back_inserter(out), "txn {}{}", s.transaction, s.public_id.empty() ? "" : " ");
  out += visible(s.public_id);
  out += ']';
}

void append_text_and_subject(std::string& out, const record& r) {
  const std::string_view text = r.text();
  const auto first = std::min(text.find_first_not_of('\n'), text.size());
  const auto end = std::min(text.find('\n', first), text.size());
  out += text.substr(0, end);
  append_tag(out, r.about);
  out += text.substr(end);
}

}  // namespace

record::record(level l, std::string text, subject s)
  : at(std::chrono::system_clock::now()),
    of(l),
    about(std::move(s)),
    is_table_(false),
    size_(sizeof(record) + text.size()),
    text_(std::move(text)) {}

record::record(level l, std::function<std::string()> render, subject s)
  : at(std::chrono::system_clock::now()),
    of(l),
    about(std::move(s)),
    is_table_(true),
    size_(sizeof(record) + size_of_message),
    render_(std::move(render)) {}

const std::string& record::text() const {
  const std::lock_guard l(making_);
  if (!is_made_) {
    text_ = visible(render_ ? render_() : std::move(text_), is_table_);
    render_ = nullptr;
    is_made_ = true;
  }
  return text_;
}

std::string text_and_subject(const record& r) {
  std::string out;
  append_text_and_subject(out, r);
  return out;
}

void append_text(std::string& out, const record& r) {
  out += second_text(r.at, true);
  out += " - ";
  out += name_of(r.of);
  out += ": ";
  append_text_and_subject(out, r);
  out += '\n';
}

void append_json(std::string& out, const record& r) {
  out += "{\"time\":\"";
  append_rfc3339(out, r.at);
  out += "\",\"level\":\"";
  out += name_of(r.of);
  out += '"';
  append_member(out, "message", r.text());
  append_subject(out, r.about);
  out += "}\n";
}

void append_logstash(std::string& out, const record& r, std::string_view node) {
  out += "{\"level\":\"";
  out += name_of(r.of);
  out += '"';
  append_member(out, "label", node);
  append_member(out, "message", r.text());
  for (const auto* name : {"timestamp", "@timestamp"}) {
    out += ",\"";
    out += name;
    out += "\":\"";
    append_rfc3339(out, r.at);
    out += '"';
  }
  append_subject(out, r.about);
  out += "}\n";
}

void add_priority(std::string& out, std::size_t from, level l) {
  const char mark[] = {'<', priority_of(l), '>', '\0'};
  auto text = out.substr(from);
  out.resize(from);
  for (std::string_view rest = text; !rest.empty();) {
    const auto end = std::min(rest.find('\n'), rest.size() - 1) + 1;
    out += mark;
    out += rest.substr(0, end);
    rest.remove_prefix(end);
  }
}

}  // namespace config::log
