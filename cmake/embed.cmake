# embed_texts(VARIABLE OUTPUT FILE...): a source file that holds the texts of FILEs, so that the
# program runs alone. Sets VARIABLE to OUTPUT; it is written again when a FILE changes.
function(embed_texts variable output)
  set(content "#include \"config/dialects.hpp\"\n\n#include <array>\n\nnamespace config {\n\nnamespace {\n\nconstexpr std::array files{\n")
  foreach(path ${ARGN})
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${path})
    file(READ ${PROJECT_SOURCE_DIR}/${path} text)
    get_filename_component(name ${path} NAME_WE)
    string(APPEND content "dialect_file{\"${name}\", R\"embedded(${text})embedded\"},\n")
  endforeach()
  string(APPEND content "};\n\n} // namespace\n\nstd::span<const dialect_file> built_in_dialects() { return files; }\n\n} // namespace config\n")
  file(CONFIGURE OUTPUT ${output} CONTENT "${content}" @ONLY)
  set(${variable} ${output} PARENT_SCOPE)
endfunction()
