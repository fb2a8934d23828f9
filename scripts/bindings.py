#!/usr/bin/env python3
"""Declarations of all public functions, structs and enums for other languages, from the headers as the C compiler sees them.

    bindings.py cffi | lua | julia | rust | c++      prints them
    bindings.py write FOLDER                   writes wick.cdef (cffi and LuaJIT read the same text), wick.jl, wick.rs and, of
                                               what C++ reads in the headers themselves, the defaults: defaults.h
    bindings.py check FOLDER LIBRARY           the functions in each are those that the library exports; the functions
                                               in wick.cdef's comment are those that the trainings in tests/install/load/ use

CC is the compiler that preprocesses. What is inline in C, and macros, are left out: they cannot be called.
"""

import math
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import headers as reader

ROOT = Path(__file__).resolve().parent.parent


# ---- What the headers declare -----------------------------------------------------------------------------------------------


@dataclass
class Base:
    name: str  # "int64_t", "unsigned int", "wick_tensor"
    const: bool = False


@dataclass
class Pointer:
    to: object
    const: bool = False


@dataclass
class Array:
    of: object
    size: int


@dataclass
class Called:  # the type of a function
    result: object
    parameters: list  # of (name, type)
    variadic: bool


@dataclass
class Record:
    kind: str  # "struct" or "union"
    name: str  # "" if it has none
    members: list  # of (name, type); the name of an unnamed union is ""


@dataclass
class Enum:
    name: str
    values: list  # of (name, value)


@dataclass
class Opaque:
    name: str


@dataclass
class Typedef:
    name: str
    type: object


@dataclass
class Function:
    name: str
    type: Called


TOKEN = re.compile(r'\w+|\.\.\.|"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'|<<|>>|[^\s\w]')
ARITHMETIC = {"char", "short", "int", "long", "signed", "unsigned", "float", "double", "_Bool"}


def preprocessed():
    command = [*os.environ.get("CC", "cc").split(), "-E", "-P", "-std=c11", "-"]
    text = subprocess.run(command, input=f'#include "{ROOT}/wick.h"\n', capture_output=True, text=True, check=True).stdout
    return re.sub(r"(?m)^[ \t]*#.*$", "", text)  # #pragma


def statements(tokens):
    """The declarations of the outermost level, as lists of tokens, without those of inline functions."""
    at = 0
    while at < len(tokens):
        start, depth, body = at, 0, False
        while at < len(tokens):
            token = tokens[at]
            if token == "{" and depth == 0:
                body = tokens[at - 1] == ")"
            depth += (token in "([{") - (token in ")]}")
            at += 1
            if depth == 0 and (token == ";" or token == "}" and body):
                break
        if not body:
            yield tokens[start : at - 1]


def without_attributes(tokens):
    kept, at = [], 0
    while at < len(tokens):
        if tokens[at] == "__attribute__":
            depth, at = 1, at + 2
            while depth:
                depth += (tokens[at] == "(") - (tokens[at] == ")")
                at += 1
            continue
        if tokens[at] not in ("__extension__", "extern", "restrict", "__restrict"):
            kept.append(tokens[at])
        at += 1
    return kept


class Parser:
    """One declaration. What it meets on its way, enumerators above all, goes into the Declarations."""

    def __init__(self, declarations, tokens):
        self.all, self.tokens, self.at = declarations, tokens, 0

    def peek(self):
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self, expected=None):
        token = self.peek()
        if expected and token != expected:
            raise SyntaxError(f"{expected} expected at {' '.join(self.tokens[max(0, self.at - 8) : self.at + 4])}")
        self.at += 1
        return token

    def until(self, ends):
        start, depth = self.at, 0
        while depth or self.peek() not in ends:
            depth += (self.peek() in "([{") - (self.peek() in ")]}")
            self.at += 1
        return self.tokens[start : self.at]

    def specifiers(self, name=""):
        """The type before the declarators; name: of the typedef, for a struct that has no tag."""
        words, const, found = [], False, None
        while True:
            token = self.peek()
            if token == "const":
                const = True
            elif token in ("struct", "union", "enum"):
                self.take()
                tag = self.take() if self.peek() != "{" else name
                if self.peek() == "{":
                    found = self.enum(tag) if token == "enum" else self.record(token, tag)
                else:
                    found = Base(tag)
                continue
            elif token in ARITHMETIC:
                words.append(token)
            elif re.match(r"[A-Za-z_]", token) and not words and not found:
                found = Base(token)
            else:
                break
            self.take()
        if words:
            signed = "unsigned" in words
            rest = [w for w in words if w not in ("signed", "unsigned")]
            if "long" in rest or "short" in rest:
                rest = [w for w in rest if w != "int"]
            rest = ["bool" if w == "_Bool" else w for w in rest] or ["int"]
            explicit = ["signed"] if "signed" in words and rest == ["char"] else []
            return Base(" ".join((["unsigned"] if signed else explicit) + rest), const)
        if isinstance(found, Base):
            found.const = const
        return found

    def enum(self, tag):
        self.take("{")
        values, last = [], -1
        while self.peek() != "}":
            name = self.take()
            if self.peek() == "=":
                self.take()
                last = self.all.value(" ".join(self.until(",}")))
            else:
                last += 1
            values.append((name, last))
            self.all.enumerators[name] = last
            if self.peek() == ",":
                self.take()
        self.take("}")
        found = Enum(tag, values)
        self.all.add(found)
        return Base(tag)

    def record(self, kind, tag):
        self.take("{")
        members = []
        while self.peek() != "}":
            base = self.specifiers()
            if self.peek() == ";":
                members.append(("", base))
            else:
                members += self.declarators(base)
            self.take(";")
        self.take("}")
        return Record(kind, tag, members)

    def declarators(self, base):
        found = [self.declarator(base)]
        while self.peek() == ",":
            self.take()
            found.append(self.declarator(base))
        return found

    def declarator(self, base):
        """(name, type). The inside of parentheses is read last: it is a declarator of what stands around it."""
        while self.peek() == "*":
            self.take()
            base = Pointer(base)
            while self.peek() == "const":
                self.take()
                base.const = True
        name, inside = "", None
        if self.peek() == "(":
            self.take()
            inside = Parser(self.all, self.until(")"))
            self.take(")")
        elif re.match(r"[A-Za-z_]", self.peek()):
            name = self.take()
        sizes = []
        while self.peek() == "[":
            self.take()
            sizes.append(self.all.value(" ".join(self.until("]")) or "0"))
            self.take("]")
        for size in reversed(sizes):
            base = Array(base, size)
        if self.peek() == "(":
            base = self.parameters(base)
        return inside.declarator(base) if inside else (name, base)

    def parameters(self, result):
        self.take("(")
        found, variadic = [], False
        while self.peek() != ")":
            if self.peek() == "...":
                self.take()
                variadic = True
            else:
                name, kind = self.declarator(self.specifiers())
                if isinstance(kind, Array):
                    kind = Pointer(kind.of)
                found.append((name or f"a{len(found)}", kind))
            if self.peek() == ",":
                self.take()
        self.take(")")
        if len(found) == 1 and found[0][1] == Base("void"):
            found = []
        return Called(result, found, variadic)


class Declarations:
    def __init__(self):
        self.items, self.names, self.enumerators = [], {}, {}
        self.macros = reader.headers()[1]
        for tokens in statements(TOKEN.findall(preprocessed())):
            if any(t.startswith(("wick_", "WICK_")) for t in tokens) and "inline" not in tokens and tokens[0] != "_Static_assert":
                self.read(without_attributes(tokens))
        self.functions = [i for i in self.items if isinstance(i, Function)]
        self.records = {i.name: i for i in self.items if isinstance(i, Record)}
        defined = {*self.records, *(i.name for i in self.items if isinstance(i, (Enum, Typedef)))}
        self.opaque = [i for i in self.items if isinstance(i, Opaque) and i.name not in defined]
        self.defaults = self.find_defaults()

    def add(self, item):
        if isinstance(item, Function) and item.name in self.names:
            return
        if isinstance(item, Opaque) and item.name in self.names:
            return
        self.names[item.name] = item
        self.items.append(item)

    def read(self, tokens):
        if tokens[0] == "typedef":
            forward = len(tokens) == 4 and tokens[1] in ("struct", "union")
            parser = Parser(self, tokens[1:])
            base = parser.specifiers(name=tokens[-1])
            if forward:
                self.add(Opaque(tokens[-1]))
            elif isinstance(base, Record):
                self.add(base)
            elif tokens[1] != "enum":
                self.add(Typedef(*parser.declarator(base)))
            return
        parser = Parser(self, tokens)
        base = parser.specifiers()
        if not parser.peek():  # an enum by itself, or a struct's name
            return
        name, kind = parser.declarator(base)
        if isinstance(kind, Called) and name.startswith("wick_"):
            self.add(Function(name, kind))

    def known(self, name):
        if name not in self.names and name != "FILE":
            raise SyntaxError(f"{name} is no type that the public headers declare")
        return name

    def value(self, text):
        """A constant expression of C. NULL is None, a text is itself."""
        text = text.strip()
        if text.startswith('"'):
            return eval(text)
        known = {"NULL": None, "true": 1, "false": 0, "NAN": math.nan, "INFINITY": math.inf, "DBL_MAX": sys.float_info.max,
                 "INT32_MIN": -(2**31), "INT_MIN": -(2**31), "INT32_MAX": 2**31 - 1, "INT_MAX": 2**31 - 1,
                 "INT64_MIN": -(2**63), "INT64_MAX": 2**63 - 1}  # fmt: skip
        text = re.sub(r"\((?:double|float|int|int64_t|size_t|wick_\w+)\)", "", text)
        text = re.sub(r"\b(\d[\d.]*(?:[eE][-+]?\d+)?|0x[\da-fA-F]+)[uUlLfF]*\b", r"\1", text)

        def name(match):
            word = match[0]
            if word in known:
                return f"known[{word!r}]"
            if word in self.enumerators:
                return str(self.enumerators[word])
            return f"({self.value(reader.without_comments(self.macros[word].body))!r})"

        return eval(re.sub(r"\b[A-Za-z_]\w*", name, text), {"known": known})

    def zero(self, text):
        """Whether an initialiser sets everything to zero."""
        return all(part in ("0", "NULL", "false", "0.0", "") for part in re.split(r"[{},\s]+", text))

    def find_defaults(self):
        """{"optim_sgd": (its struct, {member: value that is not zero})}: of every struct of options."""
        found = {}
        for struct, values in reader.defaults(self.macros).items():
            members = [m for m, _ in self.records[struct].members if m not in ("size_", "start_")]
            given = {}
            for at, value in enumerate(values):
                designated = re.match(r"\.(\w+) *= *(.*)", value)
                member, value = (designated[1], designated[2]) if designated else (members[at], value)
                if value.startswith("{"):
                    if not self.zero(value):
                        raise SyntaxError(f"{struct}: {value} is not zero, and no language here has a place for it")
                    continue
                value = self.value(value)
                if value not in (None, 0):
                    given[member] = value
            found[struct.removeprefix("wick_").removesuffix("_options")] = (struct, given)
        return found


def is_options(item):
    return isinstance(item, Record) and [m for m, _ in item.members[:2]] == ["size_", "start_"]


# ---- C, as cffi and LuaJIT read it ------------------------------------------------------------------------------------------

CDEF_HEAD = """\
/* wick.cdef - Wick's functions, structs and enums for cffi (FFI.cdef) and LuaJIT (ffi.cdef); written by scripts/bindings.py.
 *
 * A function wick_..._opt takes a pointer to options; NULL means the defaults. The struct begins with its size, and what is
 * not set in it is 0, which is often not the default: a comment "optim_sgd: wick_optim_sgd_options {lr = 0.001}" below says
 * what else is. These make options of what such a comment says and of what is given, options("optim_sgd", lr=0.1) in Python
 * and options("optim_sgd", {lr = 0.1}) in Lua, with this text in cdef:
 *
PYTHON
 *
LUA
 *
 * Errors are NULL or false, and wick_error_message() until wick_clear_error(). A wick_number is WICK_NUMBER_INT and an integer,
 * or WICK_NUMBER_FLOAT and a double's 64 bits as an integer (in C it has a union, which cffi does not pass by value): the
 * functions real make one. */
"""
CDEF_PYTHON = """\
alive = weakref.WeakKeyDictionary()  # the texts in options, as long as these


def options(name, **given):
    struct, text = re.search(r"(?m)^/[*] %s: (\\w+) {(.*)} [*]/$" % name, cdef).groups()
    defaults = eval(f"dict({text})", {"nan": float("nan"), "inf": float("inf")})
    values = {**defaults, **given, "size_": ffi.sizeof(struct)}
    values = {k: ffi.new("char[]", v.encode()) if isinstance(v, str) else v for k, v in values.items()}
    made = ffi.new(struct + " *", values)
    alive[made] = values
    return made


def real(x):
    return {"kind": wick.WICK_NUMBER_FLOAT, "integer": int.from_bytes(struct.pack("=d", x), sys.byteorder, signed=True)}"""
CDEF_LUA = """\
local alive = setmetatable({}, {__mode = "k"}) -- the texts in options, as long as these

local function options(name, given)
    local struct, text = cdef:match("\\n/[*] " .. name .. ": ([%w_]+) {([^\\n]*)} [*]/\\n")
    text = (text .. " "):gsub("= (%-?%d%d%d%d%d%d%d%d%d%d%d%d+)([, ])", "= %1LL%2")
    text = text:gsub("([%w_]+) = ", "['%1'] = ")
    local values = setfenv(loadstring("return {" .. text .. "}"), {nan = 0/0, inf = 1/0})()
    for k, v in pairs(given or {}) do values[k] = v end
    values.size_ = ffi.sizeof(struct)
    local made = ffi.new(struct, values)
    alive[made] = values
    return made
end

local function real(x)
    return ffi.new("wick_number", wick.WICK_NUMBER_FLOAT, ffi.new("union { double x; int64_t bits; }", x).bits)
end"""


def flat(members):
    """The members, an unnamed union being its first one: a number of the same size, whose bits are those of the others."""
    sizes = {"int64_t": 8, "uint64_t": 8, "double": 8}
    found = []
    for name, kind in members:
        if isinstance(kind, Record):
            if kind.kind != "union" or name or any(sizes.get(getattr(t, "name", "")) != 8 for _, t in kind.members):
                raise SyntaxError(f"what stands for {c(kind)}?")
            name, kind = kind.members[0]
        found.append((name, kind))
    return found


def c(kind, name=""):
    """The C declaration of a name with that type."""
    if isinstance(kind, Base):
        return f"{'const ' * kind.const}{kind.name}{' ' * bool(name)}{name}"
    if isinstance(kind, Record):  # for a message: flat() knows it no more
        return f"{kind.kind} {{ {' '.join(c(t, n) + ';' for n, t in kind.members)} }}"
    if isinstance(kind, Pointer):
        mark = "*" + "const " * (kind.const and bool(name)) + "const" * (kind.const and not name)
        inside = f"({mark}{name})" if isinstance(kind.to, (Array, Called)) else mark + name
        return c(kind.to, inside)
    if isinstance(kind, Array):
        return c(kind.of, f"{name}[{kind.size}]")
    parameters = [c(t, n) for n, t in kind.parameters] + ["..."] * kind.variadic
    return c(kind.result, f"{name}({', '.join(parameters) or 'void'})")


def literal(value):
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"' if isinstance(value, str) else repr(value)


def comment(code):
    return "\n".join((" *     " + line).rstrip() for line in code.split("\n"))


def cdef(d):
    out = [CDEF_HEAD.replace("PYTHON", comment(CDEF_PYTHON)).replace("LUA", comment(CDEF_LUA)), "typedef struct FILE FILE;"]
    forward = set()
    for item in d.items:
        if isinstance(item, Opaque):
            forward.add(item.name)
            out.append(f"typedef struct {item.name} {item.name};")
        elif isinstance(item, Enum):
            values = ", ".join(f"{n} = {v}" for n, v in item.values)
            out.append(f"typedef enum {item.name} {{ {values} }} {item.name};" if item.name else f"enum {{ {values} }};")
        elif isinstance(item, Record):
            members = "".join(f"    {c(t, n)};\n" for n, t in flat(item.members))
            typedef, name = ("", "") if item.name in forward else ("typedef ", " " + item.name)
            out.append(f"{typedef}{item.kind} {item.name} {{\n{members}}}{name};")
            for function, (struct, given) in d.defaults.items():
                if struct == item.name:
                    out.append(f"/* {function}: {struct} {{{', '.join(f'{m} = {literal(v)}' for m, v in given.items())}}} */")
        elif isinstance(item, Typedef):
            out.append(f"typedef {c(item.type, item.name)};")
        else:
            out.append(f"{c(item.type, item.name)};")
    return "\n".join(out) + "\n"


# ---- C++ --------------------------------------------------------------------------------------------------------------------

CPP_HEAD = """\
/* defaults.h - the defaults of every struct of options, for C++, which has no keyword arguments; C may use it, too. Written by
 * scripts/bindings.py.
 *
 *     wick_optim_sgd_options options = wick_optim_sgd_defaults();
 *     options.lr = 0.1;
 *     wick_optim *opt = wick_optim_sgd_opt(wick_nn_parameters(model), &options); */
#pragma once

#if defined(__GNUC__)
#pragma GCC system_header
#endif

#include <math.h>
#include <string.h>

#include <wick/wick.h>
"""


def cpp(d):
    out = [CPP_HEAD]
    for function, (struct, given) in sorted(d.defaults.items()):
        types = dict(d.records[struct].members)
        values = {m: "NAN" if v != v else literal(v) for m, v in given.items()}
        values = {m: "INT64_MIN" if v == str(-(2**63)) else "INT32_MIN" if v == str(-(2**31)) else v for m, v in values.items()}
        lines = [f"    o.{m} = ({c(types[m])}){v};" for m, v in values.items()]
        out.append(f"static inline {struct} wick_{function}_defaults(void)\n{{\n    {struct} o;\n    memset(&o, 0, sizeof o);\n"
                   "    o.size_ = sizeof o;\n" + "\n".join([*lines, "    return o;\n}"]) + "\n")  # fmt: skip
    return "\n".join(out)


# ---- Rust -------------------------------------------------------------------------------------------------------------------

RUST_HEAD = """\
// wick.rs - Wick's functions, structs and enums (constants here) for Rust, editions up to 2021; written by scripts/bindings.py.
//
//     mod wick; use wick::*;         rustc -L LIBDIR train.rs (the library is linked by the attribute below)
//
// A function wick_..._opt takes a pointer to options; null() means the defaults. The struct begins with its size, which the
// functions ..._defaults() here set with all that has a default:
//
//     let options = wick_optim_sgd_options { lr: 0.1, ..wick_optim_sgd_defaults() };
//     let optimizer = wick_optim_sgd_opt(wick_nn_parameters(model), &options);
//
// Errors are null or false, and wick_error_message() until wick_clear_error().
#![allow(non_camel_case_types, non_snake_case, non_upper_case_globals, dead_code, unused_imports, clippy::all)]
use std::os::raw::{c_char, c_int, c_long, c_longlong, c_short, c_uchar, c_uint, c_ulong, c_ulonglong, c_ushort, c_void};
"""
RUST = {"void": "c_void", "char": "c_char", "signed char": "i8", "unsigned char": "c_uchar", "short": "c_short",
        "unsigned short": "c_ushort", "int": "c_int", "unsigned int": "c_uint", "long": "c_long", "unsigned long": "c_ulong",
        "long long": "c_longlong", "unsigned long long": "c_ulonglong", "float": "f32", "double": "f64", "bool": "bool",
        "size_t": "usize",
        "int8_t": "i8", "uint8_t": "u8", "int16_t": "i16", "uint16_t": "u16", "int32_t": "i32", "uint32_t": "u32",
        "int64_t": "i64", "uint64_t": "u64"}  # fmt: skip
RUST_WORDS = set("as async await box break const continue crate do dyn else enum extern false final fn for if impl in let loop "
                 "macro match mod move mut override priv pub ref return static struct trait true try type typeof unsafe use "
                 "virtual where while yield abstract become".split())  # fmt: skip


def rust_name(name):
    return "r#" + name if name in RUST_WORDS else name


class Rust:
    def __init__(self, d):
        self.d = d
        self.called = {i.name for i in d.items if isinstance(i, Typedef) and isinstance(i.type, Called)}

    def function(self, kind):
        parameters = [f"{rust_name(n)}: {self.type(t)}" for n, t in kind.parameters] + ["..."] * kind.variadic
        result = "" if kind.result == Base("void") else f" -> {self.type(kind.result)}"
        return f"({', '.join(parameters)}){result}"

    def type(self, kind):
        if isinstance(kind, Base):
            return RUST.get(kind.name) or self.d.known(kind.name)
        if isinstance(kind, Array):
            return f"[{self.type(kind.of)}; {kind.size}]"
        if isinstance(kind, Called):
            return f'unsafe extern "C" fn{self.function(kind)}'
        if isinstance(kind.to, Called) or isinstance(kind.to, Base) and kind.to.name in self.called:
            return f"Option<{self.type(kind.to)}>"
        return f"*{'const' if getattr(kind.to, 'const', False) else 'mut'} {self.type(kind.to)}"

    def record(self, item):
        """The struct, and before it the unions that have no name in C: members `value` here."""
        before, members = [], []
        for name, kind in item.members:
            if isinstance(kind, Record):
                inner = f"{item.name}_{name or 'value'}"
                before += self.record(Record(kind.kind, inner, kind.members))
                self.d.names[inner] = kind
                name, kind = name or "value", Base(inner)
            members.append(f"    pub {rust_name(name)}: {self.type(kind)},")
        return [*before, "#[repr(C)]", "#[derive(Clone, Copy)]", f"pub {item.kind} {item.name} {{", *members, "}"]

    def value(self, value, kind):
        if isinstance(value, str):
            return f'b"{literal(value)[1:-1]}\\0".as_ptr() as *const c_char'
        if isinstance(kind, Base) and kind.name == "bool":
            return "true" if value else "false"
        if isinstance(kind, Base) and kind.name in ("double", "float"):
            kind = RUST[kind.name]
            return f"{kind}::NAN" if math.isnan(value) else f"{kind}::{'NEG_' * (value < 0)}INFINITY" if math.isinf(value) else repr(float(value))
        return str(value)

    def write(self):
        d, out = self.d, [RUST_HEAD]
        for name in ["FILE", *(i.name for i in d.opaque)]:
            out.append(f"#[repr(C)]\npub struct {name} {{\n    _private: [u8; 0],\n}}")
        for item in d.items:
            if isinstance(item, Enum):
                kind = item.name or "c_int"
                if item.name:
                    out.append(f"pub type {item.name} = c_int;")
                out += [f"pub const {n}: {kind} = {v};" for n, v in item.values]
            elif isinstance(item, Typedef):
                out.append(f"pub type {item.name} = {self.type(item.type)};")
            elif isinstance(item, Record):
                out += self.record(item)
        out.append("")
        for function, (struct, given) in d.defaults.items():
            kinds = dict(d.records[struct].members)
            values = "".join(f", {rust_name(m)}: {self.value(v, kinds[m])}" for m, v in given.items())
            out.append(f"pub fn wick_{function}_defaults() -> {struct} {{\n    let zero: {struct} = unsafe {{ std::mem::zeroed() }};\n"
                       f"    {struct} {{ size_: std::mem::size_of::<{struct}>(){values}, ..zero }}\n}}")  # fmt: skip
        out += ["", '#[link(name = "wick")]', 'extern "C" {']
        out += [f"    pub fn {f.name}{self.function(f.type)};" for f in d.functions]
        return "\n".join(out) + "\n}\n"


# ---- Julia ------------------------------------------------------------------------------------------------------------------

JULIA_HEAD = """\
# wick.jl - Wick's functions, structs and enums for Julia; written by scripts/bindings.py.
#
#     include("wick.jl"); using .Wick          # the library: ENV["WICK_LIBRARY"], or libwick where the loader looks
#
# A function wick_..._opt takes a pointer to options; C_NULL means the defaults. The struct begins with its size, which the
# functions ..._defaults(; ...) here set with all that has a default and is not given:
#
#     optimizer = wick_optim_sgd_opt(wick_nn_parameters(model), Ref(wick_optim_sgd_defaults(lr = 0.1)))
#
# A member or parameter whose name is a word of Julia's has a _ behind it: end_. An unnamed union has its first member's type:
# wick_number(WICK_NUMBER_FLOAT, reinterpret(Int64, 0.5)). A text in options must be kept by the caller. Functions that take
# a format take a text instead. Errors are C_NULL or false, and wick_error_message() until wick_clear_error().
module Wick

const libwick = get(ENV, "WICK_LIBRARY", "libwick")
"""
JULIA = {"void": "Cvoid", "char": "Cchar", "signed char": "Int8", "unsigned char": "Cuchar", "short": "Cshort",
         "unsigned short": "Cushort", "int": "Cint", "unsigned int": "Cuint", "long": "Clong", "unsigned long": "Culong",
         "long long": "Clonglong", "unsigned long long": "Culonglong", "float": "Cfloat", "double": "Cdouble", "bool": "Bool",
         "size_t": "Csize_t", "int8_t": "Int8", "uint8_t": "UInt8", "int16_t": "Int16", "uint16_t": "UInt16",
         "int32_t": "Int32", "uint32_t": "UInt32", "int64_t": "Int64", "uint64_t": "UInt64", "FILE": "Cvoid"}  # fmt: skip
JULIA_WORDS = set("baremodule begin break catch const continue do else elseif end export false finally for function global if "
                  "import in isa let local macro module quote return struct true try using where while".split())  # fmt: skip


def julia_name(name):
    return name + "_" if name in JULIA_WORDS else name


class Julia:
    def __init__(self, d):
        self.d = d
        self.called = {i.name for i in d.items if isinstance(i, Typedef) and isinstance(i.type, Called)}

    def type(self, kind):
        if isinstance(kind, Base):
            return JULIA.get(kind.name) or self.d.known(kind.name)
        if isinstance(kind, Array):
            return f"NTuple{{{kind.size}, {self.type(kind.of)}}}"
        if isinstance(kind.to, Called) or isinstance(kind.to, Base) and kind.to.name in self.called:
            return "Ptr{Cvoid}"
        if kind.to == Base("char", True):
            return "Cstring"
        return f"Ptr{{{self.type(kind.to)}}}"

    def value(self, value, kind):
        if isinstance(value, str):
            return f"pointer({literal(value)})"
        if isinstance(value, float) and not math.isfinite(value):
            return "NaN" if math.isnan(value) else "Inf" if value > 0 else "-Inf"
        if value == -(2**63):
            return "typemin(Int64)"
        name = kind.name if isinstance(kind, Base) else ""
        if name == "bool":
            return "true" if value else "false"
        return f"{name}({value})" if isinstance(self.d.names.get(name), Enum) else repr(value)

    def zero(self, kind):
        julia = self.type(kind)
        if isinstance(kind, Base) and isinstance(self.d.names.get(kind.name), Enum):
            numbers = [v for _, v in self.d.names[kind.name].values]
            return f"{julia}({0 if 0 in numbers else numbers[0]})"
        if isinstance(kind, Pointer):
            return "C_NULL"
        if isinstance(kind, Array):
            return f"ntuple(_ -> {self.zero(kind.of)}, {kind.size})"
        if isinstance(kind, Base) and kind.name in self.d.records:
            members = flat(self.d.records[kind.name].members)
            return f"{julia}({', '.join(self.zero(t) for _, t in members)})"
        if isinstance(kind, Base) and isinstance(self.d.names.get(kind.name), Typedef):
            return "C_NULL"
        return "false" if julia == "Bool" else "0.0" if julia in ("Cdouble", "Cfloat") else "0"

    def write(self):
        d, out, exported = self.d, [JULIA_HEAD], []
        out += [f"mutable struct {i.name} end" for i in d.opaque]
        for item in d.items:
            if isinstance(item, Enum) and item.name:
                out.append(f"@enum {item.name}::Cint begin\n" + "".join(f"    {n} = {v}\n" for n, v in item.values) + "end")
            elif isinstance(item, Enum):
                out += [f"const {n} = Cint({v})" for n, v in item.values]
            elif isinstance(item, Typedef):
                out.append(f"const {item.name} = {'Cvoid' if isinstance(item.type, Called) else self.type(item.type)}")
            elif isinstance(item, Record):
                members = "".join(f"    {julia_name(n)}::{self.type(t)}\n" for n, t in flat(item.members))
                out.append(f"struct {item.name}\n{members}end")
            if isinstance(item, Enum):
                exported += [n for n, _ in item.values]
            if not isinstance(item, Opaque) and item.name:
                exported.append(item.name)
        exported += [i.name for i in d.opaque]
        for function, (struct, given) in d.defaults.items():
            members = d.records[struct].members[2:]
            keywords = [f"{julia_name(m)} = {self.value(given[m], t) if m in given else self.zero(t)}" for m, t in members]
            names = "".join(f", {julia_name(m)}" for m, _ in members)
            out.append(f"wick_{function}_defaults(; {', '.join(keywords)}) =\n    {struct}(sizeof({struct}), 0{names})")
            exported.append(f"wick_{function}_defaults")
        for f in d.functions:
            names = [julia_name(n) for n, _ in f.type.parameters]
            kinds = [self.type(t) for _, t in f.type.parameters]
            given = list(names)
            if f.type.variadic:
                given[-1:], kinds = ['"%s"', names[-1]], [*kinds, "Cstring..."]
            tuple_of = f"({', '.join(kinds)}{',' * (len(kinds) == 1)})"
            result, given = self.type(f.type.result), "".join(", " + g for g in given)
            out.append(f"{f.name}({', '.join(names)}) =\n    ccall((:{f.name}, libwick), {result}, {tuple_of}{given})")
        for name in sorted({*exported}):
            out.append(f"export {name}")
        return "\n".join(out) + "\n\nend\n"


# ---- The check, and main ----------------------------------------------------------------------------------------------------

LANGUAGES = {
    "cffi": cdef,
    "lua": cdef,
    "julia": lambda d: Julia(d).write(),
    "rust": lambda d: Rust(d).write(),
    "c++": cpp,
}
FILES = {"wick.cdef": "cffi", "wick.jl": "julia", "wick.rs": "rust", "defaults.h": "c++"}
DECLARED = {
    "wick.cdef": r"(?m)^(?!typedef)[^/\s{}][^{}()]*?\b(wick_\w+)\(.*\);$",
    "wick.jl": r"ccall\(\(:(wick_\w+),",
    "wick.rs": r"(?m)^    pub fn (wick_\w+)\(",
}


def check(folder, library):
    lines = subprocess.run(["nm", "-D", "--defined-only", library], capture_output=True, text=True, check=True).stdout.splitlines()
    exported, wrong = {line.split()[-1] for line in lines if line.split()[-2] == "T"}, []
    for file, pattern in DECLARED.items():
        text = (folder / file).read_text()
        declared = {m for m in re.findall(pattern, text)}
        wrong += [f"{file}: {name} is missing" for name in sorted(exported - declared)]
        wrong += [f"{file}: {name} is declared, and the library does not export it" for name in sorted(declared - exported)]
    for program, shown in ("student_cffi.py", CDEF_PYTHON), ("student.lua", CDEF_LUA):
        if shown not in (ROOT / "tests" / "install" / "load" / program).read_text():
            wrong.append(f"tests/install/load/{program} has not the functions in wick.cdef's comment")
    print("\n".join([*wrong, f"{len(exported)} functions, {len(DECLARED)} files, {len(wrong)} wrong"]))
    return 1 if wrong else 0


def main():
    arguments = sys.argv[1:]
    if len(arguments) == 1 and arguments[0] in LANGUAGES:
        print(LANGUAGES[arguments[0]](Declarations()), end="")
        return 0
    if len(arguments) == 2 and arguments[0] == "write":
        declarations, folder = Declarations(), Path(arguments[1])
        folder.mkdir(parents=True, exist_ok=True)
        for file, language in FILES.items():
            (folder / file).write_text(LANGUAGES[language](declarations))
        return 0
    if len(arguments) == 3 and arguments[0] == "check":
        return check(Path(arguments[1]), arguments[2])
    print(__doc__)
    return 2


if __name__ == "__main__":
    sys.exit(main())
