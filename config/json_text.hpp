// The text of a configuration file: JSON in which comments may stand, and where in it a member is.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

namespace config {

/// "line 4, column 12"; `offset` counts bytes from 0, a character of UTF-8 is one column.
std::string line_and_column(std::string_view text, std::size_t offset);

/// Replaces // and /* */ comments in JSON by blanks, so that lines and columns stay. Returns the offset of a
/// comment that does not end, npos where all end.
std::size_t blank_comments(std::string& text);

/// Whether more than 64 brackets are open at a time; a recursive reader might not survive it. Text without
/// comments.
bool is_nested_too_deep(std::string_view text);

/// Where the members of a JSON text are, by path: "listenPort", "upstream.echo.interval",
/// "upstreams[1].name".
class json_places {
public:
  /// `text`: valid JSON, without comments and not nested too deep.
  explicit json_places(std::string_view text);

  /// "line 4, column 12" of the member; of the nearest one around it where there is none, and of the whole
  /// text at last.
  std::string of(std::string_view path) const;

  /// Where the member at `path` is, counted in bytes; 0 where there is none.
  std::size_t offset_of(std::string_view path) const {
    const auto found = offsets_.find(path);
    return found == offsets_.end() ? 0 : found->second;
  }

  /// The path of the first member that its object has twice, empty where there is none, and its second place.
  const std::string& twice() const { return twice_; }
  std::string second_place() const { return line_and_column(json_, second_); }

private:
  void skip_blanks();
  std::string_view read_text();
  void read_value(const std::string& path);
  void read_members(const std::string& path);
  void read_items(const std::string& path);
  bool closes(char bracket);

  std::string json_;
  std::size_t at_ = 0;
  std::map<std::string, std::size_t, std::less<>> offsets_;
  std::string twice_;
  std::size_t second_ = 0;
};

}  // namespace config
