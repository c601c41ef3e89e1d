// The files that the admin port serves as they are: the live page, and the description of the port. They
// stand in actors/operator/page and are compiled in.
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
