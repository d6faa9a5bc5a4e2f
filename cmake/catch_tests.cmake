# SPDX-License-Identifier: MIT
# One ctest per Catch2 TEST_CASE, so that a failure names the sentence that does not hold.
#
#   insitu_catch_tests(<target>)   lists the cases of <target> after each link
#
# Catch2's own module does the same but splits names at CMake's list separators; our names are
# sentences and hold brackets and semicolons ("is in [0, 1)").

if(NOT CMAKE_SCRIPT_MODE_FILE)
  function(insitu_catch_tests target)
    set(list ${PROJECT_BINARY_DIR}/${target}.ctest.cmake)
    add_custom_command(TARGET ${target} POST_BUILD VERBATIM
      BYPRODUCTS ${list}
      COMMAND ${CMAKE_COMMAND} -D program=$<TARGET_FILE:${target}> -D list=${list}
        -P ${PROJECT_SOURCE_DIR}/cmake/catch_tests.cmake)
    set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES ${list})
  endfunction()
  return()
endif()

# Script mode: writes add_test() lines for the cases of ${program} to ${list}.
execute_process(COMMAND ${program} --list-tests --reporter json
  OUTPUT_VARIABLE listing COMMAND_ERROR_IS_FATAL ANY)
string(JSON count LENGTH "${listing}" listings tests)
set(script "")
if(count GREATER 0)
  math(EXPR last "${count} - 1")
  foreach(index RANGE ${last})
    string(JSON name GET "${listing}" listings tests ${index} name)
    # What Catch2 would read as syntax in a test filter.
    string(REGEX REPLACE "([][\\,\"~])" "\\\\\\1" filter "${name}")
    string(APPEND script "add_test([==[${name}]==] [==[${program}]==] [==[${filter}]==])
set_tests_properties([==[${name}]==] PROPERTIES TIMEOUT 120 SKIP_RETURN_CODE 4)
")
  endforeach()
endif()
file(WRITE ${list} "${script}")
