// The frames that have a name, each written in the frame language.

#include "net/frame/presets.hpp"

namespace net {

namespace {

struct preset {
  std::string_view name;
  std::string_view elements;
};

// VisaNet: a length and two zero bytes, the 22 bytes of the standard header, the message. A header of 26
// bytes is that of a reject message, behind which the rejected one stands with its own header.
constexpr std::string_view visa =
  "length bin2 counts=header-length+header-format+text-format+total+destination+source+round-trip+flags+"
  "status+batch+reserved+user+message, zero hex=0000, header-length hex=16 refuse=1A skip=26, header-format "
  "hex=01 "
  "any, "
  "text-format hex=02 any, total bin2 "
  "counts=header-length+header-format+text-format+total+destination+source+"
  "round-trip+flags+status+batch+reserved+user+message, destination hex=000000 swap=source, "
  "source hex=000000 swap=destination, round-trip hex=00 echo, flags hex=0000 echo, status hex=000000 echo, "
  "batch hex=00 echo, reserved hex=000000 echo, user hex=00 echo, message, keepalive=answer";

// The external message of BASE24 over TCP; any status but 000 means that the message is refused.
constexpr std::string_view base24 =
  "length bin2 counts=rest, literal text=ISO, product text=02 echo, release text=60 echo, "
  "status text=000 refuse=other, originator text=0 echo, responder text=0 echo, message, etx hex=03, "
  "keepalive=answer";

constexpr preset presets[]{
  {"ascii4", "length ascii4, message"},
  {"ascii4-inclusive", "length ascii4 counts=all, message"},
  {"bin2", "length bin2, message"},
  {"bin2-inclusive", "length bin2 counts=all, message"},
  {"bin2+tpdu", "length bin2 counts=rest, tpdu, message"},
  {"bcd2", "length bcd2, message"},
  {"bcd2+tpdu", "length bcd2 counts=rest, tpdu, message"},
  {"stx-etx-lrc", "stx hex=02, length bin2, message, etx hex=03, lrc from=length"},
  {"visa", visa},
  {"base24", base24},
};

}  // namespace

std::string_view preset_frame(std::string_view name) {
  for (const auto& p : presets)
    if (p.name == name)
      return p.elements;
  return {};
}

std::string preset_names() {
  std::string all = "none";
  for (const auto& p : presets)
    all += ", " + std::string(p.name);
  return all;
}

}  // namespace net
