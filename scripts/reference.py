#!/usr/bin/env python3
"""The reference, from the comments of the public headers alone: a page for each header with an index and a search box, and
manual pages, section 3.

    reference.py write FOLDER                   FOLDER/html/*.html, FOLDER/man3/*.3
    reference.py check FOLDER [LIBRARY]         ... are whole: each function has an entry and words, links lead somewhere
    reference.py examples INCLUDE_DIR LIBRARY [--write]
                                                docs/reference_examples.c prints what it says (CC: the compiler);
                                                --write: writes down what it prints

Only the standard library is used, and the pages need nothing but themselves: they can be read from a folder.
"""

import datetime
import html
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

sys.dont_write_bytecode = True
import headers as reader  # noqa: E402
from headers import ROOT, balanced, split_arguments, stem  # noqa: E402

EXAMPLES = ROOT / "docs" / "reference_examples.c"
VERSION = re.search(r'#define WICK_VERSION "([^"]+)"', (ROOT / "wick.h").read_text())[1]


# What only macros call: these have no entries.
HELPERS = {
    "wick_anomaly_enter_", "wick_anomaly_leave_", "wick_data_end_pass_", "wick_grad_mode_restore_", "wick_list_each_",
    "wick_list_next_", "wick_natural_",
}  # fmt: skip


@dataclass
class Entry:
    """A function with its other forms, or a macro in capitals."""

    name: str
    header: str
    section: str
    anchor: str
    block: reader.Block  # of the first form that has words, or else of the first
    own: list = field(default_factory=list)  # words beside it
    functions: list = field(default_factory=list)
    macro: reader.Macro | None = None
    options: str = ""  # its struct
    about: str = ""  # what its header is
    blocks: list = field(default_factory=list)

    @property
    def words(self):
        """What is said of it: beside it, and above its block; or else of all that its header declares."""
        return [*self.own, *dict.fromkeys(b.comment for b in self.blocks if b.comment)] or [self.about]


def short_words(entry):
    """What is said of the function, "zeros, ones: as they say", or else the first sentence, on one line, for the index and NAME."""
    bare = re.sub(r"^wick_(nn_|optim_|lr_|data_|init_)?", "", entry.name)
    for words in entry.words[len(entry.own) :] if not entry.own else []:
        flat = re.sub(r"\s+", " ", words)
        named = re.search(rf"(?:^|[.;:] )(?:\w+, )*(?:wick_)?{re.escape(bare)}(?:,? (?:and )?\w+)*: ([^.;:][^;]*?)(?:[.;](?: |$)|$)", flat)
        if named and len(named[1]) < 160:
            return named[1]
    for words in entry.words:
        text = re.sub(r"\n\s*\n.*", "", words, flags=re.DOTALL)
        text = re.sub(r"\n {3,}.*", "", text, flags=re.DOTALL)
        text = re.sub(r"\s+", " ", text).strip()
        sentence = re.match(r"(.*?[^.])[.:;](?: |$)", text)
        text = (sentence[1] if sentence else text).strip()
        if text:
            return text if len(text) < 160 else text[:157].rsplit(" ", 1)[0] + " ..."
    return ""


class Reference:
    """All entries, all options and what the structs' members default to."""

    def __init__(self):
        self.headers, self.macros = reader.headers()
        self.options, self.defaults, self.entries = {}, {}, {}
        for header in self.headers:
            for block in header.blocks:
                self.options.update(block.options)
        self.find_defaults()
        names = {f.name for h in self.headers for b in h.blocks for f in b.functions}
        assert HELPERS <= names, HELPERS - names
        self.hidden = HELPERS
        self.public = names - HELPERS
        known = names | set(self.macros)
        for header in self.headers:
            for block in header.blocks:
                for function in block.functions:
                    if function.name in self.public:
                        name = stem(function.name)
                        self.add(name if name in known else function.name, header, block, function=function)
                for macro in block.macros:
                    if macro.name in known and macro.name.startswith("wick_") and macro.params is not None:
                        name = stem(macro.name)
                        self.add(name if name in known else macro.name, header, block, macro=macro)
                    elif re.match(r"WICK_[A-Z_0-9]*[A-Z0-9]$", macro.name) and (macro.own or block.macros[0] is macro) and (
                        block.comment or macro.own) and not macro.name.endswith(("_DEFAULTS", "_OPTIONS", "_API")) and not block.functions:  # fmt: skip
                        self.add(macro.name, header, block, macro=macro)
        for entry in self.entries.values():
            for function in entry.functions:
                given = re.findall(r"\b(wick_\w+_options)\b", function.prototype)
                if given and given[-1] in self.options:
                    entry.options = given[-1]

    def add(self, name, header, block, function=None, macro=None):
        entry = self.entries.get(name)
        if entry is None:
            entry = Entry(name, header.path, block.section, name, block, about=header.about)
            self.entries[name] = entry
        if function:
            entry.functions.append(function)
            if function.own and function.own not in entry.own:
                entry.own.append(function.own)
        if macro:
            entry.macro = entry.macro or macro
            if macro.own and macro.own not in entry.own and not function:
                entry.own.append(macro.own)
        # A table of rows says nothing of its own of one of them, where there is a prototype elsewhere.
        if block not in entry.blocks and not (function and function.row and entry.functions[:-1]):
            if function and not function.row and entry.functions and all(f.row for f in entry.functions[:-1]) and entry.functions[:-1]:
                entry.blocks.clear()
                entry.header, entry.section, entry.block = header.path, block.section, block
            if not entry.blocks or block.comment:
                entry.blocks.append(block)
        if not entry.block.comment and block.comment:
            entry.block = block

    def find_defaults(self):
        """{struct: {member: what it is if it is not given}}, by position or by designator."""
        every = reader.defaults(self.macros)
        for name in self.options:
            if name not in every:
                continue
            struct = next(t for h in self.headers for b in h.blocks for t in b.types if name in b.options and f"struct {name} " in t)
            inside = reader.without_comments(struct[struct.index("{") : struct.rindex("}")])
            inside = re.sub(r"\(\*(\w+)\)\([^()]*\)", r"\1", inside)  # pointers to functions
            members = re.findall(r"\b(\w+)(?:\[\w+\])*(?=\s*[,;])", inside)
            found = dict(zip([m for m in members if m not in ("size_", "start_")], every[name]))
            self.defaults[name] = {k: v for k, v in found.items()}

    def default(self, struct, option):
        value = self.defaults.get(struct, {}).get(option.name, "")
        if not value:
            m = re.search(r"default:? ([^;,:.]+(?:\.\d+)?)", option.comment)
            return m[1] if m else ""
        plain = {"WICK_UNSET": "not given", "(double)NAN": "not given", "WICK_DTYPE_AUTO": "by rule", "{0, {0}}": "none"}
        return plain.get(value, value)

    def said_of(self, struct, option):
        """The option's comment, without a default that is said already."""
        default = self.default(struct, option)
        match = re.search(r"(?:(?<=^)|; |, )default (\{[^}]*\}|[^;,]+)(?=;|$)", option.comment)
        if not match:
            return option.comment
        try:
            same = float(match[1]) == float(default)
        except ValueError:
            same = match[1].replace(" ", "") == default.replace(" ", "")
        return (option.comment[: match.start()] + option.comment[match.end() :]).lstrip("; ") if same else option.comment

    def parameters(self, entry):
        """(return type, [parameters]) of the form that takes options, or of the first."""
        chosen = next((f for f in entry.functions if entry.options and entry.options in f.prototype), entry.functions[0])
        match = re.match(r"(.*?)\b" + re.escape(chosen.name) + r"\s*\(", chosen.prototype)
        end = balanced(chosen.prototype, match.end() - 1)
        return match[1], split_arguments(chosen.prototype[match.end() : end - 1])

    def signature(self, entry):
        """As it is called: wick_tensor *wick_eye(int64_t n, .m = not given, .dtype = by rule)."""
        if not entry.functions:
            return entry.name + (f"({entry.macro.params})" if entry.macro.params is not None else "")
        kind, parameters = self.parameters(entry)
        if entry.options and entry.macro is not None:
            parameters = [p for p in parameters if entry.options not in p]
            options = self.options[entry.options]
            if any(o.name == "size0" for o in options):
                parameters.append("int64_t sizes...")
            parameters += [f".{o.name} = {self.default(entry.options, o)}" for o in options if not re.match(r"size\d", o.name)]
        elif entry.macro is not None and "..." in (entry.macro.params or "") and all(f.name != entry.name for f in entry.functions):
            return f"{kind}{entry.name}({entry.macro.params})"
        return f"{kind}{entry.name}({', '.join(parameters) or 'void'})"

    def operands(self, entry):
        """The parameters that may be a number instead of a tensor."""
        return re.findall(r"WICK_OPERAND\((\w+)\)", entry.macro.body) if entry.macro else []

    def others(self, entry):
        """Prototypes of the forms beside the one that the signature shows."""
        chosen = self.signature(entry)
        return [f.prototype for f in entry.functions if f.prototype != chosen and (f.name != entry.name or len(entry.functions) == 1)
                and not (f.name == entry.name and f.row)]  # fmt: skip

    def in_place_of(self, entry):
        """The entry whose result this one writes into its argument, or None."""
        if entry.name.endswith("_") and not entry.own:
            return self.entries.get(entry.name.rstrip("_"))
        return None

    def see_also(self, entry):
        near = [e.name for e in self.entries.values() if e is not entry and entry.block.comment and any(b in e.blocks for b in entry.blocks)]
        named = [n for w in entry.words for n in re.findall(r"\bwick_\w+", w)]
        twin = [entry.name + "_", entry.name.rstrip("_"), entry.name.replace("wick_nn_", "wick_"), "wick_nn_" + entry.name[5:]]
        found = [self.entries[stem(n)].name for n in [*twin, *named, *near] if stem(n) in self.entries]
        return [n for n in dict.fromkeys(found) if n != entry.name][:12]


def errors(entry):
    """The sentences that speak of errors."""
    found = []
    for words in entry.words:
        text = re.sub(r"\n {3,}[^\n]*", "", words)
        for sentence in re.split(r"(?<=[a-z)0-9'\"])[.;] +", re.sub(r"\s+", " ", text)):
            if re.search(r"\berrors?\b", sentence, re.IGNORECASE):
                found.append(sentence.strip().rstrip(".") + ".")
    return list(dict.fromkeys(found))


# ---- Examples ---------------------------------------------------------------------------------------------------------------


def examples():
    """{function: (code, what it prints)} of docs/reference_examples.c."""
    if not EXAMPLES.exists():
        return {}
    text, found = EXAMPLES.read_text(), {}
    pattern = r"^EXAMPLE\((\w+)\)(?:\n\{\n(.*?)^\}| \{ ([^\n]*) \})\n(?:/\* prints\n(.*?)^\*/)?"
    for match in re.finditer(pattern, text, re.MULTILINE | re.DOTALL):
        code = match[3] or re.sub(r"(?m)^    ", "", match[2])
        found[match[1]] = (code.rstrip("\n"), match[4] or "")
    return found


def check_examples(include, library, write=False):
    found = examples()
    calls = "".join(f'    puts("== {name}");\n    run(example_{name});\n' for name in found)
    source = (
        "#define EXAMPLE(name) static void example_##name(void)\n"
        f'#include "{EXAMPLES}"\n'
        "static void run(void (*example)(void))\n{\n    wick_manual_seed(0);\n    WICK_SCOPE;\n    example();\n}\n"
        "int main(void)\n{\n    setvbuf(stdout, NULL, _IONBF, 0);\n" + calls + "    return 0;\n}\n"
    )
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "examples.c").write_text(source)
        command = [os.environ.get("CC", "cc"), "-g", "-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Werror", f"-I{include}", "examples.c",
                   str(library), f"-Wl,-rpath,{library.parent}", "-lm", "-o", "examples"]  # fmt: skip
        if subprocess.run(command, cwd=folder).returncode:
            return 1
        done = subprocess.run(["./examples"], cwd=folder, capture_output=True, text=True, timeout=120)
    failed = done.returncode != 0
    print(done.stderr, end="")
    # An error says where the call stands: in a file that the reader does not have, at a line that changes.
    place = r"(?m)^(?:examples\+0x[0-9a-f]+|\S*reference_examples\.c:\d+)(?=: )"
    done.stdout = re.sub(place, "train.c:17", done.stdout)
    printed = dict(re.findall(r"^== (\w+)\n(.*?)(?=^== |\Z)", done.stdout, re.MULTILINE | re.DOTALL))
    if write:
        text = re.sub(r"(?ms)\}\n/\* prints\n.*?^\*/\n", "}\n", EXAMPLES.read_text())
        for name in found:
            text = re.sub(rf"(?ms)^(EXAMPLE\({name}\)(?:\n\{{\n.*?^\}}| \{{ [^\n]* \}})\n)", lambda m: f"{m[1]}/* prints\n{printed[name]}*/\n", text, count=1)
        EXAMPLES.write_text(text)
        return 0
    for name, (_, expected) in found.items():
        if printed.get(name) != expected:
            failed = True
            print(f"{name} prints\n{printed.get(name)}and not\n{expected}")
    known = Reference().entries
    for name in found:
        if name not in known:
            failed = True
            print(f"there is no {name}")
    print(f"{len(found)} examples" + ("" if not failed else ", not all as they say"))
    return 1 if failed else 0


# ---- HTML -------------------------------------------------------------------------------------------------------------------

STYLE = """
:root { color-scheme: light dark; --line: #8884; --soft: #8881; --name: #0b5394; }
@media (prefers-color-scheme: dark) { :root { --name: #7db7f0; } }
* { box-sizing: border-box; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0; display: flex; }
nav { width: 15rem; flex: none; height: 100vh; position: sticky; top: 0; overflow: auto; padding: 1rem; border-right: 1px solid var(--line); font-size: 14px; }
nav h3 { margin: 1rem 0 .2rem; font-size: 14px; } nav a { display: block; }
main { max-width: 60rem; padding: 1rem 2rem 20rem; min-width: 0; flex: 1; }
a { color: var(--name); text-decoration: none; } a:hover { text-decoration: underline; }
h2 { margin: 2.5rem 0 .5rem; border-bottom: 1px solid var(--line); }
section { border: 1px solid var(--line); border-radius: 6px; padding: .3rem 1rem .6rem; margin: 1rem 0; }
h3 { margin: .6rem 0 .3rem; font-size: 17px; }
code, pre { font: 13.5px/1.45 ui-monospace, "DejaVu Sans Mono", monospace; }
pre { background: var(--soft); padding: .6rem .8rem; border-radius: 4px; overflow-x: auto; margin: .5rem 0; }
pre.signature { border-left: 3px solid var(--name); white-space: pre-wrap; }
table { border-collapse: collapse; margin: .5rem 0; width: 100%; } td:nth-child(-n+3) { white-space: nowrap; } td, th { text-align: left; padding: .2rem .8rem .2rem 0; vertical-align: top; border-bottom: 1px solid var(--line); font-size: 14.5px; }
.more { font-size: 14px; } .one { margin-top: .8rem; } .one + .one { border-top: 1px dashed var(--line); padding-top: .4rem; }
#search { width: 100%; padding: .4rem; font-size: 15px; } #found a { padding: .1rem 0; } #found small { display: block; opacity: .75; }
:target { scroll-margin-top: 1rem; background: #ffd54f33; }
@media (max-width: 50rem) { body { display: block; } nav { width: auto; height: auto; position: static; } }
"""

SEARCH = """
var box = document.getElementById("search"), found = document.getElementById("found"), rest = document.getElementById("rest");
function look() {
    var words = box.value.toLowerCase().trim().split(/\\s+/).filter(Boolean), hits = [];
    found.textContent = "";
    rest.hidden = words.length > 0;
    if (!words.length) return;
    WICK_INDEX.forEach(function (e) {
        var name = e[0].toLowerCase(), all = name + " " + e[2].toLowerCase();
        if (!words.every(function (w) { return all.indexOf(w) >= 0; })) return;
        var bare = name.replace(/^wick_(nn_|optim_|lr_|data_|init_)?/, "");
        hits.push([bare === words[0] || name === words[0] ? 0 : bare.indexOf(words[0]) === 0 ? 1 : name.indexOf(words[0]) >= 0 ? 2 : 3, e]);
    });
    hits.sort(function (a, b) { return a[0] - b[0] || (a[1][0] < b[1][0] ? -1 : 1); });
    hits.slice(0, 60).forEach(function (h) {
        var a = document.createElement("a"), s = document.createElement("small");
        a.href = h[1][1]; a.textContent = h[1][0]; s.textContent = h[1][2];
        found.appendChild(a); found.appendChild(s);
    });
    if (!hits.length) found.textContent = "nothing found";
}
box.addEventListener("input", look);
box.addEventListener("keydown", function (e) { if (e.key === "Enter" && found.querySelector("a")) location.href = found.querySelector("a").href; });
document.addEventListener("keydown", function (e) { if (e.key === "/" && document.activeElement !== box) { e.preventDefault(); box.focus(); } });
"""


def page_of(path):
    return path.removesuffix(".h").replace("/", "_") + ".html"


class Pages:
    def __init__(self, reference):
        self.reference, self.examples = reference, examples()
        self.link = {}
        for entry in reference.entries.values():
            for name in [entry.name, *(f.name for f in entry.functions)]:
                self.link[name] = f"{page_of(entry.header)}#{entry.anchor}"

    def linked(self, text, here=""):
        """Escaped, with a link at each name that has an entry."""

        def one(match):
            name = match[0]
            target = self.link.get(name)
            return f'<a href="{target}">{name}</a>' if target and name != here else name

        return re.sub(r"\b(?:wick|WICK)_\w+", one, html.escape(text, quote=False))

    def prose(self, words, here=""):
        """A comment's paragraphs, its lists, and its indented lines, which are code or formulas."""
        out, paragraph, code, points = [], [], [], []

        def flush():
            if paragraph:
                out.append("<p>" + self.linked(" ".join(paragraph), here) + "</p>")
            if points:
                out.append("<ul>" + "".join(f"<li>{self.linked(' '.join(p), here)}</li>" for p in points) + "</ul>")
            if code:
                while code and not code[-1].strip():
                    code.pop()
                indent = min(len(line) - len(line.lstrip()) for line in code if line.strip())
                out.append("<pre>" + self.linked("\n".join(line[indent:] for line in code), here) + "</pre>")
            paragraph.clear(), code.clear(), points.clear()

        for line in words.split("\n"):
            if not line.strip():
                if code:
                    code.append("")
                else:
                    flush()
            elif re.match(r"\s+- ", line):
                if not points:
                    flush()
                points.append([re.sub(r"\s+- ", "", line, count=1)])
            elif line.startswith("    ") or code and line.startswith("  "):
                if points:
                    points[-1].append(line.strip())
                    continue
                if not code:
                    flush()
                code.append(line)
            else:
                if code or points:
                    flush()
                paragraph.append(line.strip())
        flush()
        return "\n".join(out)

    def entry(self, entry, alone, shown):
        """What is special to one function. alone: its block has no other, so that the words above follow. shown: the structs of
        options whose table stands above, and where."""
        r = self.reference
        out = [f'<div class="one" id="{entry.anchor}"><h3>{entry.name}</h3>']
        out.append(f'<pre class="signature">{self.linked(wrapped(r.signature(entry)), entry.name)}</pre>')
        for words in entry.own:
            out.append(self.prose(words, entry.name))
        of = r.in_place_of(entry)
        if of:
            out.append(f"<p>{self.linked(of.name)} in place: the result is written into the first argument, which is returned.</p>")
        if alone:
            for block in entry.blocks:
                out.append(self.prose(block.comment, entry.name))
        numbers = r.operands(entry)
        if numbers:
            out.append(f"<p class=more>{' and '.join(f'<code>{n}</code>' for n in numbers)} may be a tensor or a number.</p>")
        if entry.options in shown:
            out.append(f"<p class=more>The options are those of {self.linked(shown[entry.options])}.</p>")
        elif entry.options and any(f.name != entry.name for f in entry.functions):
            rows, shown[entry.options] = [], entry.name
            for option in r.options[entry.options]:
                if not re.match(r"size\d", option.name):
                    rows.append(f"<tr><td><code>.{option.name}</code><td><code>{html.escape(option.type)}</code>"
                                f"<td><code>{html.escape(r.default(entry.options, option))}</code><td>{self.linked(r.said_of(entry.options, option))}")  # fmt: skip
            if rows:
                out.append("<table><tr><th>Option<th>Type<th>Default<th>" + "".join(rows) + "</table>")
        others = r.others(entry)
        if others:
            out.append('<details class=more><summary>Other forms</summary><pre>' + self.linked("\n".join(o + ";" for o in others), entry.name) + "</pre></details>")
        if entry.name in self.examples:
            code, printed = self.examples[entry.name]
            out.append(f"<p class=more>Example:</p><pre>{self.linked(code, entry.name)}</pre>")
            out.append(f"<pre>{html.escape(printed.rstrip(chr(10)))}</pre>" if printed else "")
        out.append("</div>")
        return "\n".join(out)

    def header(self, header):
        r, out, section = self.reference, [], None
        out.append(f"<h1>{header.path}</h1>")
        out.append(f"<pre>#include &lt;wick/wick.h&gt;      // or &lt;wick/{header.path}&gt;</pre>")
        out.append(self.prose(header.about[:1].upper() + header.about[1:]))
        by_block = {}
        for entry in r.entries.values():
            if entry.header == header.path:
                by_block.setdefault(id(entry.block), []).append(entry)
        contents = []
        for block in header.blocks:
            entries = by_block.get(id(block), [])
            types = [t for t in block.types if not re.match(r"typedef struct wick_\w+_options", t)]
            if not entries and not types and not (block.comment and not block.functions and not block.macros and not block.types):
                continue
            if block.section != section and block.section:
                section = block.section
                anchor = "section-" + re.sub(r"\W+", "-", section).strip("-").lower()
                contents.append((anchor, section))
                out.append(f'<h2 id="{anchor}">{html.escape(section)}</h2>')
            alone = len(entries) == 1
            if not entries and not types:
                out.append(self.prose(block.comment))
                continue
            out.append("<section>")
            if not alone and block.comment:
                out.append(self.prose(block.comment))
            for text in types:
                out.append("<pre>" + self.linked(text) + "</pre>")
            shown = {}
            out += [self.entry(entry, alone, shown) for entry in entries]
            out.append("</section>")
        local = "".join(f'<a href="#{a}">{html.escape(t)}</a>' for a, t in contents)
        return self.frame(header.path, "\n".join(out), local and f"<h3>On this page</h3>{local}")

    def frame(self, title, body, local=""):
        links = "".join(f'<a href="{page_of(h.path)}">{h.path}</a>' for h in self.reference.headers if self.is_page(h))
        return (
            f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
            f"<title>{html.escape(title)} - Wick {VERSION}</title><style>{STYLE}</style></head><body><nav>"
            f'<a href="index.html"><b>Wick {VERSION}</b></a><input id="search" type="search" placeholder="Search ( / )" aria-label="Search">'
            f'<div id="found"></div><div id="rest">{local}<h3>Headers</h3>{links}</div></nav><main>{body}</main>'
            f'<script src="search-index.js"></script><script>{SEARCH}</script></body></html>\n'
        )

    def is_page(self, header):
        return any(e.header == header.path for e in self.reference.entries.values()) or any(b.types for b in header.blocks)

    def index(self):
        out = [f"<h1>Wick {VERSION}: the reference</h1>",
               "<p>Every public function, by the header that declares it, as the headers' own comments say it. Type a name or a word "
               "into the search box: PyTorch's names are the names here.</p>"]  # fmt: skip
        for header in self.reference.headers:
            names = [e for e in self.reference.entries.values() if e.header == header.path]
            if self.is_page(header):
                first = re.sub(r"\s+", " ", header.about.split("\n\n")[0]).rstrip(":")
                first = first[:1].upper() + first[1:]
                out.append(f'<h3><a href="{page_of(header.path)}">{header.path}</a></h3><p>{self.linked(first)}</p><p class=more>')
                out.append(", ".join(f'<a href="{page_of(e.header)}#{e.anchor}">{e.name}</a>' for e in names) + "</p>")
        return self.frame("Reference", "\n".join(out))

    def write(self, folder):
        folder.mkdir(parents=True)
        for header in self.reference.headers:
            if self.is_page(header):
                (folder / page_of(header.path)).write_text(self.header(header))
        (folder / "index.html").write_text(self.index())
        rows = []
        for name, target in sorted((n, t) for n, t in self.link.items() if not n.endswith("_opt")):
            entry = next(e for e in self.reference.entries.values() if target.endswith("#" + e.anchor))
            of = self.reference.in_place_of(entry)
            rows.append([name, target, short_words(entry) if not of else f"{of.name} in place"])
        quoted = ",\n".join("[" + ", ".join('"' + s.replace("\\", "\\\\").replace('"', '\\"').replace("<", "\\u003c") + '"' for s in row) + "]" for row in rows)
        (folder / "search-index.js").write_text(f"var WICK_INDEX = [\n{quoted}\n];\n")


def wrapped(signature, width=100):
    """A signature that is too long for a line, one parameter under the other."""
    if len(signature) <= width or "(" not in signature:
        return signature
    opening = signature.index("(", signature.index("wick_", 0) if "wick_" in signature else 0)
    # the name's own parenthesis, not that of a type before it
    match = re.search(r"wick_\w+\(", signature)
    opening = match.end() - 1 if match else opening
    indent, lines, line = " " * (opening + 1 if opening < 50 else 4), [], signature[: opening + 1]
    for i, part in enumerate(split_arguments(signature[opening + 1 : -1])):
        piece = part + ", "
        if i and len(line) + len(piece) > width:
            lines.append(line.rstrip())
            line = indent
        line += piece
    return "\n".join([*lines, line.rstrip().rstrip(",") + ")"])


# ---- Manual pages -----------------------------------------------------------------------------------------------------------


def roff(text):
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("^", "\\(ha").replace("~", "\\(ti").replace("`", "\\(ga")
    return "\n".join("\\&" + line if line.startswith((".", "'")) else line for line in text.split("\n"))


def roff_prose(words):
    out, code = [], False

    def leave():
        nonlocal code
        if code:
            while out and out[-1] == "":
                out.pop()
            out.append(".EE\n.RE")
            code = False

    gap = False
    for line in words.split("\n"):
        if not line.strip():
            gap = True
            continue
        if line.startswith("    ") and not re.match(r"\s+- ", line):
            if not code:
                out.append(".PP\n.RS 4\n.EX")
                code = True
            elif gap:
                out.append("")
            out.append(roff(line[4:]))
        elif re.match(r"\s+- ", line):
            leave()
            out.append(".IP \\(bu 2\n" + roff(re.sub(r"\s+- ", "", line, count=1)))
        else:
            ended = code
            leave()
            if gap or ended:
                out.append(".PP")
            out.append(roff(line.strip()))
        gap = False
    leave()
    return "\n".join(out).removeprefix(".PP\n") if not words.startswith("    ") else "\n".join(out)


def manual(reference, entry, shown, date):
    r = reference
    of = r.in_place_of(entry)
    name = f"{of.name} in place" if of else short_words(entry)
    out = [f'.TH {entry.name} 3 "{date}" "Wick {VERSION}" "Wick"', ".ad l", ".SH NAME", f"{entry.name} \\- {roff(name) or 'see below'}"]
    out += [".SH SYNOPSIS", ".nf", f"\\fB#include <wick/wick.h>\\fP      /* or <wick/{roff(entry.header)}> */", ".PP"]
    out.append(roff(wrapped(r.signature(entry), 76)) + (";" if entry.functions else ""))
    for other in r.others(entry):
        out += [".PP", roff(wrapped(other, 76)) + ";"]
    out.append(".fi")
    if entry.words or of:
        out.append(".SH DESCRIPTION")
        parts = [roff_prose(words) for words in entry.words]
        if of:
            parts.insert(0, f"{roff(of.name)}(3) in place: the result is written into the first argument, which is returned.")
        for i, part in enumerate(parts):
            out += ([".PP"] if i and not part.startswith(".PP") else []) + [part.removeprefix(".PP\n") if i == 0 else part]
    numbers = r.operands(entry)
    if numbers:
        out += [".PP", " and ".join(f"\\fI{n}\\fP" for n in numbers) + " may be a tensor or a number."]
    if entry.options:
        rows = [o for o in r.options[entry.options] if not re.match(r"size\d", o.name)]
        if rows:
            out.append(".SH OPTIONS")
            for o in rows:
                default = r.default(entry.options, o)
                out += [".TP", f"\\fB.{roff(o.name)}\\fP ({roff(o.type)}" + (f", default {roff(default)})" if default else ")")]
                out.append(roff(r.said_of(entry.options, o)) or ".br")
    said = errors(entry)
    if said:
        out += [".SH ERRORS", *(roff(sentence) for sentence in said)]
    if entry.name in shown:
        code, printed = shown[entry.name]
        out += [".SH EXAMPLE", ".EX", roff(code), ".EE"]
        if printed:
            out += [".PP", "prints", ".PP", ".EX", roff(printed.rstrip("\n")), ".EE"]
    also = r.see_also(entry)
    if also:
        out += [".SH SEE ALSO", ",\n".join(f".BR {roff(n)} (3)" for n in also).replace(",\n", "\n")]
    return "\n".join(out) + "\n"


def write_manual(reference, folder):
    folder.mkdir(parents=True)
    stamp = int(os.environ.get("SOURCE_DATE_EPOCH", 0))
    date = (datetime.datetime.fromtimestamp(stamp, datetime.timezone.utc) if stamp else datetime.datetime.now()).strftime("%Y-%m-%d")
    shown = examples()
    for entry in reference.entries.values():
        (folder / f"{entry.name}.3").write_text(manual(reference, entry, shown, date))
    for entry in reference.entries.values():
        for function in entry.functions:
            if function.name not in reference.entries:
                (folder / f"{function.name}.3").write_text(f".so man3/{entry.name}.3\n")


# ---- The check --------------------------------------------------------------------------------------------------------------


def same_value(a, b):
    try:
        return float(a) == float(b)
    except ValueError:
        return a == b


def check(folder, library):
    reference, wrong = Reference(), []
    documented = {f.name for e in reference.entries.values() for f in e.functions}
    declared = {f.name for h in reference.headers for b in h.blocks for f in b.functions}
    wrong += [f"{name} has no entry" for name in sorted(declared - documented - reference.hidden)]
    if library and shutil.which("nm"):
        done = subprocess.run(["nm", "-D", "--defined-only", library], capture_output=True, text=True)
        exported = {m[1] for m in re.finditer(r" [TW] (wick_\w+)", done.stdout)}
        wrong += [f"{name} is exported, and no header is seen to declare it" for name in sorted(exported - declared)]
    for entry in reference.entries.values():
        if not any(entry.words) and not reference.in_place_of(entry):
            wrong.append(f"{entry.header}: {entry.name} has no comment")
        for function in entry.functions:
            if not (folder / "man3" / f"{function.name}.3").is_file():
                wrong.append(f"{function.name} has no manual page")
    for struct, options in reference.options.items():
        for option in options:
            said = re.search(r"(?:^|; |, )default (-?\d[\d.e+-]*|true|false)(?=;|$)", option.comment)
            value = reference.default(struct, option)
            # These may stand for "not given", which the function makes something of.
            if said and value not in ("", "NULL", "0", "-1", "INT32_MIN", "INT64_MIN") and not same_value(said[1], value):
                wrong.append(f"{struct}.{option.name}: the comment says default {said[1]}, and the defaults are {value}")
    ids = {p.name: set(re.findall(r'\bid="([^"]+)"', p.read_text())) for p in (folder / "html").glob("*.html")}
    links = [(p.name, href) for p in (folder / "html").glob("*.html") for href in re.findall(r'href="([^"]+)"', p.read_text())]
    links += [("search-index.js", href) for href in re.findall(r'", "([^"]+)"', (folder / "html" / "search-index.js").read_text()) if ".html" in href]
    for page, href in links:
        target, _, anchor = href.partition("#")
        target = target or page
        if target not in ids or anchor and anchor not in ids[target]:
            wrong.append(f"{page}: the link {href} leads nowhere")
    pages = sorted(str(p) for p in (folder / "man3").glob("*.3") if not p.read_text().startswith(".so "))
    linters = []
    if shutil.which("mandoc"):
        linters.append("mandoc")
        done = subprocess.run(["mandoc", "-Tlint", "-W", "warning", *pages], capture_output=True, text=True)
        wrong += done.stdout.splitlines()[:20]
    if shutil.which("groff"):
        linters.append("groff")
        done = subprocess.run(["groff", "-man", "-Tutf8", "-ww", "-z", "-K", "utf-8", *pages], capture_output=True, text=True)
        wrong += [line for line in done.stderr.splitlines() if "warning" in line or "error" in line][:20]
    print("\n".join(dict.fromkeys(wrong)))
    print(f"{len(reference.entries)} entries, {len(documented)} functions, {len(ids)} pages, {len(links)} links, "
          f"{len(pages)} manual pages ({' and '.join(linters) or 'no mandoc or groff here'}), {len(wrong)} wrong")  # fmt: skip
    return 1 if wrong else 0


def main():
    command, write = sys.argv[1] if len(sys.argv) > 1 else "", "--write" in sys.argv
    arguments = [Path(a).absolute() for a in sys.argv[2:] if a != "--write"]
    if command == "write" and len(arguments) == 1:
        folder, reference = arguments[0], Reference()
        for part in ("html", "man3"):
            shutil.rmtree(folder / part, ignore_errors=True)
        Pages(reference).write(folder / "html")
        write_manual(reference, folder / "man3")
        return 0
    if command == "check" and arguments:
        return check(arguments[0], arguments[1] if len(arguments) > 1 else None)
    if command == "examples" and len(arguments) == 2:
        return check_examples(*arguments, write)
    print(__doc__)
    return 2


if __name__ == "__main__":
    sys.exit(main())
