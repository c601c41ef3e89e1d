// The `rules` of a dialect file: paths that there are, patterns that a value can be like, and no rule that
// demands what another one forbids.

#include <algorithm>

#include "codec/composite/lookup.hpp"
#include "codec/dialect/file/exchange.hpp"
#include "codec/dialect/file/field.hpp"

namespace codec::file {

namespace {

place_in_message find_path(const place& p, const std::string& called, const dialect& d) {
  auto found = find_place(called, d);
  if (!found)
    throw bad_dialect{p.path() + ": expected a field that has a row in fields, or a part of one as in " +
                      "127.2, by number, alias or path, but it is '" + called + "'"};
  return *std::move(found);
}

std::vector<std::string> read_paths(const place& rule, const char* key, const dialect& d) {
  std::vector<std::string> paths;
  if (const auto list = rule.find(key))
    for (const auto& item : list->items())
      paths.push_back(find_path(item, item.text(), d).path);
  return paths;
}

// {"22": "05?", "55": true, "35": false}
std::vector<condition> read_conditions(const place& p, const dialect& d) {
  std::vector<condition> all;
  for (const auto& [called, value] : p.members()) {
    const auto found = find_path(value, called, d);
    condition c{found.path, true, {}};
    for (const auto& other : all)
      if (other.path == c.path)
        throw bad_dialect{value.path() + ": expected each field once, but " + c.path + " stands there twice"};
    if (value.is_text()) {
      c.like = read_pattern(value, found.spec);
    } else {
      c.present = value.flag();
    }
    all.push_back(std::move(c));
  }
  return all;
}

presence_rule read_rule(const place& p, const dialect& d) {
  p.only({"note", "of", "when", "mandatory", "forbidden"});
  presence_rule rule;
  if (const auto of = p.find("of")) {
    for (const auto& mti : of->items())
      rule.of.push_back(read_request(mti));
    if (rule.of.empty())
      of->fail("at least one MTI; leave `of` out for all");
  }
  if (const auto when = p.find("when"))
    rule.when = read_conditions(*when, d);
  rule.mandatory = read_paths(p, "mandatory", d);
  rule.forbidden = read_paths(p, "forbidden", d);
  if (rule.mandatory.empty() && rule.forbidden.empty())
    p.fail("mandatory or forbidden fields");
  return rule;
}

bool same(const condition& a, const condition& b) {
  return a.path == b.path && a.present == b.present && a.like == b.like;
}

// Whether all of `few` stand among `many` too: where those of `many` hold, these do.
bool are_among(const std::vector<condition>& few, const std::vector<condition>& many) {
  return std::ranges::all_of(few, [&many](const condition& a) {
    return std::ranges::any_of(many, [&a](const condition& b) { return same(a, b); });
  });
}

bool share_an_mti(const presence_rule& a, const presence_rule& b) {
  return a.of.empty() || b.of.empty() || std::ranges::any_of(a.of, [&b](const std::string& mti) {
           return std::ranges::find(b.of, mti) != b.of.end();
         });
}

// A part cannot be there without its field.
bool is_within(std::string_view path, std::string_view whole) {
  return path.starts_with(whole) && (path.size() == whole.size() || path[whole.size()] == '.');
}

// What `demands` demands and `forbids` forbids, wherever one of the two holds; empty: nothing.
std::string contradiction(const presence_rule& demands, const presence_rule& forbids) {
  if (!share_an_mti(demands, forbids) ||
      (!are_among(demands.when, forbids.when) && !are_among(forbids.when, demands.when)))
    return {};
  for (const auto& path : demands.mandatory)
    for (const auto& other : forbids.forbidden)
      if (is_within(path, other))
        return path;
  return {};
}

struct placed_rule {
  std::string where;
  presence_rule rule;
};

// The rules, and `mandatory` of the file as such.
std::vector<placed_rule> all_rules(const dialect& d) {
  std::vector<placed_rule> all;
  for (const auto& [mti, numbers] : d.mandatory) {
    presence_rule rule{{mti}, {}, {}, {}};
    for (const int number : numbers)
      rule.mandatory.push_back(std::to_string(number));
    all.push_back({"mandatory." + mti, std::move(rule)});
  }
  for (std::size_t i = 0; i < d.rules.size(); ++i)
    all.push_back({"rules[" + std::to_string(i) + "]", d.rules[i]});
  return all;
}

void check_contradictions(const place& list, const dialect& d) {
  const auto all = all_rules(d);
  for (const auto& demands : all)
    for (const auto& forbids : all)
      list.attempt([&] {
        if (const auto path = contradiction(demands.rule, forbids.rule); !path.empty())
          throw bad_dialect{forbids.where + ".forbidden: expected what no other rule demands of the same " +
                            "request, but " + demands.where + " demands " + path};
      });
}

}  // namespace

void read_rules(const place& list, dialect& d) {
  const bool all_read = list.attempt([&] {
    for (const auto& item : list.items())
      list.attempt([&] { d.rules.push_back(read_rule(item, d)); });
  });
  if (all_read)
    check_contradictions(list, d);
}

}  // namespace codec::file
