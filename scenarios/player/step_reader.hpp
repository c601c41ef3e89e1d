// Reads the words behind a verb into values and messages.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "codec/dialect/dialect.hpp"
#include "net/link.hpp"
#include "scenarios/player/story.hpp"

namespace player {

/// The story is wrong. Thrown to play(), which reports it.
struct wrong {
  story_error error;
};

/// "tid=00000042": a field, or a word with its own meaning.
struct assignment {
  std::string name, value;
  const word* at;
};

/// "0200 tid=42 stan=1 key=k in pieces of 3 wrong key twice"
struct described {
  std::string mti;
  std::vector<assignment> fields;
  std::optional<std::size_t> pieces;
  std::string key;         ///< the header Idempotency-Key
  bool wrong_key = false;  ///< its STAN matches no request
  bool twice = false;
};

/// What may follow a message, for the verbs that allow it.
enum extras : unsigned { no_extras = 0, in_pieces = 1, idempotency_key = 2, misbehaviour = 4 };

/// The STAN plus `by`, six digits. A text that is not a STAN is returned unchanged.
std::string shifted(const std::string& stan, unsigned by);

/// Reads the rest of one step. Any error is thrown as `wrong`, with its column.
class step_reader {
public:
  /// `exchanged`: the host's messages so far, for `rrn=same`. `local_time`: the story's time, for
  /// `time=now-31s` and for fields that the story leaves out. `stan_shift`: added to every STAN of the story.
  step_reader(const step& s, const codec::dialect& d, const std::vector<codec::message>& exchanged,
              std::function<std::chrono::local_seconds()> local_time, unsigned stan_shift)
    : step_(s),
      dialect_(d),
      exchanged_(exchanged),
      local_time_(std::move(local_time)),
      stan_shift_(stan_shift) {}

  /// `at`: the wrong word; nullptr for the end of the line.
  [[noreturn]] void fail(const word* at, const std::string& what) const;

  const word& only_word(const char* expected) const;
  void no_words() const;
  assignment read_assignment(const word& w) const;
  std::chrono::milliseconds duration(const word& w) const;
  long number(const word& w) const;

  /// Reads from word `at` on, to a "+" or the end; moves `at` there.
  described read_described(std::size_t& at, unsigned known) const;
  described only_described(unsigned known) const;

  const codec::field_spec& field(const assignment& a) const;
  std::string value(const assignment& a, const codec::field_spec& spec) const;

  /// The message that a terminal would send: a story only names the fields that matter to it.
  codec::message usual(const std::string& mti) const;

  /// Sets the described fields in `m`.
  codec::message change(codec::message m, const described& d) const;

  net::bytes wire(const codec::message& m) const;

  /// The fields of a message that differ from the description, one line each; empty where none does.
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
