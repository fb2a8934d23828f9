# What the library is built with besides C itself. Leaves behind:
#   wick_definitions   WICK_HAVE_... of each part that was found
#   wick_includes      directories of their headers
#   wick_libraries     what to link: files and flags
#   wick_used_<PART>   what was found, for the summary; empty if nothing was
include(CheckFunctionExists)
include(CheckLibraryExists)

set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)

set(wick_definitions "")
set(wick_includes "")
set(wick_libraries "")

macro(wick_use part description)
    list(APPEND wick_definitions WICK_HAVE_${part})
    set(wick_used_${part} "${description}")
endmacro()

# A part that is one header and one library.
macro(wick_find part header library)
    if(WICK_${part})
        find_path(WICK_${part}_INCLUDE_DIR ${header})
        find_library(WICK_${part}_LIBRARY ${library})
        mark_as_advanced(WICK_${part}_INCLUDE_DIR WICK_${part}_LIBRARY)
        if(WICK_${part}_INCLUDE_DIR AND WICK_${part}_LIBRARY)
            wick_use(${part} "${WICK_${part}_LIBRARY}")
            list(APPEND wick_includes ${WICK_${part}_INCLUDE_DIR})
            list(APPEND wick_libraries ${WICK_${part}_LIBRARY})
        endif()
    endif()
endmacro()

if(WICK_BLAS)
    if(BLA_VENDOR)
        find_package(BLAS QUIET)
    else()
        set(BLA_VENDOR OpenBLAS)
        find_package(BLAS QUIET)
        unset(BLA_VENDOR)
        if(NOT BLAS_FOUND)
            find_package(BLAS QUIET)
        endif()
    endif()
    if(BLAS_FOUND)
        get_filename_component(blas_dir "${BLAS_LIBRARIES}" DIRECTORY)
        find_path(WICK_CBLAS_INCLUDE_DIR NAMES cblas.h HINTS "${blas_dir}/../include"
            PATH_SUFFIXES openblas openblas-pthread mkl)
        mark_as_advanced(WICK_CBLAS_INCLUDE_DIR)
        set(CMAKE_REQUIRED_LIBRARIES ${BLAS_LIBRARIES} ${BLAS_LINKER_FLAGS})
        check_function_exists(cblas_sgemm WICK_CBLAS_LINKS)
        unset(CMAKE_REQUIRED_LIBRARIES)
        if(WICK_CBLAS_INCLUDE_DIR AND WICK_CBLAS_LINKS)
            list(GET BLAS_LIBRARIES 0 blas_library)
            wick_use(BLAS "${blas_library}")
            list(APPEND wick_includes ${WICK_CBLAS_INCLUDE_DIR})
            list(APPEND wick_libraries ${BLAS_LIBRARIES} ${BLAS_LINKER_FLAGS})
        endif()
    endif()
endif()

wick_find(SLEEF sleef.h sleef)
# Not find_package(libzip): Debian's package file insists on tools that its library does not need. A static one needs zlib,
# which therefore stands after it.
wick_find(LIBZIP zip.h zip)
wick_find(ZLIB zlib.h z)

# Loaded when the first line of a program is looked up (tensor/site.c): its header is what is needed here. Not with sanitizers:
# LeakSanitizer crashes in a child of fork() whose parent has loaded a library with thread-local data of its own.
if(WICK_LIBDW AND CMAKE_SYSTEM_NAME STREQUAL "Linux" AND NOT WICK_SANITIZE)
    find_path(WICK_LIBDW_INCLUDE_DIR elfutils/libdw.h)
    mark_as_advanced(WICK_LIBDW_INCLUDE_DIR)
    if(WICK_LIBDW_INCLUDE_DIR)
        wick_use(LIBDW "libdw.so.1, when a line is looked up")
        list(APPEND wick_includes ${WICK_LIBDW_INCLUDE_DIR})
        list(APPEND wick_libraries ${CMAKE_DL_LIBS})
    endif()
endif()

# Headers in the compiler's own directories need no flag, and must not be moved in its search order.
list(REMOVE_DUPLICATES wick_includes)
if(wick_includes AND CMAKE_C_IMPLICIT_INCLUDE_DIRECTORIES)
    list(REMOVE_ITEM wick_includes ${CMAKE_C_IMPLICIT_INCLUDE_DIRECTORIES})
endif()

# Not find_library(m): a cross compiler has its own, which only it finds.
check_library_exists(m lgamma "" WICK_HAVE_LIBM)
if(WICK_HAVE_LIBM)
    list(APPEND wick_libraries m)
endif()

# The same as linker flags, "-lopenblas -lm", for wick.pc and for users of the static library. A library outside the
# linker's own directories is named by its path.
set(wick_link_flags "")
foreach(library ${wick_libraries})
    get_filename_component(directory "${library}" DIRECTORY)
    get_filename_component(name "${library}" NAME_WE)
    if(library MATCHES "^-")
        set(flag ${library})
    elseif(directory STREQUAL "")
        set(flag -l${library})
    elseif(directory IN_LIST CMAKE_C_IMPLICIT_LINK_DIRECTORIES)
        string(REGEX REPLACE "^lib" "-l" flag "${name}")
    else()
        set(flag ${library})
    endif()
    list(APPEND wick_link_flags ${flag})
endforeach()
list(APPEND wick_link_flags -pthread)
