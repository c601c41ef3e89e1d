// Those of EMV 4.3 Book 3, annex A, that stand in field 55 of requests and responses.

#include "inspect/emv_tags.hpp"

#include <algorithm>
#include <utility>

namespace inspect {

namespace {

constexpr std::pair<std::string_view, std::string_view> tag_names[]{
  {"4F", "Application Identifier"},
  {"50", "Application Label"},
  {"57", "Track 2 Equivalent Data"},
  {"5A", "Application PAN"},
  {"5F20", "Cardholder Name"},
  {"5F24", "Application Expiration Date"},
  {"5F25", "Application Effective Date"},
  {"5F28", "Issuer Country Code"},
  {"5F2A", "Transaction Currency Code"},
  {"5F34", "PAN Sequence Number"},
  {"71", "Issuer Script Template 1"},
  {"72", "Issuer Script Template 2"},
  {"82", "Application Interchange Profile"},
  {"84", "Dedicated File Name"},
  {"8A", "Authorisation Response Code"},
  {"8E", "CVM List"},
  {"8F", "CA Public Key Index"},
  {"91", "Issuer Authentication Data"},
  {"95", "Terminal Verification Results"},
  {"99", "Transaction PIN Data"},
  {"9A", "Transaction Date"},
  {"9B", "Transaction Status Information"},
  {"9C", "Transaction Type"},
  {"9F02", "Amount, Authorised"},
  {"9F03", "Amount, Other"},
  {"9F06", "Application Identifier, Terminal"},
  {"9F07", "Application Usage Control"},
  {"9F08", "Application Version Number, Card"},
  {"9F09", "Application Version Number, Terminal"},
  {"9F0D", "Issuer Action Code, Default"},
  {"9F0E", "Issuer Action Code, Denial"},
  {"9F0F", "Issuer Action Code, Online"},
  {"9F10", "Issuer Application Data"},
  {"9F12", "Application Preferred Name"},
  {"9F15", "Merchant Category Code"},
  {"9F16", "Merchant Identifier"},
  {"9F1A", "Terminal Country Code"},
  {"9F1C", "Terminal Identification"},
  {"9F1E", "IFD Serial Number"},
  {"9F21", "Transaction Time"},
  {"9F26", "Application Cryptogram"},
  {"9F27", "Cryptogram Information Data"},
  {"9F33", "Terminal Capabilities"},
  {"9F34", "CVM Results"},
  {"9F35", "Terminal Type"},
  {"9F36", "Application Transaction Counter"},
  {"9F37", "Unpredictable Number"},
  {"9F39", "POS Entry Mode"},
  {"9F41", "Transaction Sequence Counter"},
  {"9F53", "Transaction Category Code"},
  {"9F5B", "Issuer Script Results"},
};

}  // namespace

std::string_view emv_tag_name(std::string_view tag) {
  const auto* it = std::ranges::find(tag_names, tag, &std::pair<std::string_view, std::string_view>::first);
  return it == std::end(tag_names) ? std::string_view() : it->second;
}

}  // namespace inspect
