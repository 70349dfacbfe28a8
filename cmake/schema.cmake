# SPDX-License-Identifier: Apache-2.0

# rollcall_embed_schema(TARGET): compiles the files of schema/ into the target, so that the program
# needs no files beside it. Run as a script (-DOUT=... -P) it writes the source.
function(rollcall_embed_schema target)
  set(script ${PROJECT_SOURCE_DIR}/cmake/schema.cmake)
  set(source ${PROJECT_BINARY_DIR}/embedded_schema.cpp)
  file(GLOB files CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/schema/*.sql)
  add_custom_command(OUTPUT ${source}
    COMMAND ${CMAKE_COMMAND} -DOUT=${source} -DSCHEMA=${PROJECT_SOURCE_DIR}/schema -P ${script}
    DEPENDS ${files} ${script} VERBATIM)
  target_sources(${target} PRIVATE ${source})
endfunction()

if(CMAKE_SCRIPT_MODE_FILE AND OUT)
  file(GLOB files ${SCHEMA}/*.sql)
  list(SORT files)
  set(rows "")
  foreach(file ${files})
    get_filename_component(name ${file} NAME)
    if(NOT name MATCHES "^0*([1-9][0-9]*)_[a-z_]+\\.sql$")
      message(FATAL_ERROR "schema/${name}: the name must be like 0001_accounts.sql")
    endif()
    set(version ${CMAKE_MATCH_1})
    file(READ ${file} sql)
    string(APPEND rows "    {${version}, \"${name}\", R\"sql(${sql})sql\"},\n")
  endforeach()
  file(WRITE ${OUT} "// Made from schema/ by cmake/schema.cmake.
#include \"migrations.hpp\"

namespace rollcall::storage {

static constexpr Migration migrations[] = {
${rows}};

std::span<const Migration> embedded_migrations() { return migrations; }

}  // namespace rollcall::storage
")
endif()
