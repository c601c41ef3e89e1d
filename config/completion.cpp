// The completions of shells.

#include <algorithm>

#include "config/dialects.hpp"
#include "config/help.hpp"

namespace config {

namespace {

bool is_path(const option& o) { return o.value_name == "path"; }

// What a value may be, with blanks between; empty where anything may.
std::string values_of(const option& o) {
  std::string all;
  for (const auto word : o.where.words)
    all += (all.empty() ? "" : " ") + std::string(word);
  if (o.name == "hostConfig") {
    all = names_of_dialects();
    std::erase(all, ',');
  } else if (o.name == "helpJson") {
    all = "sections schema";
  } else if (o.name == "help") {
    for (const auto& group : option_groups())
      all += (all.empty() ? "" : " ") + std::string(group.topic);
  }
  return all;
}

std::string names_of_commands() {
  std::string all;
  for (const auto& c : commands())
    all += (all.empty() ? "" : " ") + std::string(c.name);
  return all;
}

template <class Visit>
void for_each_long_option(Visit visit) {
  for (const auto& group : option_groups())
    for (const auto& o : group.options)
      if (o.name != "c")
        visit(o);
}

// The text up to its first sentence's end, without what the shell would read.
std::string short_text(const option& o) {
  std::string out(
    o.text.substr(0, std::min({o.text.find("; "), o.text.find(": "), o.text.find(". "), o.text.size()})));
  std::erase_if(
    out, [](char c) { return c == '\'' || c == '[' || c == ']' || c == '`' || c == '\\' || c == ':'; });
  return out;
}

// Of a command that has options, those alone.
std::string cases_of_commands() {
  std::string cases;
  for (const auto& c : commands())
    if (!c.options.empty())
      cases += "      " + std::string(c.name) + ") options='" + std::string(c.options) + "' ;;\n";
  return cases;
}

// Readline gives "--name", "=" and "value" as three words.
std::string bash() {
  std::string options, values, paths;
  for_each_long_option([&](const option& o) {
    const auto name = "--" + std::string(o.name);
    options += " " + name + (o.value_name.empty() || o.where.is_flag() ? "" : "=");
    if (const auto all = values_of(o); !all.empty())
      values += "    " + name + ") COMPREPLY=($(compgen -W '" + all + "' -- \"$value\"))" +
                (o.name == "hostConfig" ? "; COMPREPLY+=($(compgen -f -- \"$value\"))" : "") + " ;;\n";
    else if (is_path(o))
      paths += (paths.empty() ? "" : "|") + name;
  });
  return "# bash completion of socketqueue; put it into /usr/share/bash-completion/completions/socketqueue\n"
         "_socketqueue() {\n"
         "  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} name= value=\n"
         "  if [[ $word == = ]]; then name=$before\n"
         "  elif [[ $before == = ]]; then name=${COMP_WORDS[COMP_CWORD-2]} value=$word\n"
         "  elif [[ $word == --*=* ]]; then name=${word%%=*} value=${word#*=}\n"
         "  elif [[ $before == -c ]]; then name=-c value=$word\n"
         "  fi\n"
         "  COMPREPLY=()\n"
         "  case $name in\n"
         "    '') ;;\n" +
         values + "    -c|" + paths +
         ") COMPREPLY=($(compgen -f -- \"$value\")) ;;\n"
         "  esac\n"
         "  [[ -n $name ]] && return\n"
         "  local options='-c -h -V" +
         options +
         "'\n"
         "  if ((COMP_CWORD > 1)); then\n"
         "    case ${COMP_WORDS[1]} in\n" +
         cases_of_commands() +
         "    esac\n"
         "  fi\n"
         "  if [[ $word == -* ]]; then COMPREPLY=($(compgen -W \"$options\" -- \"$word\"))\n"
         "  elif ((COMP_CWORD == 1)); then COMPREPLY=($(compgen -W '" +
         names_of_commands() +
         "' -- \"$word\"))\n"
         "  else COMPREPLY=($(compgen -f -- \"$word\"))\n"
         "  fi\n"
         "  [[ ${COMPREPLY[0]-} == --*= ]] && compopt -o nospace\n"
         "}\n"
         "complete -F _socketqueue socketqueue\n";
}

std::string zsh() {
  std::string out =
    "#compdef socketqueue\n# zsh completion of socketqueue; put it into a folder of $fpath as "
    "_socketqueue\n_arguments \\\n";
  out += "  '-c[configuration file]:file:_files' \\\n";
  for_each_long_option([&](const option& o) {
    out += "  '--" + std::string(o.name);
    const bool has_value = !o.value_name.empty();
    out += (has_value ? (o.where.is_flag() ? "=-" : "=") : "") + std::string("[") + short_text(o) + "]";
    if (has_value) {
      out += std::string(o.where.is_flag() ? "::" : ":") + std::string(o.value_name) + ":";
      const auto all = values_of(o);
      out += !all.empty() ? "(" + all + ")" : is_path(o) ? "_files" : "";
    }
    out += "' \\\n";
  });
  return out + "  '1::command:(" + names_of_commands() + ")' '*:file:_files'\n";
}

std::string fish() {
  std::string out =
    "# fish completion of socketqueue; put it into ~/.config/fish/completions/socketqueue.fish\n"
    "complete -c socketqueue -n __fish_use_subcommand -f -a '" +
    names_of_commands() + "'\n" + "complete -c socketqueue -s c -r -F -d 'configuration file'\n";
  for_each_long_option([&](const option& o) {
    const auto all = values_of(o);
    out += "complete -c socketqueue -l " + std::string(o.name) + " -d '" + short_text(o) + "'";
    if (!o.value_name.empty() && !o.where.is_flag())
      out += is_path(o) ? " -r -F" : " -x";
    if (!all.empty())
      out += " -a '" + all + "'";
    out += "\n";
  });
  return out;
}

}  // namespace

std::optional<std::string> completion_of(std::string_view shell) {
  if (shell == "bash")
    return bash();
  if (shell == "zsh")
    return zsh();
  if (shell == "fish")
    return fish();
  return {};
}

}  // namespace config
