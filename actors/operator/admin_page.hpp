// The files of the live page that the admin port serves. They stand in actors/operator/page and are compiled in.
#pragma once

#include <span>
#include <string_view>

namespace actors {

struct page_file {
  std::string_view name;  ///< "page.css"
  std::string_view text;
};

std::span<const page_file> page_files();

}  // namespace actors
