// The verbs of the journal's disk. The disk belongs to the gateway's machine, so it survives every gateway
// process.

#include "scenarios/player/memory_disk.hpp"
#include "scenarios/player/script.hpp"
#include "scenarios/player/verbs.hpp"

namespace player {

namespace {

// Batches and lookups wait; so do all actors that need their results.
void is_slow(script& p) {
  p.read().no_words();
  p.here().disk().pause();
}

void goes_on(script& p) {
  p.read().no_words();
  p.here().disk().release();
}

void is_full(script& p) {
  p.read().no_words();
  p.here().disk().full(true);
}

void has_no_room(script& p) {
  p.read().no_words();
  p.here().disk().room(false);
}

void has_room(script& p) {
  p.read().no_words();
  p.here().disk().full(false);
  p.here().disk().room(true);
}

constexpr const char* failure = "cannot write to the journal: Input/output error";

void fails(script& p) {
  p.read().no_words();
  p.here().disk().fail_next(failure, false);
}

void fails_late(script& p) {
  p.read().no_words();
  p.here().disk().fail_next(failure, true);
}

// disk loses 2 records
void loses(script& p) {
  const auto& words = p.now().rest;
  if (words.size() != 2 || !words[1].text.starts_with("record"))
    p.read().fail(words.empty() ? nullptr : &words.back(), "expected how many: disk loses 2 records");
  const auto count = p.read().number(words[0]);
  const auto there = static_cast<long>(p.here().disk().read().records.size());
  if (count < 1 || count > there)
    p.read().fail(&words[0],
                  "expected a number of records, 1 to " + std::to_string(there) + "; so many are there");
  p.here().disk().drop_last(static_cast<std::size_t>(count));
}

void flips_a_bit(script& p) {
  const auto& w = p.read().only_word("the number of a record");
  const auto record = p.read().number(w);
  if (record < 1 || !p.here().disk().flip(static_cast<std::uint64_t>(record)))
    p.read().fail(&w, "there is no record " + w.text + " on the disk");
}

void is_a_copy(script& p) {
  p.read().no_words();
  p.here().disk().adopt();
}

constexpr verb all[]{
  {"is slow", "", in(way::virtual_time), is_slow},
  {"is an adopted copy", "", in(way::virtual_time), is_a_copy},
  {"goes on", "", in(way::virtual_time), goes_on},
  {"is full", "", in(way::virtual_time), is_full},
  {"has no room", "", in(way::virtual_time), has_no_room},
  {"has room", "", in(way::virtual_time), has_room},
  {"fails late", "", in(way::virtual_time), fails_late},
  {"fails", "", in(way::virtual_time), fails},
  {"loses", "N records", in(way::virtual_time), loses},
  {"flips a bit of record", "N", in(way::virtual_time), flips_a_bit},
};

}  // namespace

std::span<const verb> disk_verbs() { return all; }

}  // namespace player
