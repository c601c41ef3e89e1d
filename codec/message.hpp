// An ISO 8583 message: the bytes that it came in, and an index of its fields.
//
// A value is what a person would write: digits as digits, text as text, and
// binary content as lower-case hexadecimal. It is a view: into the message's
// bytes where they are the text, else into a text that is made when it is
// asked for. The bitmap (field 1) is never stored; it follows from the fields
// that are present.
//
// Views are good until the message is changed, moved or gone. A message is used
// by one thread at a time, also where it is const: it keeps the texts it has made.
#pragma once

#include <array>
#include <cstdint>
#include <forward_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "codec/encoding/encoding.hpp"

namespace codec {

/// The highest field a third bitmap can announce.
inline constexpr int field_max = 192;

class message {
public:
  struct field {
    int number;  ///< 0 is the MTI, then 2 to `field_max`
    /// Full of card data: leaves only through codec/privacy, codec/pack and the JSON of codec/text.
    std::string_view value;

    friend bool operator==(const field&, const field&) = default;
  };

  /// Where a field lies in the message's bytes.
  struct place {
    value_form form;
    std::uint32_t at;
    std::uint32_t units;  ///< digits, characters or bytes
    int number;
  };

  /// How much of a message its dialect could read.
  enum class reading : bool { whole, part };

  message() = default;
  explicit message(std::string_view mti) {
    index_.reserve(20);
    bytes_.reserve(256);
    set(0, mti);
  }

  /// A message as it came in: `index` in ascending order of numbers, of a dialect with this `layout`.
  message(std::string_view bytes, std::vector<place> index, std::uint64_t layout,
          reading all = reading::whole)
    : bytes_(bytes),
      index_(std::move(index)),
      layout_(layout),
      size_(static_cast<std::uint32_t>(bytes.size())),
      read_(all) {}

  /// The four digits of field 0; empty where there is none.
  std::string_view mti() const {
    return !index_.empty() && index_.front().number == 0 ? text(index_.front()) : std::string_view();
  }

  bool has(int number) const { return find(number) != nullptr; }

  /// The value of a field, or empty text where it is absent.
  std::string_view operator[](int number) const {
    const auto* p = find(number);
    return p ? text(*p) : std::string_view();
  }

  /// The same; nothing where it is absent.
  std::optional<std::string_view> value(int number) const {
    const auto* p = find(number);
    return p ? std::optional(text(*p)) : std::nullopt;
  }

  /// Adds or replaces a field.
  void set(int number, std::string_view value);
  /// Its value is overwritten, too.
  void erase(int number);

  /// The bytes that it came in, until a field is changed; else empty. Full of card data, like the values.
  std::string_view received() const { return std::string_view(bytes_).substr(0, size_); }

  /// The same, where the dialect could not read all of them: to be passed on as they are. Else empty.
  std::string wire() const { return std::string(read_ == reading::part ? received() : std::string_view()); }

  /// Those of its fields alone for whose number `is_kept` says so. Takes no more room than they need.
  template <class IsKept>
  message part(IsKept is_kept) const {
    struct piece {
      const place* of;
      std::size_t size;
    };
    std::array<piece, field_max + 1> kept;
    std::size_t count = 0, size = 0;
    for (const auto& p : index_)
      if (is_kept(p.number)) {
        kept[count] = {&p, raw(p).size()};
        size += kept[count++].size;
      }
    message m;
    m.index_.reserve(count);
    m.bytes_.reserve(size);
    m.layout_ = layout_;
    for (const auto& one : std::span(kept).first(count)) {
      m.index_.push_back(*one.of);
      m.index_.back().at = static_cast<std::uint32_t>(m.bytes_.size());
      m.bytes_.append(bytes_, one.of->at, one.size);
    }
    return m;
  }

  class iterator {
  public:
    iterator(const message& of, std::vector<place>::const_iterator at) : of_(&of), at_(at) {}
    field operator*() const { return {at_->number, of_->text(*at_)}; }
    iterator& operator++() {
      ++at_;
      return *this;
    }
    friend bool operator==(const iterator& a, const iterator& b) { return a.at_ == b.at_; }

  private:
    const message* of_;
    std::vector<place>::const_iterator at_;
  };

  /// In ascending order of their numbers.
  iterator begin() const { return {*this, index_.begin()}; }
  iterator end() const { return {*this, index_.end()}; }

  /// For the codec itself.
  const std::vector<place>& index() const { return index_; }
  std::uint64_t layout() const { return layout_; }
  std::string_view raw(const place& p) const {
    return std::string_view(bytes_).substr(p.at,
                                           p.form.coded ? p.form.coded->size(p.units, p.form) : p.units);
  }
  std::string_view text(const place& p) const {
    if (!p.form.coded)
      return std::string_view(bytes_).substr(p.at, p.units);
    return p.form.coded->plain ? trimmed(std::string_view(bytes_).substr(p.at, p.units), p.form)
                               : made_text(p);
  }
  /// A value that was read in a way of its own; what was received stays what it is.
  void take(int number, std::string_view value);

  friend bool operator==(const message& a, const message& b);

private:
  // Texts that were asked for. They stay where they are while the message does not change; a copy makes its
  // own.
  class made_texts {
  public:
    made_texts() = default;
    made_texts(const made_texts&) {}
    made_texts(made_texts&&) = default;
    made_texts& operator=(const made_texts&) {
      all.clear();
      return *this;
    }
    made_texts& operator=(made_texts&&) = default;

    std::forward_list<std::pair<int, std::string>> all;
  };

  const place* find(int number) const;
  std::string_view made_text(const place& p) const;
  void put(int number, std::string_view value);
  void forget_text(int number);

  std::string bytes_;  // as received; values that were set stand behind
  std::vector<place> index_;
  std::uint64_t layout_ = 0;
  std::uint32_t size_ = 0;  // of what was received
  reading read_ = reading::whole;
  mutable made_texts made_;
};

}  // namespace codec
