#!/usr/bin/env python3
"""Every public function that can fail begins with WK_ENTER (tensor/call.h), so that its errors bear its name and the error
handler is called as it returns; and no other does.
    check_entries.py COMPILE_COMMANDS

COMPILE_COMMANDS is the build's compile_commands.json, so that what is seen is what is built. Which functions can fail is read from the preprocessed source: those from which wick_fail can be reached, by whatever names
a function or a table mentions.
"""
import concurrent.futures
import json
import pathlib
import re
import shlex
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
LAYERS = ("tensor", "autograd", "nn", "optim", "data", "plot")
# These are what the guard is made of.
EXEMPT = {"wick_fail", "wick_warn"}

TOKEN = re.compile(r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'|[A-Za-z_]\w*|->|[^\s\w]|\d[\w.]*')


def sources(compile_commands):
    """The library's files, and the command that preprocesses each."""
    commands = {}
    for entry in json.loads(pathlib.Path(compile_commands).read_text()):
        file = (pathlib.Path(entry["directory"]) / entry["file"]).resolve()
        words = entry["arguments"] if "arguments" in entry else shlex.split(entry["command"])
        if ROOT in file.parents and file.relative_to(ROOT).parts[0] in LAYERS:
            out = words.index("-o")
            commands[str(file.relative_to(ROOT))] = (words[:out] + words[out + 2:] + ["-E", "-P"], entry["directory"])
    return dict(sorted(commands.items()))


def preprocess(command):
    words, directory = command
    return subprocess.run(words, capture_output=True, text=True, cwd=directory, check=True).stdout


def definitions(text):
    """(name, is static, is a function, the identifiers that it mentions, whether it begins with the guard)."""
    tokens = TOKEN.findall(text)
    i, start, count = 0, 0, len(tokens)
    while i < count:
        depth = 0
        name, body, assigned = None, None, False
        start = i
        while i < count:
            t = tokens[i]
            if t in "([{":
                if t == "{" and depth == 0 and body is None:
                    body = i
                if t == "(" and depth == 0 and name is None and not assigned and i > start:
                    if tokens[i + 2:i + 4] == [")", "("]:  # (wick_add)(...), since wick_add(...) is a macro, too
                        name = tokens[i + 1]
                    elif re.match(r"[A-Za-z_]", tokens[i - 1]) and tokens[i - 1] not in ("__attribute__", "_Atomic"):
                        name = tokens[i - 1]
                depth += 1
            elif t in ")]}":
                depth -= 1
                if t == "}" and depth == 0 and not assigned and name:
                    i += 1
                    break
            elif t == "=" and depth == 0:
                assigned = True
                if name is None:
                    k = i - 1
                    while k > start and not re.match(r"[A-Za-z_]", tokens[k]):
                        k = k - 1 if tokens[k] != "]" else k - tokens[start:k + 1][::-1].index("[") - 1
                    name = tokens[k]
            elif t == ";" and depth == 0:
                i += 1
                break
            i += 1
        if name is None or (body is None and not assigned):
            continue
        of = tokens[start:i]
        inside = tokens[body:i] if body is not None and not assigned else of
        mentions = {t for k, t in enumerate(inside) if re.match(r"[A-Za-z_]", t) and inside[k - 1] not in (".", "->")}
        guarded = "wk_enter" in inside[:40] and ";" not in inside[:inside.index("wk_enter")]
        yield name, "static" in tokens[start:body or i], not assigned and body is not None, mentions - {name}, guarded


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    commands = sources(sys.argv[1])
    with concurrent.futures.ThreadPoolExecutor() as pool:
        texts = list(pool.map(preprocess, commands.values()))
    mentioned, guards, shared = {}, {}, {}
    for file, text in zip(commands, texts):
        for name, static, function, mentions, guarded in definitions(text):
            key = (file, name) if static else name
            mentioned[key] = (file, mentions)
            if function and not static:
                guards[name] = (file, guarded)
    can_fail, grew = {"wick_fail"}, True
    while grew:
        grew = False
        for key, (file, mentions) in mentioned.items():
            if key not in can_fail and any(m in can_fail or (file, m) in can_fail for m in mentions):
                can_fail.add(key)
                grew = True
    wrong = 0
    public = {n: g for n, g in guards.items() if n.startswith("wick_") and n not in EXEMPT}
    for name, (file, guarded) in sorted(public.items()):
        if guarded != (name in can_fail):
            print(f"{file}: {name} " + ("begins with WK_ENTER, and cannot fail" if guarded else
                                        "can fail, and does not begin with WK_ENTER"))
            wrong += 1
    print(f"{len(public)} public functions, {sum(g for _, g in public.values())} begin with WK_ENTER, {wrong} wrong")
    return 1 if wrong or not public else 0


if __name__ == "__main__":
    sys.exit(main())
