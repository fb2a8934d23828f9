#!/usr/bin/env python3
"""What an editor shows: clangd is asked about a use of every public function. Go-to-definition has to lead to the prototype, or to a
macro directly below it, with nothing of other functions between them; hover has to show the signature, or the macro.

    check_hover.py INCLUDE_DIR [--list]      --list: a line for each function

Leaves with 77 where clangd is not installed.
"""

import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True
import headers as reader  # noqa: E402

# What stands for a parameter of this type in a call.
ARGUMENTS = {
    "wick_tensor *": "x", "wick_list *": "list", "wick_dims": "WICK_DIMS(0)", "wick_tuple": "WICK_TUPLE(1)", "int64_t": "1",
    "double": "1.0", "bool": "true", "wick_number": "1", "const char *": '"ij"', "wick_dtype": "WICK_FLOAT32",
    "wick_device": "wick_cpu()", "const int64_t *": "1", "int": "1", "size_t": "1", "uint64_t": "1",
}  # fmt: skip


def parameters(function):
    """[(type, name)]; pointers to functions have the type ""."""
    inside = function.prototype[function.prototype.index("(") + 1 : function.prototype.rindex(")")]
    found = []
    for text in reader.split_arguments(inside):
        match = re.match(r"(.*?[ *])(\w+)(?:\[\])?$", text)
        pointer = re.match(r".*?\(\*(\w+)\)", text)
        if pointer:
            found.append(("", pointer[1]))
        elif match:
            found.append((match[1].strip(), match[2]))
    return found


class Clangd:
    """A language server on its standard input and output."""

    def __init__(self, folder):
        self.process = subprocess.Popen(
            ["clangd", "--log=error", "--background-index=0", f"--compile-commands-dir={folder}"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)  # fmt: skip
        self.id = 0
        self.ask("initialize", {"processId": None, "rootUri": Path(folder).as_uri(), "capabilities": {
            "textDocument": {"hover": {"contentFormat": ["plaintext"]}}}})  # fmt: skip
        self.send({"method": "initialized", "params": {}})

    def send(self, message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.process.stdin.flush()

    def ask(self, method, params):
        self.id += 1
        self.send({"id": self.id, "method": method, "params": params})
        while True:
            length = 0
            while (line := self.process.stdout.readline().strip()) != b"":
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            if not length:
                sys.exit("clangd has ended")
            answer = json.loads(self.process.stdout.read(length))
            if answer.get("id") == self.id and "method" not in answer:
                return answer.get("result")


def public_functions():
    """{name: (header, the functions of that name with _opt and _n, {name: macro})}"""
    found = {}
    for header in reader.headers()[0]:
        for block in header.blocks:
            for function in block.functions:
                found.setdefault(reader.stem(function.name), (header, [], {}))[1].append(function)
        for block in header.blocks:
            for macro in block.macros:
                if macro.params is not None and reader.stem(macro.name) in found:
                    found[reader.stem(macro.name)][2].setdefault(macro.name, macro)
    return found


def call(name, functions, macros):
    """A call of the function, by its macro if it has one."""
    types = {name: kind for function in functions for kind, name in parameters(function)}
    macro = macros.get(name)
    if macro:
        names = [p for p in reader.split_arguments(macro.params)]
    else:
        shortest = min(functions, key=lambda f: (f.name != name, len(f.prototype)))
        names = [parameter for _, parameter in parameters(shortest)]
        name = shortest.name
    given = []
    for parameter in names:
        if parameter == "...":
            given += ["1"] if any(t == "const int64_t *" for t in types.values()) else ["x"] if name == "wick_einsum" else []
        else:
            given.append(ARGUMENTS.get(types.get(parameter, "wick_tensor *"), "NULL"))
    return f"{name}({', '.join(given)})"


def beside(lines, at, name):
    """Whether line `at` (from 0) is a prototype of the function or a macro of it, and between the first of these and this one stands
    nothing else, and above or beside them a comment."""
    start = at
    while start > 0 and lines[start].strip():
        text = lines[start]
        names = re.findall(r"\bwick_\w+(?=\()", text)
        if re.match(r"\s*(WICK_API|#\s*define)", text) and names and reader.stem(names[0]) != name:
            break
        if re.match(r"WICK_API\b", text) and names and reader.stem(names[0]) == name:
            return True
        start -= 1
    return False


def main():
    arguments = [a for a in sys.argv[1:] if not a.startswith("--")]
    if len(arguments) != 1:
        sys.exit(__doc__)
    if not shutil.which("clangd"):
        print("clangd is not installed (Debian: apt-get install clangd)")
        sys.exit(77)
    include, listed = Path(arguments[0]).resolve(), "--list" in sys.argv
    found = public_functions()
    uses = [(name, call(name, functions, macros)) for name, (_, functions, macros) in found.items()]
    text = "#include <wick/wick.h>\nvoid try_it(wick_tensor *x, wick_list *list);\nvoid try_it(wick_tensor *x, wick_list *list)\n{\n"
    text += "".join(f"    {use};\n" for _, use in uses) + "}\n"
    wrong = {"definition": [], "hover": []}
    macros = 0  # that are used in the calls
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "use.c"
        source.write_text(text)
        command = {"directory": folder, "file": str(source), "arguments": ["clang", "-std=c11", f"-I{include}", "-c", str(source)]}
        (Path(folder) / "compile_commands.json").write_text(json.dumps([command]))
        clangd = Clangd(folder)
        document = {"uri": source.as_uri()}
        clangd.send({"method": "textDocument/didOpen", "params": {
            "textDocument": {**document, "languageId": "c", "version": 1, "text": text}}})  # fmt: skip
        for i, (name, use) in enumerate(uses):
            where = {"textDocument": document, "position": {"line": 4 + i, "character": 6}}
            places = clangd.ask("textDocument/definition", where) or []
            hover = clangd.ask("textDocument/hover", where)
            shown = (hover or {}).get("contents", {})
            shown = shown.get("value", "") if isinstance(shown, dict) else str(shown)
            place = "nowhere"
            for one in places:
                file, line = Path(one["uri"].removeprefix("file://")).resolve(), one["range"]["start"]["line"]
                place = f"{file.relative_to(reader.ROOT) if reader.ROOT in file.parents else file}:{line + 1}"
                if file == (reader.ROOT / found[name][0].path).resolve() and beside(file.read_text().splitlines(), line, name):
                    break
            else:
                wrong["definition"].append(f"{name}: {use} leads to {place}, which is not beside its prototype")
            called = use.split("(")[0]
            is_macro = called in found[name][2]
            macros += is_macro
            signature = rf"#define {called}\(" if is_macro else rf"\w[ *]+{called}\("
            if not re.search(signature, " ".join(shown.split())):
                wrong["hover"].append(f"{name}: hover shows {shown.splitlines()[:3]}")
            if listed:
                print(f"{name}: {place}: {' '.join(shown.split())[:150]}")
        clangd.process.kill()
    for kind in wrong.values():
        print(*kind, sep="\n", end="\n" if kind else "")
    print(f"{len(uses)} functions, {macros} by macros: definition wrong for {len(wrong['definition'])}, hover for {len(wrong['hover'])}")
    sys.exit(1 if wrong["definition"] or wrong["hover"] else 0)


if __name__ == "__main__":
    main()
