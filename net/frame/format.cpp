// Reads and writes frames by the elements that they consist of, whatever language described these.
//
// A frame is judged as its bytes arrive: a wrong constant or digit is bad at once, before the frame is whole.
// No text shows the bytes of a bad frame, because in a garbled stream they may be card data.

#include "net/frame/format.hpp"

#include <algorithm>
#include <memory>

#include "net/frame/words.hpp"

namespace net {

namespace {

// The shortest message has an MTI of two bytes and a bitmap of eight.
constexpr std::int64_t message_min = 10;

std::string shown(const frame_element& e, std::string_view bytes) {
  if (e.is_text)
    return std::string(bytes);
  std::string hex;
  for (const char c : bytes)
    for (const int shift : {4, 0})
      hex += "0123456789ABCDEF"[static_cast<unsigned char>(c) >> shift & 15];
  return hex;
}

}  // namespace

std::variant<frame_format, std::string> frame_format::of(std::vector<frame_element> elements,
                                                         frame_options options) {
  frame_format format;
  format.elements_ = std::move(elements);
  format.options_ = options;
  if (auto error = format.complete(); !error.empty())
    return error;
  return format;
}

// Computes what follows from the elements. Returns what is wrong with them; empty: nothing.
std::string frame_format::complete() {
  const auto of_kind = [this](frame_element::kind k) {
    return static_cast<std::size_t>(std::ranges::find(elements_, k, &frame_element::is) - elements_.begin());
  };
  message_ = of_kind(frame_element::kind::message);
  first_length_ = of_kind(frame_element::kind::length);
  if (first_length_ >= message_)
    return "a frame needs the length of its message in front of it, as 'length bin2'";
  for (std::size_t i = 0; i < elements_.size(); ++i) {
    if (i < message_)
      header_size_ += elements_[i].size;
    if (auto error = resolve(i); !error.empty())
      return quoted(elements_[i].name) + " in the frame format: " + error;
  }
  const auto& first = elements_[first_length_];
  zero_means_no_header_ = first.correction == 0 && share_of(first) > 0;
  for (std::size_t i = 0; i <= first_length_; ++i)
    zero_means_no_header_ = zero_means_no_header_ && !first.counted[i];
  return {};
}

std::string frame_format::resolve(std::size_t at) {
  auto& e = elements_[at];
  switch (e.is) {
    case frame_element::kind::message: break;
    case frame_element::kind::length:
      if (at > message_)
        return "a length stands in front of the message";
      return resolve_counts(at);
    case frame_element::kind::constant:
      if (at > message_ && (e.answered_from || e.others_refuse || !e.refusals.empty()))
        return "echo, swap and refuse are for elements in front of the message";
      if (e.answered_from && *e.answered_from > message_)
        return "swap names an element in front of the message";
      break;
    case frame_element::kind::sum:
      if (at < message_)
        return "a checksum stands behind the message";
      e.from = e.from_name.empty() ? 0 : index_of(e.from_name);
      if (e.from >= at)
        return "there is no element " + quoted(e.from_name) + " in front of it";
  }
  return {};
}

std::string frame_format::resolve_counts(std::size_t at) {
  auto& e = elements_[at];
  e.counted.assign(elements_.size(), false);
  for (const auto& name : e.counts) {
    bool found = name == "all" || name == "rest";
    for (std::size_t i = 0; i < elements_.size(); ++i)
      if (name == "all" || (name == "rest" && i > at) || (name == "self" && i == at) ||
          elements_[i].name == name) {
        e.counted[i] = true;
        found = true;
      }
    if (!found)
      return "it counts " + quoted(name) +
             ", but there is no such element; expected all, rest, self, or names of elements joined by +";
  }
  if (!e.counted[message_])
    return "a length must count the message: add +message";
  if (const auto share = share_of(e); share < -message_min)
    return "it would be " + std::to_string(message_min + share) + " for a message of " +
           std::to_string(message_min) + " bytes; take less by minus=";
  return {};
}

// What a length counts beside the message.
std::int64_t frame_format::share_of(const frame_element& length) const {
  auto share = length.correction;
  for (std::size_t i = 0; i < elements_.size(); ++i)
    if (length.counted[i])
      share += static_cast<std::int64_t>(elements_[i].size);
  return share;
}

std::size_t frame_format::index_of(std::string_view name) const {
  return static_cast<std::size_t>(std::ranges::find(elements_, name, &frame_element::name) -
                                  elements_.begin());
}

std::vector<std::size_t> frame_format::header_elements() const {
  std::vector<std::size_t> sizes;
  for (std::size_t i = 0; i < message_; ++i)
    sizes.push_back(elements_[i].size);
  return sizes;
}

std::size_t frame_format::content_max() const {
  std::size_t most = std::numeric_limits<std::size_t>::max();
  for (const auto& e : elements_)
    if (e.is == frame_element::kind::length) {
      const auto share = share_of(e);
      const auto highest = number_max(e.form, e.size);
      const auto plus = share > 0 ? static_cast<std::uint64_t>(share) : 0;
      most = std::min<std::size_t>(most, highest - std::min(plus, highest));
    }
  return most;
}

// Goes over the elements of one frame, as far as its bytes have come.
class frame_format::walk {
public:
  walk(const frame_format& f, std::string_view stream, std::size_t frame_max)
    : format_(f), stream_(stream), frame_max_(frame_max) {}

  /// The next element, unless the frame does not have it. False: the stream is bad.
  bool take(std::size_t index) {
    const auto& e = format_.elements_[index];
    if (is_absent(index))
      return true;
    const auto part = stream_.substr(std::min(at_, stream_.size()), e.size);
    const bool is_whole = part.size() == e.size;
    bool good = true;
    switch (e.is) {
      case frame_element::kind::message: at_ += content_.value_or(0); break;
      case frame_element::kind::constant: good = take_constant(e, part, is_whole); break;
      case frame_element::kind::length: good = take_length(index, part, is_whole); break;
      case frame_element::kind::sum: good = !is_whole || take_sum(e, part); break;
    }
    at_ += e.size;
    return good;
  }

  std::size_t at() const { return at_; }
  bool is_incomplete() const { return at_ > stream_.size(); }
  std::string& bad() { return bad_; }
  std::string& refusal() { return refusal_; }
  /// What of the content of a refusal stands in front of its message.
  std::size_t skip() const { return std::min(skip_, content_.value_or(0)); }

private:
  bool is_absent(std::size_t index) const {
    return no_header_ && format_.elements_[format_.first_length_].counted[index];
  }

  bool fail(std::string why) {
    bad_ = std::move(why);
    return false;
  }

  bool take_constant(const frame_element& e, std::string_view part, bool is_whole) {
    const bool may_refuse = e.others_refuse || !e.refusals.empty();
    if (may_refuse && !is_whole)
      return true;
    if (may_refuse &&
        ((e.others_refuse && part != e.bytes) || std::ranges::find(e.refusals, part) != e.refusals.end())) {
      skip_ = e.refused_skip;
      refusal_ = "its header says that the message is refused, by its element " + quoted(e.name);
      if (!e.others_refuse)
        refusal_ += ", which is " + shown(e, part);
      return true;
    }
    if (e.is_checked && part != std::string_view(e.bytes).substr(0, part.size()))
      return fail("the element " + quoted(e.name) + " of a frame is not " + shown(e, e.bytes));
    return true;
  }

  bool take_length(std::size_t index, std::string_view part, bool is_whole) {
    const auto& e = format_.elements_[index];
    if (!is_number(part, e.form))
      return fail("the length in a frame's header is not a number");
    if (!is_whole)
      return true;
    auto length = number_in(part, e.form);
    const auto share = format_.share_of(e);
    if (length == 0 && index == format_.first_length_ && format_.zero_means_no_header_) {
      no_header_ = true;
      content_ = 0;
      return true;
    }
    const auto counted = share > 0 ? static_cast<std::uint64_t>(share) : 0;
    const auto not_counted = share < 0 ? static_cast<std::uint64_t>(-share) : 0;
    if (length < counted)
      return fail("the length in a frame's header is less than the header");
    length -= counted;
    if (length > frame_max_ || length + not_counted > frame_max_)
      return fail("a frame of " + std::to_string(length) + " bytes, the most is " +
                  std::to_string(frame_max_));
    length += not_counted;
    if (content_ && *content_ != length)
      return fail("the lengths in a frame's header do not agree");
    content_ = length;
    return true;
  }

  bool take_sum(const frame_element& e, std::string_view part) {
    std::size_t begin = 0;
    for (std::size_t i = 0; i < e.from; ++i)
      if (!is_absent(i))
        begin += i == format_.message_ ? content_.value_or(0) : format_.elements_[i].size;
    return part == checksum_over(stream_.substr(begin, at_ - begin), e.sum) ||
           fail("the " + e.name + " of a frame is wrong");
  }

  const frame_format& format_;
  std::string_view stream_;
  std::size_t frame_max_;
  std::size_t at_ = 0;
  std::optional<std::size_t> content_;
  bool no_header_ = false;  // a length of zero: what it counts has not been sent
  std::string bad_, refusal_;
  std::size_t skip_ = 0;
};

cut frame_format::find(std::string_view stream, std::size_t frame_max) const {
  walk w(*this, stream, frame_max);
  cut found;
  for (std::size_t i = 0; i < elements_.size(); ++i) {
    if (i == message_)
      found.begin = w.at();
    // The rest of a frame begins where its message ends, which is not known without the whole header.
    if (i >= message_ && w.is_incomplete())
      return {};
    if (!w.take(i))
      return {cut::kind::bad, 0, 0, 0, std::move(w.bad())};
    if (i == message_)
      found.end = w.at();
  }
  if (w.is_incomplete())
    return {};
  found.next = w.at();
  found.why = std::move(w.refusal());
  found.is = !found.why.empty()         ? cut::kind::refused
             : found.begin == found.end ? cut::kind::keep_alive
                                        : cut::kind::frame;
  found.begin += w.skip();
  return found;
}

void frame_format::append(std::string& stream, std::string_view content, const frame_context& request) const {
  const auto frame = stream.size();
  std::size_t sum_begin = 0;
  const bool has_request = request.header.size() == header_size_;
  for (const auto& e : elements_) {
    switch (e.is) {
      case frame_element::kind::message: stream += content; break;
      case frame_element::kind::constant:
        if (has_request && e.answered_from) {
          std::size_t at = 0;
          for (std::size_t i = 0; i < *e.answered_from; ++i)
            at += elements_[i].size;
          stream.append(request.header, at, e.size);
        } else {
          stream += e.bytes;
        }
        break;
      case frame_element::kind::length:
        append_number(stream,
                      static_cast<std::uint64_t>(static_cast<std::int64_t>(content.size()) + share_of(e)),
                      e.form, e.size);
        break;
      case frame_element::kind::sum:
        sum_begin = frame;
        for (std::size_t i = 0; i < e.from; ++i)
          sum_begin += i == message_ ? content.size() : elements_[i].size;
        stream += checksum_over(std::string_view(stream).substr(sum_begin), e.sum);
    }
  }
}

framing frame_format::framing(std::size_t frame_max) const {
  const auto format = std::make_shared<const frame_format>(*this);
  return {
    [format, frame_max](std::string_view stream) { return format->find(stream, frame_max); },
    [format](std::string& stream, std::string_view content) { format->append(stream, content, {}); },
    [format](std::string& stream, std::string_view content, const frame_context& request) {
      format->append(stream, content, request);
    },
    content_max(),
    options_.answers_keep_alive,
  };
}

}  // namespace net
