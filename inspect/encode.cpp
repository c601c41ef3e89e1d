// `socketqueue encode`: a JSON object of fields as the bytes of a message. Every wrong value is a sentence
// with its path and what was expected; none of them contains the value.

#include <ostream>
#include <set>

#include <nlohmann/json.hpp>

#include "codec/composite/lookup.hpp"
#include "codec/fields.hpp"
#include "codec/mti.hpp"
#include "codec/pack.hpp"
#include "codec/privacy/masking.hpp"
#include "codec/text/expected.hpp"
#include "codec/text/hex.hpp"
#include "codec/text/latin1.hpp"
#include "codec/text/line_and_column.hpp"
#include "codec/text/repeated_member.hpp"
#include "codec/validate.hpp"
#include "inspect/arguments.hpp"
#include "inspect/input.hpp"
#include "inspect/named_fields.hpp"

namespace inspect {

namespace {

using json = nlohmann::ordered_json;  // parts stand in the bytes in the order in which they are given

// Enough to see what is wrong.
constexpr std::size_t faults_max = 50;

std::string kind_of(const json& value) {
  if (value.is_number())
    return "a number with a sign or a fraction";
  return std::string("a JSON ") + value.type_name();
}

class encoder {
public:
  explicit encoder(const codec::dialect& d) : d_(d) {}

  // The bytes of one message; nothing where there are faults.
  std::string encode(const json& object) {
    if (!object.is_object()) {
      fail("", "expected a JSON object of fields, or a list of such");
      return {};
    }
    for (const auto& [key, value] : object.items())
      if (key != "1" && key != d_.bitmap_name)  // it follows from the others
        add(key, value);
    if (faults.empty() && !codec::is_mti(m_.mti()))
      fail(called_mti(), "expected the message type, four digits, but it is missing");
    if (!faults.empty())
      return {};
    auto bytes = codec::pack(m_, d_);
    if (!bytes) {
      fail(std::to_string(bytes.error().field), std::string(codec::meaning(bytes.error().code)));
      return {};
    }
    add_broken_rules();
    return *std::move(bytes);
  }

  std::vector<std::string> faults;
  std::vector<std::string> against_rules;  ///< of the dialect; the message can be written all the same

private:
  void fail(const std::string& called, const std::string& why) {
    if (faults.size() < faults_max)
      faults.push_back(called.empty() ? why : codec::masked_text(called) + ": " + why);
  }

  std::string called_mti() const {
    const auto& alias = d_.find(codec::fields::mti)->alias;
    return alias.empty() ? "mti" : alias;
  }

  // As the gateway asks it of a client's request.
  void add_broken_rules() {
    for (const auto& f : codec::faults_of_parts(m_, d_))
      if (against_rules.size() < faults_max)
        against_rules.push_back(f.path + ": expected what the dialect makes it of, but reading its parts " +
                                "finds, at byte " + std::to_string(f.what.offset) +
                                " of the field: " + std::string(codec::meaning(f.what.code)));
    if (!codec::is_request(m_.mti()))
      return;
    for (const auto& f : codec::broken_demands(m_, d_)) {
      const auto place = codec::find_place(f.path, d_);
      if (place && against_rules.size() < faults_max)
        against_rules.push_back(f.path + " (" + place->spec.name +
                                "): " + std::string(codec::meaning(f.what.code)) +
                                ", by the dialect's rules for " + std::string(m_.mti()));
    }
  }

  void add(const std::string& called, const json& value) {
    const auto place = codec::find_place(called == "mti" ? "0" : called, d_);
    if (!place)
      return fail(called, unknown_place(called, d_));
    const auto* spec = &place->spec;
    const auto& path = place->path;
    if (value.is_object() && value.empty())
      return fail(called,
                  "expected a value or parts, but the object is empty; leave a field out that has none");
    if (value.is_object() && spec->parts) {
      for (const auto& [name, part] : value.items())
        add(called + "." + name, part);
      return;
    }
    const auto text = value.is_string() ? codec::latin1_of_utf8(value.get_ref<const std::string&>())
                      : value.is_number_unsigned() ? std::optional(value.dump())
                                                   : std::nullopt;
    const auto expectation = "expected " + codec::expected(*spec);
    if (!text)
      return fail(called, expectation + (value.is_string()
                                           ? ", but it has a character that is not in Latin-1"
                                           : ", as text or a whole number" +
                                               std::string(spec->parts ? ", or an object of parts" : "") +
                                               ", but it is " + kind_of(value)));
    if (!given_.insert(path).second)
      return fail(called, "expected once, but it is given twice, under two names");
    if (const auto why = set_named(m_, *place, *text, d_); !why.empty())
      fail(called, why);
  }

  const codec::dialect& d_;
  codec::message m_;
  std::set<std::string> given_;
};

struct given_messages {
  json all;  // a list
};

// The messages of the text, or a sentence.
std::variant<given_messages, std::string> read_messages(const std::string& text) {
  codec::repeated_member twice;
  try {
    [[maybe_unused]] const auto read = nlohmann::json::parse(text, twice.watch());
  } catch (const nlohmann::json::parse_error& error) {
    return "this is not JSON, from " + codec::line_and_column(text, error.byte) +
           " on; expected an object of fields: {\"mti\": \"0800\", ...}";
  } catch (const nlohmann::json::out_of_range&) {
    return "a number in it is too large; values are text: {\"mti\": \"0800\", ...}";
  }
  if (!twice.path().empty())
    return "'" + twice.path() + "' stands there twice; leave one of them";
  auto all = json::parse(text);
  if (!all.is_array())
    all = json::array({std::move(all)});
  return given_messages{std::move(all)};
}

// Puts the frame's header in front. False where it cannot express a message that long.
bool add_header(std::string& bytes, const frame& f) {
  if (f.header.empty())
    return true;
  if (bytes.size() > f.content_max)
    return false;
  std::string framed;
  f.framing.append(framed, bytes);
  bytes = std::move(framed);
  return true;
}

}  // namespace

int encode(const arguments& a, streams io) {
  const auto d = read_dialect(a.value("dialect", "smartVista"));
  if (const auto* why = std::get_if<std::string>(&d))
    return misused(io, *why);
  auto frames = read_frames(a);
  if (const auto* why = std::get_if<std::string>(&frames))
    return misused(io, *why);
  const auto by = a.has("header") ? std::get<std::vector<frame>>(frames).front() : no_frame();
  const auto text = read_text(a.words.front(), io.in);
  if (const auto* why = std::get_if<std::string>(&text))
    return misused(io, *why);
  const auto messages = read_messages(std::get<given_bytes>(text).bytes);
  if (const auto* why = std::get_if<std::string>(&messages))
    return misused(io, *why);
  std::string out;
  const auto& all = std::get<given_messages>(messages).all;
  bool good = !all.empty(), by_rules = true;
  for (std::size_t i = 0; i < all.size(); ++i) {
    encoder e(std::get<codec::dialect>(d));
    auto bytes = e.encode(all[i]);
    if (e.faults.empty() && !add_header(bytes, by))
      e.faults.push_back("the message has " + std::to_string(bytes.size()) + " bytes, and " + by.name() +
                         " can express " + std::to_string(by.content_max));
    const auto where = all.size() > 1 ? "message " + std::to_string(i + 1) + ": " : "";
    for (const auto* faults : {&e.faults, &e.against_rules})
      for (const auto& fault : *faults)
        misused(io, where + fault);
    good = good && e.faults.empty();
    by_rules = by_rules && e.against_rules.empty();
    out += a.has("binary") ? bytes : codec::to_hex(bytes) + "\n";
  }
  if (all.empty())
    return misused(io, "expected an object of fields, or a list of such, but the list is empty");
  if (good && !by_rules && !a.has("force"))
    misused(io, "nothing is written; --force writes it all the same");
  if (!good || (!by_rules && !a.has("force")))
    return exit_no;
  io.out << out;
  return 0;
}

}  // namespace inspect
