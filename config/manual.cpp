// The manual page.

#include <vector>

#include "config/help.hpp"
#include "config/variables.hpp"

namespace config {

namespace {

// A backslash begins a macro, a hyphen would be printed as another character, and a point or a quote in front
// begins a request.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (c == '\\')
      out += "\\e";
    else if (c == '-')
      out += "\\-";
    else
      out += c;
  return (out.starts_with(".") || out.starts_with("'") ? "\\&" : "") + out;
}

std::string upper(std::string_view text) {
  std::string out(text);
  for (auto& c : out)
    c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  return out;
}

std::string section(std::string_view title) { return ".SH \"" + upper(title) + "\"\n"; }

std::string tagged(const std::string& tag, const std::string& text) {
  return ".TP\n.B " + tag + "\n" + text + "\n";
}

}  // namespace

std::string manual_page() {
  std::string page =
    ".TH SOCKETQUEUE 1 \"\" \"socketqueue " + std::string(version()) + "\" \"User Commands\"\n";
  page += section("Name") + "socketqueue \\- ISO 8583 gateway between a bank's host and its clients\n";
  page += section("Synopsis") +
          ".B socketqueue\n[\\-c\\ FILE] [\\-\\-name=value ...]\n.br\n"
          ".B socketqueue\nCOMMAND ...\n";
  page += section("Description") +
          escaped(
            "One permanent link to a bank's host; many terminals (ISO 8583 over TCP) and programs (JSON or "
            "hexadecimal over HTTP) as clients. A purchase whose outcome is unknown is reversed, also after "
            "the process was killed. The same program is a bank emulator and test clients.") +
          "\n";
  page += section("Commands");
  for (const auto& c : commands())
    if (!c.example.empty())
      page += tagged(escaped(c.example), escaped(c.text));
  page += section("Options") + escaped("An option that is given twice has its last value.") + "\n";
  for (const auto& group : option_groups()) {
    page += ".SS \"" + std::string(group.title) + "\"\n";
    for (const auto& o : group.options) {
      auto text = escaped(text_with_default(o));
      if (!o.path.empty())
        text += "\n.br\n" + escaped("In a file by section: " + std::string(o.path));
      page += tagged(escaped(usage_of(o)), text);
    }
  }
  for (const auto& p : closing_paragraphs())
    page += section(p.title) + escaped(p.text) + "\n";
  page += section("Files") + tagged("socketqueue.schema.json", "the JSON Schema of configuration files") +
          tagged(escaped("./socketqueue-state"), "the journal, where no option names its directory");
  page += section("Examples") +
          ".nf\n"
          "socketqueue \\-\\-upstreamHost=10.0.0.1 \\-\\-upstreamPort=5000 \\-\\-listenPort=2014 \\-\\-vv\n"
          "socketqueue \\-c /etc/socketqueue/socketqueue.json \\-\\-check\n"
          "socketqueue pending \\-\\-journal=/var/lib/socketqueue\n"
          ".fi\n";
  return page;
}

}  // namespace config
