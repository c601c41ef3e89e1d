# What every target of ours is compiled with.
add_library(house_warnings INTERFACE)
target_compile_options(house_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow=$<IF:$<BOOL:${CMAKE_UNITY_BUILD}>,local,global> -Wconversion -Wnon-virtual-dtor -Woverloaded-virtual -Werror
  # g++ 12 sees overlapping copies in std::string's operator+ where there are none (GCC bug 105651).
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)

if(SOCKETQUEUE_FUZZ)
  add_compile_options(-fsanitize=address,undefined,fuzzer-no-link -fno-sanitize-recover=all -fno-omit-frame-pointer -g1)
  add_link_options(-fsanitize=address,undefined)
endif()
if(SOCKETQUEUE_SANITIZE)
  # CAF's factories bind a reference to null on every spawn and never use it: hence no `null`.
  add_compile_options(-fsanitize=address,undefined -fno-sanitize=null -fno-sanitize-recover=all -fno-omit-frame-pointer -g1)
  add_link_options(-fsanitize=address,undefined)
  # What the sanitizers add to the code makes g++ see uninitialized values in the standard library.
  target_compile_options(house_warnings INTERFACE -Wno-maybe-uninitialized)
endif()
