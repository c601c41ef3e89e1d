#include "actors/upstream/unexpressed.hpp"

#include "codec/text/expected.hpp"
#include "codec/text/named_json.hpp"

namespace actors {

namespace {

using codec::fault_code;

std::string sentence(const codec::fault& f, const codec::dialect& from, const codec::dialect& to) {
  const auto host = "the host's dialect " + to.name;
  const auto *ours = from.find(f.field), *theirs = to.find(f.field);
  switch (f.code) {
    case fault_code::in_part:
      return "it takes back a part, and " + host +
             " cannot say that; take back all of it, or pay the part back by a refund";
    case fault_code::forbidden:
      return "it takes back a part, which its amount alone says, and " + host +
             " names the purchase in another way; take back all of it, or pay the part back by a refund";
    case fault_code::unknown_field:
      if (f.field == codec::whole_message)
        return "parts of it cannot be read, so they cannot be written in " + host + "; leave them out";
      return ours && theirs ? host + " has something else in this field (" + theirs->name + "); leave it out"
                            : host + " has no such field; leave it out";
    case fault_code::not_reversible:
      return "it may move money, and " + host +
             " has no such message that can be reversed; send another type";
    case fault_code::unknown_value:
      return host + " has no such request; of its kind only an echo can be sent";
    case fault_code::bad_date: return "not a date and time, which " + host + " needs; give the local time";
    default:
      return std::string(codec::meaning(f.code)) +
             (theirs ? "; for " + host + " it must be " + codec::expected(*theirs) : " in " + host);
  }
}

}  // namespace

refusal_detail why_unexpressed(const codec::fault& f, const codec::dialect& from, const codec::dialect& to) {
  const auto* spec = from.find(f.field) ? from.find(f.field) : to.find(f.field);
  if (!spec)
    return {"", (f.field == codec::whole_message ? "" : "field " + std::to_string(f.field) + ": ") +
                  sentence(f, from, to)};
  const auto name = codec::name_of(*spec);
  return {name, name + " (field " + std::to_string(f.field) + "): " + sentence(f, from, to)};
}

}  // namespace actors
