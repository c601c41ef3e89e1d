// The words behind a verb, read into values and messages.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "codec/dialect/dialect.hpp"
#include "net/link.hpp"
#include "scenarios/player/story.hpp"

namespace player {

/// A wrong story, thrown to play(), which tells whoever wrote it.
struct wrong {
  story_error error;
};

/// "tid=00000042": a field, or a word of its own meaning.
struct assignment {
  std::string name, value;
  const word* at;
};

/// "0200 tid=42 stan=1 key=k in pieces of 3 wrong key twice"
struct described {
  std::string mti;
  std::vector<assignment> fields;
  std::optional<std::size_t> pieces;
  std::string key;         ///< Idempotency-Key
  bool wrong_key = false;  ///< its STAN is nobody's
  bool twice = false;
};

/// What may stand behind a message, for verbs that know it.
enum extras : unsigned { no_extras = 0, in_pieces = 1, idempotency_key = 2, misbehaviour = 4 };

/// A STAN `by` further on, six digits. What is none stays as it is.
std::string shifted(const std::string& stan, unsigned by);

/// Reads the rest of one step. Whatever is wrong there is thrown as `wrong`, with its column.
class step_reader {
public:
  /// `exchanged`: the host's messages so far, for `rrn=same`. `local_time`: of the story, for `time=now-31s`
  /// and for what a sender leaves out. `stan_shift`: added to every STAN of the story.
  step_reader(const step& s, const codec::dialect& d, const std::vector<codec::message>& exchanged,
              std::function<std::chrono::local_seconds()> local_time, unsigned stan_shift)
    : step_(s),
      dialect_(d),
      exchanged_(exchanged),
      local_time_(std::move(local_time)),
      stan_shift_(stan_shift) {}

  /// `at`: the word at fault; nullptr for the end of the line.
  [[noreturn]] void fail(const word* at, const std::string& what) const;

  const word& only_word(const char* expected) const;
  void no_words() const;
  assignment read_assignment(const word& w) const;
  std::chrono::milliseconds duration(const word& w) const;
  long number(const word& w) const;

  /// From word `at` on, to a "+" or the end; `at` moves there.
  described read_described(std::size_t& at, unsigned known) const;
  described only_described(unsigned known) const;

  const codec::field_spec& field(const assignment& a) const;
  std::string value(const assignment& a, const codec::field_spec& spec) const;

  /// What a terminal would send: only what matters to the story need stand in it.
  codec::message usual(const std::string& mti) const;

  /// `m` with the fields that are described.
  codec::message change(codec::message m, const described& d) const;

  net::bytes wire(const codec::message& m) const;

  /// What of a message is not as described, a line each; empty where all is.
  std::string difference(const codec::message& m, const described& d) const;

private:
  std::vector<int> fields_without(const assignment& a) const;
  /// What "same" means for a message of this terminal; nothing where there is no such message.
  std::optional<std::string> same(const codec::field_spec& spec, std::string_view tid) const;

  const step& step_;
  const codec::dialect& dialect_;
  const std::vector<codec::message>& exchanged_;
  std::function<std::chrono::local_seconds()> local_time_;
  unsigned stan_shift_;
};

}  // namespace player
