"""The public headers, read: what they declare, and what their comments say of it. For reference.py, bindings.py
and measure_house.sh.

    for header in headers(): header.blocks -> Block.comment, Block.functions, Block.options, ...

A block is a comment and what stands below it without a blank line. A function is documented by the comment of its block and
by one beside it. `wick_f_opt`, `wick_f_n` and the macro `wick_f` belong to the function `wick_f`.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass
class Function:
    name: str
    prototype: str  # on one line, without WICK_API
    line: int
    own: str = ""  # the comment beside it
    row: bool = False  # declared by a row of a table, not by a prototype


@dataclass
class Macro:
    name: str
    params: str | None  # None: it has no parentheses
    body: str
    line: int
    own: str = ""


@dataclass
class Option:
    type: str
    name: str
    comment: str


@dataclass
class Block:
    comment: str
    line: int
    section: str
    functions: list = field(default_factory=list)
    macros: list = field(default_factory=list)
    types: list = field(default_factory=list)  # texts of typedefs, structs and enums
    options: dict = field(default_factory=dict)  # struct: [Option]


@dataclass
class Header:
    path: str  # "autograd/ops/pointwise.h"
    about: str = ""
    blocks: list = field(default_factory=list)
    defines: int = 0
    hiding: list = field(default_factory=list)  # names of function-like macros in lower case


def public_headers():
    """The paths of the headers that are installed, as cmake/library.cmake lists them."""
    text = (ROOT / "cmake" / "library.cmake").read_text()
    named = re.search(r"set\(wick_public_headers(.*?)\)", text, re.DOTALL)[1].split()
    families = sorted(str(p.relative_to(ROOT)) for p in (ROOT / "autograd" / "ops").glob("*.h"))
    return [*named, *(f for f in families if f not in named)]


def plain(comment):
    """The words of a comment, its lines kept, without what marks it as one."""
    if comment.startswith("//"):
        return comment[2:].strip()
    lines = comment[2:-2].split("\n")
    lines = [lines[0].strip(), *(re.sub(r"^\s*\* ?", "", line).rstrip() for line in lines[1:])]
    return "\n".join(lines).strip()


def balanced(text, at):
    """The position behind the parentheses that open at text[at]."""
    depth = 0
    for i in range(at, len(text)):
        depth += (text[i] in "([{") - (text[i] in ")]}")
        if depth == 0:
            return i + 1
    return len(text)


def split_arguments(text):
    """Splits at the commas that stand in no parentheses, braces or quotes."""
    parts, depth, start, quoted = [], 0, 0, False
    for i, c in enumerate(text):
        if c == '"' and text[i - 1 : i] != "\\":
            quoted = not quoted
        elif not quoted and c in "([{":
            depth += 1
        elif not quoted and c in ")]}":
            depth -= 1
        elif c == "," and depth == 0 and not quoted:
            parts.append(text[start:i])
            start = i + 1
    parts.append(text[start:])
    return [part.strip() for part in parts]


COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)


def without_comments(text):
    return COMMENT.sub(" ", text)


BODY = re.compile(r"\)\s*\{")  # of an inline function


def items(text):
    """Yields (kind, text, line, whether it follows the item before it on its line, whether a blank line is before it)."""
    at, end_of_last, n = 0, 0, len(text)
    while True:
        space = re.compile(r"\s*").match(text, at)
        at = space.end()
        if at >= n:
            return
        gap = text[end_of_last:at]
        line = text.count("\n", 0, at) + 1
        beside, blank = "\n" not in gap and end_of_last > 0, gap.count("\n") > 1
        if text.startswith(("/*", "//"), at):
            kind, end = "comment", COMMENT.match(text, at).end()
        elif text[at] == "#":
            kind, end = "directive", at
            while end < n and text[end] != "\n":
                comment = COMMENT.match(text, end)
                end = comment.end() if comment else end + 2 if text.startswith("\\\n", end) else end + 1
        elif word := re.compile(r"WICK_(BEGIN|END)_DECLS").match(text, at):
            kind, end = "frame", word.end()
        elif row := re.compile(r"WICK_(?!API\b)[A-Z0-9_]+\(").match(text, at):
            kind, end = "rows", balanced(text, row.end() - 1)
            if text[end : end + 1] == ";":
                end += 1
        else:
            kind, end, depth = "code", at, 0
            while end < n:
                comment = COMMENT.match(text, end)
                if comment:
                    end = comment.end()
                    continue
                depth += (text[end] in "([{") - (text[end] in ")]}")
                end += 1
                if depth == 0 and (text[end - 1] == ";" or text[end - 1] == "}" and BODY.search(text[at:end])):
                    break
        yield kind, text[at:end], line, beside, blank
        at = end_of_last = end


def one_line(text):
    text = re.sub(r"\s+", " ", without_comments(text)).strip().rstrip(";")
    text = re.sub(r"^(WICK_API|extern|static inline) ", "", re.sub(r"WICK_API ", "", text))
    text = re.sub(r" ?WICK_PRINTF\([^)]*\)", "", text)
    text = re.sub(r"\* ?(?:WICK_UNUSED )?", "*", text).replace("( ", "(")
    return re.sub(r"\((wick_\w+)\)(?=\()", r"\1", text)


def function_of(statement, line):
    """The Function that a statement declares with WICK_API, or None."""
    text = one_line(statement)
    match = re.match(r"[^(){}=]*?\b(wick_\w+)\s*\(", text)
    if "WICK_API" not in without_comments(statement) or not match or text.startswith("typedef"):
        return None
    inside = [plain(c) for c in COMMENT.findall(statement)]
    return Function(match[1], text, line, own=" ".join(inside))


def options_of(statement):
    """(name of the struct, [Option]) of a typedef struct wick_..._options, or None."""
    match = re.match(r"typedef struct (wick_\w+_options)\s*\{(.*)\}", statement, re.DOTALL)
    if not match:
        return None
    found, above, heading = [], {}, ""  # above: the comments that stand above members
    for kind, text, _, beside, _ in items(match[2]):
        if kind == "comment" and not beside:
            heading = plain(text).replace("\n", " ")
        elif kind == "comment" and found:
            group = [o for o in found if o.comment == "" and o.type == found[-1].type] if beside else []
            for option in group or found[-1:] if beside else []:
                option.comment = plain(text).replace("\n", " ")
        elif kind == "code":
            before = len(found)
            declaration = one_line(text)
            pointer = re.match(r"(.*?)\(\*(\w+)\)(\(.*\))$", declaration)
            if pointer:
                found.append(Option(pointer[1] + "(*)" + pointer[3], pointer[2], ""))
                above[before], heading = heading, ""
                continue
            first, *others = split_arguments(declaration)
            base = re.match(r"(.*?[ *])(\w+)((?:\[.*\])?)$", first)
            if not base:
                continue
            type_of, stars = re.match(r"(.*?)\s*(\**)\s*$", base[1]).groups()  # const char *a, *b: the stars are each name's own
            for name in [stars + base[2] + base[3], *others]:
                words = re.match(r"(\**)(\w+)((?:\[.*\])?)$", name)
                kind_of = " ".join(filter(None, (type_of, words[1]))) + words[3]
                found.append(Option(kind_of, words[2], " ".join(plain(c) for c in COMMENT.findall(text))))
            above[before], heading = heading, ""
    for i, words in above.items():
        if words:
            found[i].comment = f"{words} {found[i].comment}".strip()
    hidden = ("start_", "size", "size_", "too_many_")
    return match[1], [o for o in found if not (o.name in hidden or (o.name.endswith("_") and o.name != "lambda_"))]


def macro_of(directive, line):
    match = re.match(r"#\s*define\s+(\w+)(\([^)]*\))?[ \t]*(.*)", directive, re.DOTALL)
    if not match:
        return None
    body = match[3].replace("\\\n", "\n")
    comments = [plain(c) for c in COMMENT.findall(body)]
    own = " ".join(comments) if len(comments) == 1 else ""
    return Macro(match[1], match[2][1:-1] if match[2] else None, body, line, own)


def expand(text, macros, depth=0):
    """The text with the upper-case macros in it replaced, as far as tables of declarations need it."""
    if depth > 12:
        return text
    out, at = [], 0
    for match in re.finditer(r"\b(\w+)\b(\s*\()?", text):
        macro = macros.get(match[1])
        if match.start() < at or macro is None or match[1].startswith("wick_") or match[1] in ("WICK_API", "WICK_PRINTF"):
            continue
        if macro.params is None:
            out += [text[at : match.start()], expand(without_comments(macro.body), macros, depth + 1)]
            at = match.end(1)
            continue
        if not match[2]:
            continue
        end = balanced(text, match.end() - 1)
        given = split_arguments(text[match.end() : end - 1])
        names = split_arguments(macro.params)
        if names[-1] == "...":
            names[-1] = "__VA_ARGS__"
            given = [*given[: len(names) - 1], ", ".join(given[len(names) - 1 :])]
        values = dict(zip(names, given))
        body = without_comments(macro.body)
        body = re.sub(r"\s*##\s*", "##", body)
        pasted = re.compile(r"\w+(?:##\w+)+")
        body = pasted.sub(lambda m: "".join(values.get(part, part) for part in m[0].split("##")), body)
        body = re.sub(r"\b\w+\b", lambda m: values.get(m[0], m[0]), body)
        out += [text[at : match.start()], expand(body, macros, depth + 1)]
        at = end
    return "".join(out) + text[at:]


def row_comments(macros):
    """What stands beside the rows of tables: {"relu": "max(x, 0)"}."""
    found = {}
    for macro in macros.values():
        for name, comment in re.findall(r"(?m)\b[A-Z]\((?:X, *)?(\w+)[^\n]*?/\*(.*?)\*/ *$", macro.body):
            found[name] = comment.strip()
    return found


def read(path, text, macros):
    """One header. macros, which is added to, has those of the headers before it."""
    header, section, block = Header(path, defines=len(re.findall(r"(?m)^[ \t]*#[ \t]*define\b", text))), "", None
    last = None  # the functions or macros that a comment beside is for
    condition = []  # of #if: whether what is inside is read

    def current(line):
        nonlocal block
        if block is None:
            block = Block("", line, section)
            header.blocks.append(block)
        return block

    for kind, part, line, beside, blank in items(text):
        if kind == "directive":
            hiding = re.match(r"#\s*define\s+(wick_\w+)\(", part)
            if hiding:
                header.hiding.append(hiding[1])
            if re.match(r"#\s*if", part):
                condition.append(not re.match(r"#\s*(ifdef __cplusplus|if defined\(__cplusplus\))", part))
            elif re.match(r"#\s*el", part) and condition:
                condition[-1] = not condition[-1]
            elif re.match(r"#\s*endif", part) and condition:
                condition.pop()
        if kind == "comment":
            words = plain(part)
            if "clang-format" in words:
                continue
            title = re.match(r"-{3,}\s+(.*?)\s*(?:-{3,}\s*(.*))?$", words, re.DOTALL)
            if title:
                section, block, last = " ".join(title[1].split()), None, None
                if title[2]:
                    header.blocks.append(Block(title[2].strip(), line, section))
            elif beside and last:
                for one in last:
                    one.own = f"{one.own} {words}".strip()
            elif not header.about and not header.blocks and f"{Path(path).name} - " in words.split("\n")[0]:
                header.about = re.sub(r"^.*? - ", "", words, count=1)
            else:
                block = Block(words, line, section)
                header.blocks.append(block)
                last = None
            continue
        if blank and kind != "directive" and block and (block.functions or block.types or block.macros):
            block = None
        last = None
        if not all(condition):
            continue
        if kind == "directive":
            macro = macro_of(part, line)
            if macro and not macro.name.endswith("_H"):
                if blank and block and (block.functions or block.types or block.macros):
                    block = None
                macros.setdefault(macro.name, macro)
                current(line).macros.append(macro)
                last = [macro]
        elif kind == "rows":
            comments = row_comments(macros)
            for statement in re.findall(r"WICK_API[^;]*;", expand(part, macros)):
                function = function_of(statement, line)
                if function:
                    short = function.name.removeprefix("wick_")
                    function.own = comments.get(function.name) or comments.get(short) or comments.get(short.rstrip("_"), "")
                    function.row = True
                    current(line).functions.append(function)
        elif kind == "code":
            function = function_of(part, line)
            if function:
                current(line).functions.append(function)
                last = [function]
            elif options := options_of(part):
                current(line).options[options[0]] = options[1]
                current(line).types.append(part)
            elif part.startswith(("typedef", "enum", "struct")):
                current(line).types.append(part)
                last = None
    return header


def headers():
    """Every public header, in the order of the layers, and all macros by name."""
    macros = {}
    return [read(path, (ROOT / path).read_text(), macros) for path in public_headers()], macros


def defaults(macros):
    """{struct of options: the defaults of its members after start_, in order, as text}; what is not in the list is zero. They are
    what the macros over the functions say, WICK_OPTIONS(struct, defaults, ...): a list by name, or a value."""
    found = {}
    for macro in macros.values():
        for struct, given in re.findall(r"WICK_OPTIONS\(\s*(wick_\w+_options),\s*([^,]+?),", macro.body.replace("\\\n", " ")):
            body = macros[given].body if given in macros and given.endswith("_DEFAULTS") else given
            values = [re.sub(r"\s+", " ", v) for v in split_arguments(without_comments(body.replace("\\\n", " ")))]
            if found.setdefault(struct, values) != values:
                raise SyntaxError(f"{macro.name}: the defaults of {struct} are {found[struct]} elsewhere")
    return found


def mentions(words, name):
    """Whether the comment speaks of the function: by its name, or what is left of it without prefixes and suffixes."""
    if not words:
        return False
    short = re.sub(r"^wick_(nn_|optim_|lr_|init_|list_|plot_|data_)?", "", name)
    for form in {name, name.removeprefix("wick_"), short}:
        for bare in {form, re.sub(r"(_opt|_n)$", "", form), re.sub(r"_*(_opt|_n|_from|_tuple)?_*$", "", form)}:
            if bare and re.search(rf"(?<![A-Za-z0-9]){re.escape(bare)}(?![A-Za-z0-9])", words):
                return True
    return False


def stem(name):
    """What the forms of a function have in common: wick_div_ for wick_div_opt_, wick_zeros for wick_zeros_n, wick_einsum for
    wick_einsum_from, wick_roll for wick_roll_tuple. (wick_from is no form of another.)"""
    return re.sub(r"(?<!^wick)_(opt|n|from|tuple)(_?)$", r"\2", name)


def undocumented(all_headers):
    """(header, function) of each function that nothing is said of. Said is: a comment beside it; one above it, if it is the
    first below or is named there; or that of another form of it (_opt, _n, the macro), or, for a function in place, of the
    one that is not (wick_abs for wick_abs_). A comment above a block of prototypes counts for no more than that."""
    good, blocks = set(), [(header, block) for header in all_headers for block in header.blocks]
    for _, block in blocks:
        for i, function in enumerate(block.functions):
            if function.own or block.comment and (i == 0 or mentions(block.comment, function.name)):
                good.add(stem(function.name))
        for macro in block.macros:
            if macro.name.startswith("wick_") and (macro.own or mentions(block.comment, macro.name)):
                good.add(stem(macro.name))
    for header, block in blocks:
        for function in block.functions:
            name = stem(function.name)
            in_place = name.endswith("_") and name.rstrip("_") in good
            if name not in good and not in_place:
                yield header, function
