# cmake --install: headers, both libraries, what find_package(wick) and pkg-config read, and the documentation with the
# examples. The target uninstall removes what the last installation from this build wrote, and the target package (cpack)
# makes a .deb of it.
include(CMakePackageConfigHelpers)

foreach(header ${wick_public_headers})
    get_filename_component(folder ${header} DIRECTORY)
    install(FILES ${header} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/wick/${folder})
endforeach()

install(TARGETS wick wick_static EXPORT wickTargets
    RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR}
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})

set(wick_cmake_dir ${CMAKE_INSTALL_LIBDIR}/cmake/wick)
install(EXPORT wickTargets NAMESPACE wick:: DESTINATION ${wick_cmake_dir})
configure_package_config_file(cmake/wickConfig.cmake.in ${PROJECT_BINARY_DIR}/wickConfig.cmake
    INSTALL_DESTINATION ${wick_cmake_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/wickConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/wickConfig.cmake ${PROJECT_BINARY_DIR}/wickConfigVersion.cmake
    DESTINATION ${wick_cmake_dir})

# wick.pc finds itself, so that an installed tree may be moved.
if(IS_ABSOLUTE "${CMAKE_INSTALL_LIBDIR}")
    set(wick_pc_prefix ${CMAKE_INSTALL_PREFIX})
else()
    file(RELATIVE_PATH up "/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/")
    string(REGEX REPLACE "/$" "" up "${up}")
    set(wick_pc_prefix "\${pcfiledir}/${up}")
endif()
foreach(kind LIB INCLUDE)
    if(IS_ABSOLUTE "${CMAKE_INSTALL_${kind}DIR}")
        set(wick_pc_${kind} "${CMAKE_INSTALL_${kind}DIR}")
    else()
        set(wick_pc_${kind} "\${prefix}/${CMAKE_INSTALL_${kind}DIR}")
    endif()
endforeach()
string(REPLACE ";" " " wick_pc_private "${wick_link_flags}")
configure_file(cmake/wick.pc.in ${PROJECT_BINARY_DIR}/wick.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/wick.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

install(FILES LICENSE README.md CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs DESTINATION ${CMAKE_INSTALL_DOCDIR})
file(GLOB examples CONFIGURE_DEPENDS examples/*.c examples/*.h)
list(FILTER examples EXCLUDE REGEX "/gradcheck_lab.c$") # has the tests' tables
install(FILES ${examples} DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples)

# The reference, made from the headers' comments: HTML pages and manual pages, section 3.
find_program(PYTHON python3)
mark_as_advanced(PYTHON)
if(PYTHON)
    set(reference ${PROJECT_BINARY_DIR}/reference)
    set(reference_sources ${wick_public_headers} scripts/reference.py scripts/headers.py docs/reference_examples.c)
    list(TRANSFORM reference_sources PREPEND ${PROJECT_SOURCE_DIR}/)
    add_custom_command(OUTPUT ${reference}/written
        COMMAND ${PYTHON} ${PROJECT_SOURCE_DIR}/scripts/reference.py write ${reference}
        COMMAND ${CMAKE_COMMAND} -E touch ${reference}/written
        DEPENDS ${reference_sources} COMMENT "Writing the reference from the headers' comments" VERBATIM)
    add_custom_target(wick_reference ALL DEPENDS ${reference}/written)
    install(DIRECTORY ${reference}/html/ DESTINATION ${CMAKE_INSTALL_DOCDIR}/reference OPTIONAL)
    install(DIRECTORY ${reference}/man3 DESTINATION ${CMAKE_INSTALL_MANDIR} OPTIONAL)

    # Declarations for other languages: cffi and LuaJIT, Julia, Rust. A cross compiler's sizes would be another machine's.
    if(NOT CMAKE_CROSSCOMPILING)
        set(bindings ${PROJECT_BINARY_DIR}/bindings)
        set(bindings_sources ${wick_public_headers} scripts/bindings.py scripts/headers.py)
        list(TRANSFORM bindings_sources PREPEND ${PROJECT_SOURCE_DIR}/)
        add_custom_command(OUTPUT ${bindings}/wick.cdef ${bindings}/wick.jl ${bindings}/wick.rs ${bindings}/defaults.h
            COMMAND ${CMAKE_COMMAND} -E env CC=${CMAKE_C_COMPILER} ${PYTHON} ${PROJECT_SOURCE_DIR}/scripts/bindings.py write ${bindings}
            DEPENDS ${bindings_sources} COMMENT "Writing the declarations for other languages" VERBATIM)
        add_custom_target(wick_bindings ALL DEPENDS ${bindings}/wick.cdef ${bindings}/wick.jl ${bindings}/wick.rs ${bindings}/defaults.h)
        install(DIRECTORY ${bindings} DESTINATION ${CMAKE_INSTALL_DATADIR}/wick OPTIONAL PATTERN defaults.h EXCLUDE)
        install(FILES ${bindings}/defaults.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/wick OPTIONAL)
    endif()
else()
    message(STATUS "No reference pages and no declarations for other languages: they need python3.")
endif()

# gdb's printers: for a line in ~/.gdbinit, and where gdb looks by itself for what belongs to the library if the prefix is
# /usr. The second name contains the prefix, which is known when it is installed.
install(FILES scripts/wick_gdb.py DESTINATION ${CMAKE_INSTALL_DATADIR}/wick/gdb)
if(UNIX AND NOT APPLE AND NOT IS_ABSOLUTE "${CMAKE_INSTALL_LIBDIR}" AND NOT IS_ABSOLUTE "${CMAKE_INSTALL_DATADIR}")
    install(CODE "
        get_filename_component(prefix \"\${CMAKE_INSTALL_PREFIX}\" ABSOLUTE)
        file(INSTALL \"${PROJECT_SOURCE_DIR}/scripts/wick_gdb.py\"
            DESTINATION \"\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_DATADIR}/gdb/auto-load\${prefix}/${CMAKE_INSTALL_LIBDIR}\"
            RENAME libwick.so.${PROJECT_VERSION}-gdb.py)")
endif()

if(NOT TARGET uninstall) # a project around this one may have its own
    add_custom_target(uninstall
        COMMAND ${CMAKE_COMMAND} -D MANIFEST=${CMAKE_BINARY_DIR}/install_manifest.txt
            -P ${PROJECT_SOURCE_DIR}/cmake/uninstall.cmake)
endif()

# A package is made of Wick alone: a project around it packs itself.
if(CMAKE_SOURCE_DIR STREQUAL PROJECT_SOURCE_DIR)
    set(CPACK_PACKAGE_NAME wick)
    set(CPACK_PACKAGE_VENDOR Wick)
    set(CPACK_PACKAGE_CONTACT "the Wick project <wick@localhost>")
    set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "the PyTorch training workflow in C")
    set(CPACK_PACKAGE_DESCRIPTION "Tensors, autograd with real grad_fn nodes, modules, optimizers, datasets and loaders in
C11, under PyTorch's names: headers, the shared and the static library, documentation and examples.")
    set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
    set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
    set(CPACK_GENERATOR TGZ)
    find_program(DPKG_DEB dpkg-deb)
    find_program(DPKG_SHLIBDEPS dpkg-shlibdeps)
    mark_as_advanced(DPKG_DEB DPKG_SHLIBDEPS)
    if(DPKG_DEB)
        list(APPEND CPACK_GENERATOR DEB)
    endif()
    set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
    set(CPACK_DEBIAN_PACKAGE_SECTION libdevel)
    set(CPACK_STRIP_FILES ON)
    # What the shared library is linked with, by dpkg-shlibdeps where there is one.
    if(DPKG_SHLIBDEPS AND NOT CMAKE_CROSSCOMPILING)
        set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
    else()
        set(CPACK_DEBIAN_PACKAGE_DEPENDS libc6)
        foreach(part BLAS:libopenblas0 SLEEF:libsleef3 ZLIB:zlib1g LIBZIP:libzip4)
            string(REPLACE ":" ";" part ${part})
            list(GET part 0 name)
            list(GET part 1 package)
            if(wick_used_${name})
                string(APPEND CPACK_DEBIAN_PACKAGE_DEPENDS ", ${package}")
            endif()
        endforeach()
    endif()
    # Programs are compiled against it; pictures are drawn by others; the static library is linked with all of its own.
    set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "gcc | c-compiler, libc6-dev, libdw1")
    set(CPACK_DEBIAN_PACKAGE_SUGGESTS
        "pkg-config, cmake, gnuplot-nox, graphviz, libopenblas-dev, libsleef-dev, zlib1g-dev, libzip-dev")
    file(WRITE ${PROJECT_BINARY_DIR}/triggers "activate-noawait ldconfig\n")
    set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${PROJECT_BINARY_DIR}/triggers)
    include(CPack)
endif()
