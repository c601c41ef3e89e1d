#include "tests/fuzz/targets.hpp"

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <sstream>
#include <vector>

#include "codec/composite/composite.hpp"
#include "codec/composite/tlv.hpp"
#include "codec/dialect/dialect_file.hpp"
#include "codec/exchange/request_rules.hpp"
#include "codec/pack.hpp"
#include "codec/privacy/message_table.hpp"
#include "codec/text/legacy_json.hpp"
#include "codec/text/named_json.hpp"
#include "codec/text/repeated_member.hpp"
#include "codec/unpack.hpp"
#include "config/dialects.hpp"
#include "inspect/command.hpp"
#include "net/frame/format.hpp"
#include "net/frame/presets.hpp"

namespace fuzz {

namespace {

void promise(bool kept, const char* what) {
  if (kept)
    return;
  std::cerr << "broken: " << what << std::endl;
  std::abort();
}

const std::vector<codec::dialect>& dialects() {
  static const auto all = [] {
    std::vector<codec::dialect> read;
    for (const auto& file : config::built_in_dialects())
      read.push_back(codec::parse_dialect(file.text).value());
    return read;
  }();
  return all;
}

// The first byte chooses the dialect.
const codec::dialect& take_dialect(std::string_view& bytes) {
  const auto chosen = bytes.empty() ? 0U : static_cast<unsigned char>(bytes.front());
  bytes.remove_prefix(std::min<std::size_t>(1, bytes.size()));
  return dialects()[chosen % dialects().size()];
}

void unpack(std::string_view bytes) {
  const auto& d = take_dialect(bytes);
  const auto m = codec::unpack(bytes, d);
  if (!m)
    return promise(m.error().offset <= bytes.size(), "a fault lies within the bytes");
  promise(m->received() == bytes, "a message keeps its bytes");
  const auto again = codec::pack(*m, d);
  promise(again.ok() && *again == bytes, "a message that was read goes on as its bytes");
  codec::message_table(*m, d);
  codec::to_json(*m, d);
  codec::to_named_json(*m, d);
  codec::faults_of_parts(*m, d);
  codec::broken_rules(*m, d);
}

void unpack_front(std::string_view bytes) {
  const auto& d = take_dialect(bytes);
  const auto whole = codec::unpack_front(bytes, d);
  if (!whole)
    return;
  promise(whole->size <= bytes.size(), "a message ends within the bytes");
  const auto shorter = codec::unpack_front(bytes.substr(0, whole->size - 1), d);
  promise(!shorter && shorter.error().code == codec::fault_code::truncated, "a part of a message needs more");
}

void unpack_what_can_be_read(std::string_view bytes) {
  const auto& d = take_dialect(bytes);
  const auto part = codec::unpack_what_can_be_read(bytes, d);
  if (!part)
    return;
  for (const auto& f : part->faults)
    promise(f.offset <= bytes.size(), "a fault lies within the bytes");
  if (!part->faults.empty())
    promise(part->value.wire() == bytes, "what was not read whole keeps its bytes");
  codec::message_table(part->value, d);
}

// The parts of a field, written again one by one.
void split(std::string_view bytes) {
  const auto& d = take_dialect(bytes);
  for (const auto& spec : d.fields) {
    if (!spec || !spec->parts)
      continue;
    const auto elements = codec::split(bytes, *spec->parts);
    if (!elements) {
      promise(elements.error().what.offset <= bytes.size(), "a fault lies within the bytes");
      continue;
    }
    std::size_t size = 0;
    for (const auto& e : *elements) {
      size += e.head.size() + e.value.size();
      codec::text_of(e, *spec->parts);
    }
    promise(size <= bytes.size(), "parts do not overlap");
  }
}

void tlv(std::string_view bytes) {
  const auto items = codec::split_tlv(bytes);
  if (!items)
    return;
  std::size_t size = 0;
  for (const auto& i : *items)
    size += i.head.size() + i.value.size();
  promise(size <= bytes.size(), "items do not overlap");
}

void json(std::string_view bytes) {
  const auto& d = take_dialect(bytes);
  if (codec::nests_too_deeply(bytes))
    return;
  codec::repeated_member twice;
  const auto object = nlohmann::json::parse(bytes, twice.watch(), false);
  if (object.is_discarded())
    return;
  const auto old = codec::from_json(object, d);
  if (old.faults.empty())
    (void)codec::pack(old.value, d);
  const auto m = codec::from_named_json(object, d);
  if (!m || !codec::faults_of_parts(*m, d).empty())
    return;
  const auto packed = codec::pack(*m, d);
  if (!packed)
    return;
  const auto back = codec::unpack(*packed, d);
  promise(back || back.error().code == codec::fault_code::too_short, "what was packed can be read");
}

void dialect_file(std::string_view bytes) {
  const auto d = codec::parse_dialect(bytes);
  if (!d)
    promise(!d.error().empty(), "a wrong file is refused with a sentence");
}

// What a frame format writes it can read, whatever the operator wrote.
void frame_format(std::string_view text) {
  constexpr std::size_t frame_max = 1024;
  const auto parsed = net::frame_format::parse(text);
  if (const auto* why = std::get_if<std::string>(&parsed))
    return promise(!why->empty(), "a wrong format is refused with a sentence");
  const auto& format = std::get<net::frame_format>(parsed);
  const std::string_view content = "0800";
  // A length with `minus` has no number for a message that is shorter than that.
  if (format.is_none() || format.content_max() < content.size() || text.find("minus") != text.npos)
    return;
  promise(format.header_elements().size() <= format.size() + text.size(), "elements were written");
  const auto framing = format.framing(frame_max);
  std::string stream;
  framing.append(stream, content);
  const auto found = framing.find(stream);
  promise(found.is == net::cut::kind::frame || found.is == net::cut::kind::refused,
          "what was written is a frame");
  promise(found.next == stream.size(), "a frame ends where it was written to");
  promise(stream.substr(found.begin, found.end - found.begin) == content, "its content is what was written");
  const auto part = framing.find(std::string_view(stream).substr(0, stream.size() - 1));
  promise(part.is == net::cut::kind::more_needed || part.is == net::cut::kind::bad ||
            part.is == net::cut::kind::refused,
          "a part of a frame is none");
}

const std::vector<net::framing>& preset_framings() {
  static const auto all = [] {
    std::vector<net::framing> made;
    const auto names = net::preset_names();
    for (std::size_t at = 0; at < names.size();) {
      const auto end = std::min(names.find(", ", at), names.size());
      const auto format = net::frame_format::parse(names.substr(at, end - at));
      if (const auto& f = std::get<net::frame_format>(format); !f.is_none())
        made.push_back(f.framing(1024));
      at = end + 2;
    }
    return made;
  }();
  return all;
}

// The first byte chooses the frame.
void frame_stream(std::string_view bytes) {
  const auto& all = preset_framings();
  const auto chosen = bytes.empty() ? 0U : static_cast<unsigned char>(bytes.front());
  bytes.remove_prefix(std::min<std::size_t>(1, bytes.size()));
  const auto& framing = all[chosen % all.size()];
  while (!bytes.empty()) {
    const auto found = framing.find(bytes);
    if (found.is == net::cut::kind::more_needed || found.is == net::cut::kind::bad) {
      promise(found.is != net::cut::kind::bad || !found.why.empty(), "what cannot be read is said");
      return;
    }
    promise(found.begin <= found.end && found.end <= found.next && found.next <= bytes.size(),
            "a frame lies within the bytes");
    promise(found.next != 0, "reading goes on");
    const auto shorter = framing.find(bytes.substr(0, found.next - 1));
    promise(shorter.is != net::cut::kind::frame, "a part of a frame is none");
    if (found.is == net::cut::kind::frame) {
      std::string answer;
      net::append_answer(framing, answer, bytes.substr(found.begin, found.end - found.begin),
                         {std::string(bytes.substr(0, found.begin))});
      promise(framing.find(answer).is != net::cut::kind::bad, "an answer can be read");
    }
    bytes.remove_prefix(found.next);
  }
}

// jPOS XML or moov JSON: what is written is a dialect.
void import_dialect(std::string_view text) {
  std::istringstream in{std::string(text)};
  std::ostringstream out, err;
  const char* const words[]{"dialect", "import", "-"};
  const auto status = inspect::run_tool(words, {in, out, err});
  if (status == 2)
    return promise(!err.str().empty() && out.str().empty(), "a wrong file is refused with a sentence");
  const auto d = codec::parse_dialect(out.str());
  promise(d.ok(), "what was imported is a dialect");
}

constexpr target all[] = {
  {"unpack", unpack},
  {"unpack_front", unpack_front},
  {"unpack_what_can_be_read", unpack_what_can_be_read},
  {"split", split},
  {"tlv", tlv},
  {"json", json},
  {"dialect_file", dialect_file},
  {"frame_format", frame_format},
  {"frame_stream", frame_stream},
  {"import_dialect", import_dialect},
};

}  // namespace

std::span<const target> targets() { return all; }

const target* find_target(std::string_view name) {
  const auto found = std::ranges::find(all, name, &target::name);
  return found == std::end(all) ? nullptr : found;
}

}  // namespace fuzz
