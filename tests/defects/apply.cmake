# Copies the FILES that a PATCH changes from SOURCE to TREE and patches the copies. One that does not fit fails its
# own test and not the build: why stands in TREE/problem, and what is compiled is as it was.
function(copy_files)
  foreach(file ${FILES})
    get_filename_component(folder ${TREE}/${file} DIRECTORY)
    file(COPY ${SOURCE}/${file} DESTINATION ${folder})
  endforeach()
endfunction()

file(REMOVE_RECURSE ${TREE})
copy_files()
execute_process(COMMAND ${PATCH_PROGRAM} -p1 --batch --forward --no-backup-if-mismatch --directory=${TREE} --input=${PATCH}
                RESULT_VARIABLE status OUTPUT_VARIABLE said ERROR_VARIABLE said)
if(NOT status EQUAL 0)
  file(REMOVE_RECURSE ${TREE})
  copy_files()
  file(WRITE ${TREE}/problem "${said}")
endif()
# As new as what they were made of, else they would be made again at each build.
foreach(file ${FILES})
  file(TOUCH ${TREE}/${file})
endforeach()
