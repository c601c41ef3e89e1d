// The bytes of a journal's records and of its sealed cards: a version, then items. No actor.
//
//   content  01, item, item, ...          older programs wrote a line of JSON, which begins with '{'
//   item     tag, length, bytes           a tag up to 192 is a field of the message, 0 its MTI
//   length   a number (store/number_form)
#pragma once

#include <array>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

#include "codec/message.hpp"

namespace actors::record_form {

/// What an item is that is no field. These numbers stand on disks.
enum class tag : unsigned char {
  why = 200,
  who,
  code,
  attempt,     ///< a number
  attempt_is,  ///< a number, as `decision::attempt_state`
  wall,        ///< a number: seconds since 1970
  public_id,
  key,
  digest,
  upstream,
  client_stan,
  how,        ///< a number, as `delivery`
  outcome,    ///< the name of a state
  until,      ///< a number
  host_mark,  ///< a number
  original,   ///< a number
  card_mark,  ///< a number
};

/// The first byte of every content.
inline constexpr char version = 1;

/// Appends the items of one record.
class writer {
public:
  /// `tag`: the number of a field, or a `tag`.
  void add(int tag, std::string_view value);
  void add(tag what, std::string_view value) { add(static_cast<int>(what), value); }
  void add_number(tag what, std::uint64_t number);

  /// Whether nothing was added.
  bool empty() const { return size_ == 1; }
  std::string_view bytes() const { return {long_.empty() ? short_.data() : long_.data(), size_}; }

private:
  // Where `size` more bytes can be put.
  char* room(std::size_t size);

  // Nearly all records are short, and what is kept of them takes no more than they need.
  std::array<char, 512> short_{version};
  std::string long_ = {};
  std::size_t size_ = 1;
};

/// Takes the items of a content one after the other. Throws std::invalid_argument where it is none.
class reader {
public:
  explicit reader(std::string_view content);

  /// False at the end.
  bool next();

  bool is_field() const { return tag_ <= codec::field_max; }
  int field() const { return tag_; }
  tag what() const { return static_cast<tag>(tag_); }
  std::string_view value() const { return value_; }
  std::string text() const { return std::string(value_); }
  /// The value as a number.
  std::uint64_t number() const;

private:
  std::string_view rest_;
  int tag_ = 0;
  std::string_view value_;
};

}  // namespace actors::record_form
