# Compiler flags of everything that is built here: wick_flags(target).

set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

if(CMAKE_C_COMPILER_ID MATCHES "GNU|Clang")
    set(wick_warnings -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion)
    # -ffp-contract=off: a * b + c rounds twice on every instruction set, so that all of them give the same bits.
    # -fno-math-errno: nobody reads errno after sqrt, and without it the compiler vectorises.
    # -fno-trapping-math: nor the exception flags; without it the compiler vectorises a choice between two values.
    set(wick_code_flags -ffp-contract=off -fno-math-errno -fno-trapping-math)
elseif(MSVC)
    set(wick_warnings /W4)
    set(wick_code_flags /fp:precise)
endif()
if(WICK_WERROR)
    if(MSVC)
        list(APPEND wick_warnings /WX)
    else()
        list(APPEND wick_warnings -Werror)
    endif()
endif()
set(wick_sanitize_flags "")
if(WICK_SANITIZE)
    set(wick_sanitize_flags -fsanitize=${WICK_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
endif()

function(wick_flags target)
    target_compile_options(${target} PRIVATE ${wick_warnings} ${wick_code_flags} ${wick_sanitize_flags})
    get_target_property(type ${target} TYPE)
    if(wick_sanitize_flags AND NOT type MATCHES "OBJECT_LIBRARY|STATIC_LIBRARY")
        target_link_options(${target} PRIVATE ${wick_sanitize_flags})
    endif()
endfunction()
