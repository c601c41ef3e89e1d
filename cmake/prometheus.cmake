# Only the core of Debian's package: its own CMake package also wants what we do not use, a web server and curl.
find_path(PROMETHEUS_CPP_INCLUDE_DIR prometheus/registry.h REQUIRED)
find_library(PROMETHEUS_CPP_CORE_LIBRARY prometheus-cpp-core REQUIRED)
add_library(prometheus::core INTERFACE IMPORTED)
target_include_directories(prometheus::core SYSTEM INTERFACE ${PROMETHEUS_CPP_INCLUDE_DIR})
target_link_libraries(prometheus::core INTERFACE ${PROMETHEUS_CPP_CORE_LIBRARY} Threads::Threads)
