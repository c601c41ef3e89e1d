#include "scenarios/player/story.hpp"

#include <algorithm>
#include <charconv>

#include "scenarios/player/verbs.hpp"

namespace player {

namespace {

std::string in_quotes(std::string_view text) { return "'" + std::string(text) + "'"; }

// "client, gateway, host": the names of things, joined.
template <class Things, class Name>
std::string alternatives(const Things& things, Name name) {
  std::string all;
  for (const auto& t : things)
    all += (all.empty() ? "" : ", ") + std::string(std::invoke(name, t));
  return all;
}

// Splits at white space; "..." is one word, and so is why="...". A comment ends the line.
std::variant<std::vector<word>, story_error> split_words(std::string_view line, int number) {
  std::vector<word> words;
  for (std::size_t at = 0; at < line.size();) {
    if (line[at] == ' ' || line[at] == '\t') {
      ++at;
      continue;
    }
    if (line[at] == '#')
      break;
    const auto begin = at;
    if (line[at] == '"') {
      const auto end = line.find('"', at + 1);
      if (end == std::string_view::npos)
        return story_error{number, static_cast<int>(begin) + 1, "this quotation has no end"};
      words.push_back({std::string(line.substr(at + 1, end - at - 1)), static_cast<int>(begin) + 1, true});
      at = end + 1;
      continue;
    }
    std::string text;
    for (; at < line.size() && line[at] != ' ' && line[at] != '\t'; ++at) {
      if (line[at] != '"' || line[at - 1] != '=') {
        text += line[at];
        continue;
      }
      const auto end = line.find('"', at + 1);
      if (end == std::string_view::npos)
        return story_error{number, static_cast<int>(at) + 1, "this quotation has no end"};
      text += line.substr(at + 1, end - at - 1);
      at = end;
    }
    words.push_back({std::move(text), static_cast<int>(begin) + 1, false});
  }
  return words;
}

struct match {
  bool whole = false;     // the words from `at` on begin with the verb
  std::size_t count = 0;  // how many words match the verb
};

match match_verb(const std::vector<word>& words, std::size_t at, std::string_view verb) {
  for (std::size_t count = 0;; ++count) {
    const auto end = verb.find(' ');
    if (at + count >= words.size() || words[at + count].text != verb.substr(0, end))
      return {false, count};
    if (end == std::string_view::npos)
      return {true, count + 1};
    verb.remove_prefix(end + 1);
  }
}

// The first verb that the words from `at` on begin with, or an error at the first word that no verb has
// there.
std::variant<std::pair<const verb*, std::size_t>, story_error> find_verb(const subject& who,
                                                                         const std::vector<word>& words,
                                                                         std::size_t at, int line,
                                                                         std::size_t end_of_line) {
  std::size_t agreed = 0;
  for (const auto& v : who.verbs) {
    const auto m = match_verb(words, at, v.words);
    if (m.whole)
      return std::pair(&v, at + m.count);
    agreed = std::max(agreed, m.count);
  }
  const auto wrong = at + agreed;
  const auto column = wrong < words.size() ? words[wrong].column : static_cast<int>(end_of_line) + 1;
  return story_error{line, column,
                     "expected what the " + std::string(who.name) +
                       (who.name.ends_with('s') ? " do: " : " does: ") +
                       alternatives(who.verbs, &verb::words) +
                       (wrong < words.size() ? "; not " + in_quotes(words[wrong].text) : "")};
}

std::variant<step, story_error> read_step(const std::vector<word>& words, int line, std::string_view text) {
  step s{};
  s.line = line;
  s.text = text;
  s.subject = words[0].text;
  const auto* who = find_subject(s.subject);
  if (!who)
    return story_error{
      line, words[0].column,
      "expected one of " + alternatives(subjects(), &subject::name) + ", not " + in_quotes(s.subject)};
  std::size_t at = 1;
  const bool named = who->name_follows == "NAME";
  const bool counted = who->name_follows == "[N]" && words.size() > 1 &&
                       words[1].text.find_first_not_of("0123456789") == std::string::npos;
  const bool verb_instead =
    named && words.size() > 1 &&
    std::holds_alternative<std::pair<const verb*, std::size_t>>(find_verb(*who, words, 1, line, 0));
  if (named && (words.size() < 2 || verb_instead))
    return story_error{line, words[0].column + static_cast<int>(words[0].text.size()),
                       "expected the " + s.subject + "'s name" +
                         (verb_instead ? " in front of " + in_quotes(words[1].text) : "")};
  if (named || counted)
    s.name = words[at++].text;
  const auto found = find_verb(*who, words, at, line, text.size());
  if (const auto* error = std::get_if<story_error>(&found))
    return *error;
  const auto [does, rest] = std::get<std::pair<const verb*, std::size_t>>(found);
  s.does = does;
  s.rest.assign(words.begin() + static_cast<std::ptrdiff_t>(rest), words.end());
  return s;
}

struct source_line {
  int number;
  std::string text;
};

struct loop {
  std::string variable;
  int from, to;
};

// for N = 1 to 200
std::variant<loop, story_error> read_loop(const std::vector<word>& words, int line) {
  loop l{};
  const auto number = [](const std::string& text, int& into) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), into);
    return error == std::errc() && end == text.data() + text.size();
  };
  if (words.size() != 6 || words[2].text != "=" || words[4].text != "to" || !number(words[3].text, l.from) ||
      !number(words[5].text, l.to))
    return story_error{line, words[0].column, "expected a repetition like: for N = 1 to 200"};
  if (l.to - l.from > 100000)
    return story_error{line, words[5].column, "at most 100000 times"};
  l.variable = words[1].text;
  return l;
}

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
  return text;
}

// Replaces {N}, and {N:8} with at least eight digits.
std::string with_number(const std::string& text, const std::string& variable, int value) {
  auto out = replaced(text, "{" + variable + "}", std::to_string(value));
  for (int width = 1; width <= 12; ++width) {
    auto digits = std::to_string(value);
    digits.insert(
      0, std::string(static_cast<std::size_t>(std::max(0, width - static_cast<int>(digits.size()))), '0'));
    out = replaced(out, "{" + variable + ":" + std::to_string(width) + "}", digits);
  }
  return out;
}

// The lines with all loops unrolled.
std::variant<std::vector<source_line>, story_error> write_out(const std::vector<source_line>& lines,
                                                              std::size_t begin, std::size_t end) {
  std::vector<source_line> out;
  for (auto at = begin; at < end; ++at) {
    auto words = split_words(lines[at].text, lines[at].number);
    if (auto* error = std::get_if<story_error>(&words))
      return *error;
    const auto& w = std::get<std::vector<word>>(words);
    if (w.empty() || w[0].text != "for") {
      if (!w.empty() && w[0].text == "end")
        return story_error{lines[at].number, w[0].column, "this end has no for"};
      out.push_back(lines[at]);
      continue;
    }
    const auto l = read_loop(w, lines[at].number);
    if (const auto* error = std::get_if<story_error>(&l))
      return *error;
    int depth = 1;
    auto last = at + 1;
    for (; last < end; ++last) {
      const auto first_word =
        lines[last].text.substr(std::min(lines[last].text.find_first_not_of(" \t"), lines[last].text.size()));
      depth += first_word.starts_with("for ")                          ? 1
               : first_word == "end" || first_word.starts_with("end ") ? -1
                                                                       : 0;
      if (depth == 0)
        break;
    }
    if (last == end)
      return story_error{lines[at].number, w[0].column, "this for has no end"};
    const auto& range = std::get<loop>(l);
    for (int n = range.from; n <= range.to; ++n) {
      std::vector<source_line> body;
      for (auto i = at + 1; i < last; ++i)
        body.push_back({lines[i].number, with_number(lines[i].text, range.variable, n)});
      auto inner = write_out(body, 0, body.size());
      if (auto* error = std::get_if<story_error>(&inner))
        return *error;
      auto& more = std::get<std::vector<source_line>>(inner);
      out.insert(out.end(), more.begin(), more.end());
    }
    at = last;
  }
  return out;
}

// A file that an option names lies beside the story, wherever that is played.
void find_beside(const std::string& file, step& s) {
  for (const std::string_view option : {"hostConfig=", "networkConfig=", "exchangeConfig="})
    for (auto& w : s.rest)
      if (w.text.starts_with(option) && w.text.ends_with(".json") &&
          !w.text.substr(option.size()).starts_with('/'))
        w.text.insert(option.size(), file.substr(0, file.rfind('/') + 1));
}

}  // namespace

std::string to_string(const story_error& e, const std::string& file) {
  if (e.line == 0)
    return "--with: " + e.what;
  return file + ":" + std::to_string(e.line) + ":" + std::to_string(e.column) + ": " + e.what;
}

std::variant<std::chrono::milliseconds, story_error> parse_duration(const word& w, int line) {
  constexpr std::pair<std::string_view, int> units[] = {
    {"ms", 1}, {"s", 1000}, {"min", 60000}, {"h", 3600000}};
  long number = 0;
  const auto [end, error] = std::from_chars(w.text.data(), w.text.data() + w.text.size(), number);
  const std::string_view unit(end, w.text.data() + w.text.size());
  const auto* it = std::ranges::find(units, unit, &std::pair<std::string_view, int>::first);
  if (error != std::errc() || it == std::end(units) || number < 0)
    return story_error{line, w.column,
                       "expected a duration like 35s, 500ms, 2min or 1h, not " + in_quotes(w.text)};
  return std::chrono::milliseconds(number * it->second);
}

std::variant<story, story_error> parse_story(const std::string& file, std::string_view text,
                                             const std::vector<std::string>& options) {
  story s;
  s.file = file;
  if (!options.empty()) {
    std::string first = "gateway runs with";
    for (const auto& o : options)
      first += " " + o;
    auto read = read_step(std::get<std::vector<word>>(split_words(first, 0)), 0, first);
    s.steps.push_back(std::get<step>(std::move(read)));
  }
  std::vector<source_line> lines;
  for (int number = 1; !text.empty(); ++number) {
    const auto end = text.find('\n');
    std::string line(text.substr(0, end));
    if (s.sentence.empty() && line.starts_with("# "))
      s.sentence = line.substr(2);
    lines.push_back({number, std::move(line)});
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  auto written_out = write_out(lines, 0, lines.size());
  if (auto* error = std::get_if<story_error>(&written_out))
    return *error;
  for (const auto& line : std::get<std::vector<source_line>>(written_out)) {
    auto words = std::get<std::vector<word>>(split_words(line.text, line.number));
    if (words.empty())
      continue;
    auto read = read_step(words, line.number, line.text);
    if (auto* error = std::get_if<story_error>(&read))
      return *error;
    s.steps.push_back(std::get<step>(std::move(read)));
    find_beside(file, s.steps.back());
  }
  if (s.sentence.empty())
    return story_error{1, 1, "a story begins with a comment that says what it tells: # A silent host ..."};
  if (s.steps.size() == (options.empty() ? 0U : 1U))
    return story_error{1, 1, "nothing happens in this story"};
  return s;
}

}  // namespace player
