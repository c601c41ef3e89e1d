// All scenes, by name.
#pragma once

#include <chrono>
#include <memory>
#include <span>

#include "tests/chaos/stage.hpp"

namespace chaos {

struct scene_entry {
  const char* name;
  const char* what;
  std::chrono::seconds usual, brief;  ///< how long it goes on before the final phase
  std::unique_ptr<scene> (*make)();
};

std::span<const scene_entry> scenes();

/// Null where there is no scene of that name.
const scene_entry* find_scene(const std::string& name);

}  // namespace chaos
