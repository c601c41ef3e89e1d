// The frame language: elements separated by commas, each a name and words.

#include <algorithm>

#include "net/frame/format.hpp"
#include "net/frame/old_form.hpp"
#include "net/frame/presets.hpp"
#include "net/frame/words.hpp"

namespace net {

namespace {

constexpr std::size_t frame_max_max = 1U << 24;
constexpr std::size_t correction_max = 9999;

std::vector<std::string_view> words_of(std::string_view text) {
  auto words = split(text, ' ');
  std::erase(words, std::string_view());
  return words;
}

// "key=value" in two; a word without = has an empty value.
std::pair<std::string_view, std::string_view> key_and_value(std::string_view word) {
  const auto parts = split(word, '=', 2);
  return {parts[0], parts.size() == 2 ? parts[1] : std::string_view()};
}

// ascii4, bcd2, bin2, bin2-le.
bool read_form(std::string_view word, frame_element& e) {
  struct row {
    std::string_view front, back;
    number_form form;
  };
  constexpr row rows[]{{"ascii", "", number_form::ascii},
                       {"bcd", "", number_form::bcd},
                       {"bin", "-le", number_form::little_endian},
                       {"bin", "", number_form::big_endian}};
  for (const auto& r : rows) {
    if (!word.starts_with(r.front) || !word.ends_with(r.back) ||
        word.size() != r.front.size() + 1 + r.back.size())
      continue;
    const char digit = word[r.front.size()];
    if (digit < '1' || digit > '8')
      return false;
    e.is = frame_element::kind::length;
    e.form = r.form;
    e.size = static_cast<std::size_t>(digit - '0');
    return true;
  }
  return false;
}

/// Reads the elements one after the other; the functions return what is wrong, empty: nothing.
class reader {
public:
  std::string read(std::string_view element) {
    const auto words = words_of(element);
    if (words.empty())
      return "there is an element without a name; leave out the comma";
    const auto error = read_words(words);
    if (error.empty())
      return {};
    const auto begin = words.front().data(), end = words.back().data() + words.back().size();
    return quoted({begin, static_cast<std::size_t>(end - begin)}) + " in the frame format: " + error;
  }

  std::variant<frame_format, std::string> finish() {
    if (!names(std::string_view("message")))
      elements_.push_back({frame_element::kind::message, "message"});
    return frame_format::of(std::move(elements_), options_);
  }

private:
  bool names(std::string_view name) const {
    return std::ranges::find(elements_, name, &frame_element::name) != elements_.end();
  }

  std::string read_words(const std::vector<std::string_view>& words) {
    const auto name = words[0];
    if (name.find('=') != std::string_view::npos)
      return words.size() == 1 ? read_option(name) : "an option of the whole frame is one word";
    if (names(name))
      return "there are two elements of that name";
    if (name == "all" || name == "rest" || name == "self" || name == "other")
      return "an element cannot have this name";
    if (name == "message") {
      elements_.push_back({frame_element::kind::message, "message"});
      return words.size() == 1 ? "" : "the message has no words behind its name";
    }
    if (name == "tpdu")
      return read_tpdu(words);
    if (const auto sum = checksum_named(name))
      return read_sum(words, *sum);
    if (words.size() == 1)
      return "expected the form of a length behind the name (ascii1 to 8, bcd1 to 8, bin1 to 8, bin1-le to "
             "8), or hex=... or text=...";
    frame_element e;
    e.name = name;
    return read_form(words[1], e) ? read_length(words, std::move(e)) : read_constant(words, std::move(e));
  }

  std::string read_option(std::string_view word) {
    const auto [key, value] = key_and_value(word);
    if (key == "max") {
      const auto number = whole_number(value);
      if (!number || *number == 0 || *number > frame_max_max)
        return "the longest message must be 1 to " + std::to_string(frame_max_max) + " bytes";
      options_.frame_max = number;
      return {};
    }
    if (key != "keepalive")
      return "expected max=BYTES or keepalive=answer or keepalive=ignore";
    if (value != "answer" && value != "ignore")
      return "keepalive must be answer or ignore";
    options_.answers_keep_alive = value == "answer";
    return {};
  }

  std::string read_length(const std::vector<std::string_view>& words, frame_element e) {
    e.counts = {"message"};
    for (std::size_t i = 2; i < words.size(); ++i) {
      const auto [key, value] = key_and_value(words[i]);
      if (key == "counts") {
        e.counts.clear();
        for (const auto name : split(value, '+'))
          e.counts.emplace_back(name);
        continue;
      }
      const auto number = whole_number(value);
      if (key != "plus" && key != "minus")
        return "a length has counts=..., plus=N and minus=N, not " + quoted(words[i]);
      if (!number || *number > correction_max)
        return std::string(key) + " must be 0 to " + std::to_string(correction_max);
      e.correction = key == "plus" ? static_cast<std::int64_t>(*number) : -static_cast<std::int64_t>(*number);
    }
    elements_.push_back(std::move(e));
    return {};
  }

  // Three elements: a length that counts "tpdu" counts all three.
  std::string read_tpdu(const std::vector<std::string_view>& words) {
    std::string bytes = "\x60" + std::string(4, '\0');
    if (words.size() > 1) {
      const auto [key, value] = key_and_value(words[1]);
      const auto given = from_hex(value);
      if (words.size() > 2 || key != "hex" || !given || given->size() != 5 || given->front() != '\x60')
        return "a TPDU is tpdu, or tpdu hex=60 and its destination and source, four digits each";
      bytes = *given;
    }
    const auto first = elements_.size();
    for (const auto& [begin, size] : {std::pair<std::size_t, std::size_t>{0, 1}, {1, 2}, {3, 2}}) {
      frame_element e{frame_element::kind::constant, "tpdu"};
      e.bytes = bytes.substr(begin, size);
      e.size = size;
      e.is_checked = begin == 0;
      if (begin != 0)
        e.answered_from = first + (begin == 1 ? 2 : 1);
      elements_.push_back(std::move(e));
    }
    return {};
  }

  std::string read_sum(const std::vector<std::string_view>& words, checksum sum) {
    frame_element e{frame_element::kind::sum, std::string(words[0]), size_of(sum)};
    e.sum = sum;
    if (words.size() > 1) {
      const auto [key, value] = key_and_value(words[1]);
      if (words.size() > 2 || key != "from" || value.empty())
        return "a checksum has from=NAME, the first element that it covers, and nothing else";
      e.from_name = value;
    }
    elements_.push_back(std::move(e));
    return {};
  }

  std::string read_constant(const std::vector<std::string_view>& words, frame_element e) {
    const auto [how, written] = key_and_value(words[1]);
    if (how != "hex" && how != "text")
      return "expected the form of a length (ascii1 to 8, bcd1 to 8, bin1 to 8, bin1-le to 8), hex=... or "
             "text=... behind the name, not " +
             quoted(words[1]);
    e.is_text = how == "text";
    const auto bytes = bytes_of(written, e.is_text);
    if (!bytes || bytes->empty() || bytes->size() > constant_size_max)
      return std::string(how) + " must be " + (e.is_text ? "" : "pairs of hexadecimal digits, ") + "1 to " +
             std::to_string(constant_size_max) + " bytes";
    e.bytes = *bytes;
    e.size = bytes->size();
    for (std::size_t i = 2; i < words.size(); ++i)
      if (auto error = read_use(words[i], e); !error.empty())
        return error;
    elements_.push_back(std::move(e));
    return {};
  }

  std::string read_use(std::string_view word, frame_element& e) {
    const auto [key, value] = key_and_value(word);
    if (word == "any" || word == "echo") {
      e.is_checked = false;
      if (word == "echo")
        e.answered_from = elements_.size();
      return {};
    }
    if (key == "swap" && !value.empty()) {
      e.is_checked = false;
      swaps_.emplace_back(elements_.size(), value);
      return {};
    }
    if (key == "skip" && (e.others_refuse || !e.refusals.empty())) {
      const auto number = whole_number(value);
      if (!number || *number > correction_max)
        return "skip must be 0 to " + std::to_string(correction_max);
      e.refused_skip = *number;
      return {};
    }
    if (key != "refuse")
      return "a constant has any, echo, swap=NAME and refuse=VALUE+VALUE, behind that skip=N, not " +
             quoted(word);
    for (const auto one : split(value, '+')) {
      const auto bytes = bytes_of(one, e.is_text);
      if (one == "other")
        e.others_refuse = true;
      else if (bytes && bytes->size() == e.size)
        e.refusals.push_back(*bytes);
      else
        return "refuse has other, or values as long as the element joined by +, not " + quoted(one);
    }
    return {};
  }

  static std::optional<std::string> bytes_of(std::string_view written, bool is_text) {
    return is_text ? std::string(written) : from_hex(written);
  }

public:
  // After the last element: a swap may name a later one.
  std::string resolve_swaps() {
    for (const auto& [at, name] : swaps_) {
      const auto other = std::ranges::find(elements_, name, &frame_element::name);
      if (other == elements_.end() || other->size != elements_[at].size)
        return quoted(elements_[at].name) + " in the frame format: there is no element " + quoted(name) +
               " of its size to swap with";
      elements_[at].answered_from = static_cast<std::size_t>(other - elements_.begin());
    }
    return {};
  }

private:
  std::vector<frame_element> elements_;
  frame_options options_;
  std::vector<std::pair<std::size_t, std::string>> swaps_;
};

}  // namespace

std::variant<frame_format, std::string> frame_format::parse(std::string_view text,
                                                            bool old_length_counts_header) {
  if (text.find(':') != std::string_view::npos)
    return parse_old_form(text, old_length_counts_header);
  auto parts = split(text, ',');
  const auto first = words_of(parts[0]);
  if (text == "none")
    return frame_format();
  if (first.size() == 1) {
    if (const auto preset = preset_frame(first[0]); !preset.empty()) {
      if (std::any_of(parts.begin() + 1, parts.end(), [](auto p) {
            return words_of(p).size() != 1 || p.find('=') == std::string_view::npos;
          }))
        return quoted(text) +
               ": behind the name of a frame only max=BYTES and keepalive=answer or "
               "keepalive=ignore may stand";
      parts.erase(parts.begin());
      const auto elements = split(preset, ',');
      parts.insert(parts.begin(), elements.begin(), elements.end());
    } else if (parts.size() == 1) {
      return "there is no frame " + quoted(text) + "; expected " + preset_names() +
             ", or elements: docs/DIALECTS.md, \"Frames\"";
    }
  }
  reader r;
  for (const auto part : parts)
    if (auto error = r.read(part); !error.empty())
      return error;
  if (auto error = r.resolve_swaps(); !error.empty())
    return error;
  return r.finish();
}

}  // namespace net
