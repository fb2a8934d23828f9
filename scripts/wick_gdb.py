"""Wick's objects in gdb: what `p *x` says of a wick_tensor, a wick_list, a wick_node, a wick_module, a wick_dict or a
wick_optim, and a line of it for a pointer to one, in `p x`, `info locals` and `bt`.

    (gdb) source .../share/wick/gdb/wick_gdb.py
    (gdb) p *y
    $1 = float32 (2, 1), cpu, grad_fn=<AddmmBackward0>
    [[-0.4017],
     [ 0.2309]]
    (gdb) p *y->grad_fn
    (gdb) wick-graph y            the graph behind y, down to its leaves
    (gdb) wick-error              this thread's error

The library must have debug information (cmake -DCMAKE_C_FLAGS=-g); docs/debugging.md is the manual. Everything is read from
memory and no function of the program is called, so that it works where the program crashed, and on a core file.
`p/r *x` shows the struct as it is.
"""

import math
import struct

import gdb

MAX_DIMS = 8
EDGE_ITEMS = 3
MAX_LINES = 40  # of a list, a module's tree or a graph
FREED = "freed object"

DTYPES = {  # by the enumerator's name: how numpy and PyTorch call it, its format for struct
    "WICK_FLOAT32": ("float32", "f"),
    "WICK_FLOAT64": ("float64", "d"),
    "WICK_INT64": ("int64", "q"),
    "WICK_UINT8": ("uint8", "B"),
    "WICK_BOOL": ("bool", "?"),
}


# ---- Reading ------------------------------------------------------------------------------------------------------------


def member(value, name):
    """The member, or None if the struct has none of this name: a version of the library may have others."""
    names = {field.name for field in value.type.strip_typedefs().fields()}
    return value[name] if name in names else None


def text(pointer):
    """The C string at pointer, or None."""
    if pointer is None or int(pointer) == 0:
        return None
    try:
        return pointer.string(errors="replace", length=-1)
    except (gdb.error, UnicodeError):
        return None


def byte_order():
    return ">" if "big" in gdb.execute("show endian", to_string=True) else "<"


def class_name(value):
    """What the object at value says it is: "tensor", "node", ...; None if that cannot be read."""
    try:
        return text(value["base"]["cls"]["name"])
    except gdb.error:
        return None


def what_is_wrong(value, cls):
    """Why this is no object of the class, or None."""
    if value.address is None:
        return None
    try:
        found = class_name(value)
        if found == cls:
            return None
        if found == FREED:
            return f"<a {cls} that was freed: the scope that owned it has ended>"
        if found == "uninitialized parameter" and cls == "tensor":
            return "<an uninitialized parameter: its shape is known after the first forward of its lazy module>"
        value["base"]["cls"].fetch_lazy()
    except gdb.error:
        return f"<no memory at {hex(int(value.address))}>"
    return f"<no live {cls}: freed, or never one>"


def sizes(array, count):
    return [int(array[i]) for i in range(count)]


def tuple_text(numbers):
    return f"({numbers[0]},)" if len(numbers) == 1 else "(" + ", ".join(map(str, numbers)) + ")"


# ---- Tensors ------------------------------------------------------------------------------------------------------------


def dtype_of(value):
    """(name, format for struct) of an enumerator's value."""
    enumerators = gdb.lookup_type("enum wick_dtype").strip_typedefs().fields()
    for field in enumerators:
        if field.enumval == int(value) and field.name in DTYPES:
            return DTYPES[field.name]
    return None


class Tensor:
    """A wick_tensor, read."""

    def __init__(self, value):
        self.value = value
        self.ndim = int(value["ndim"])
        self.dtype = dtype_of(value["dtype"])
        self.shape = self.strides = []
        if self.ndim <= MAX_DIMS:
            self.shape = sizes(value["shape"], self.ndim)
            self.strides = sizes(value["strides"], self.ndim)

    def is_sane(self):
        return self.ndim <= MAX_DIMS and self.dtype and all(size >= 0 for size in self.shape)

    def head(self):
        """Everything but the elements, on one line."""
        value = self.value
        parts = [f"{self.dtype[0]} {tuple_text(self.shape) if self.shape else '()'}"]
        if member(value, "is_parameter"):
            parts[0] = "Parameter " + parts[0]
        parts.append("cpu")
        if not value["contiguous"]:
            parts.append(f"strides {tuple_text(self.strides)}")
        if int(value["view_of"]):
            parts.append("a view")
        if value["requires_grad"]:
            parts.append("requires_grad=True")
        if int(value["grad_fn"]):
            parts.append(f"grad_fn=<{node_name(value['grad_fn'].dereference())}>")
        if int(value["grad"]):
            parts.append("has .grad")
        return ", ".join(parts)

    def elements(self):
        """The elements as numpy lays them out, the middle of a large tensor left out."""
        storage = self.value["storage"]
        if int(storage) == 0:
            return "<no elements>"
        numel = math.prod(self.shape)
        if numel == 0:
            return "[]"
        limit = gdb.parameter("print elements") or 1 << 62
        edge = 0 if numel <= limit else EDGE_ITEMS if self.ndim <= 4 else 1
        code = byte_order() + self.dtype[1]
        width = struct.calcsize(code)
        inferior = gdb.selected_inferior()
        first = int(storage["data"]) + int(self.value["offset"]) * width

        def walk(dim, at):
            if dim == self.ndim:
                return struct.unpack(code, bytes(inferior.read_memory(at, width)))[0]
            size = self.shape[dim]
            shown = range(size)
            if edge and size > 2 * edge:
                shown = [*range(edge), None, *range(size - edge, size)]
            return [None if i is None else walk(dim + 1, at + i * self.strides[dim] * width) for i in shown]

        try:
            return layout(walk(0, first), self.ndim, self.dtype[0])
        except gdb.MemoryError:
            return f"<no memory at {hex(first)}>"


def flatten(nested):
    if not isinstance(nested, list):
        return [nested]
    return [item for part in nested for item in flatten(part)]


def shortest(value, dtype):
    """As few digits as tell the number from its neighbours."""
    if dtype == "float32" and math.isfinite(value):
        for digits in range(6, 10):
            short = f"{value:.{digits}g}"
            if struct.unpack("f", struct.pack("f", float(short)))[0] == value:
                return short if "." in short or "e" in short else short + "."
    written = repr(value)
    return written[:-1] if written.endswith(".0") else written


def formatter(values, dtype):
    """A function that gives a number its text, in the format that all of them share: PyTorch's rule."""
    if dtype == "bool":
        return str
    if not dtype.startswith("float"):
        return str
    if len(values) == 1:
        return lambda x: shortest(x, dtype)
    sized = [abs(x) for x in values if math.isfinite(x) and x != 0]
    largest, smallest = max(sized, default=0), min(sized, default=0)
    if sized and (largest / smallest > 1000 or largest > 1e8 or smallest < 1e-4):
        pattern = "{:.4e}"
    elif all(x == math.ceil(x) for x in sized):
        pattern = "{:.0f}."
    else:
        pattern = "{:.4f}"
    return lambda x: pattern.format(x) if math.isfinite(x) else str(x)


def layout(nested, ndim, dtype):
    values = [x for x in flatten(nested) if x is not None]
    form = formatter(values, dtype)
    width = max(len(form(x)) for x in values) if ndim else 0

    def write(part, indent):
        if part is None:
            return "..."
        if not isinstance(part, list):
            return form(part).rjust(width)
        if part and not any(isinstance(item, list) for item in part):
            pieces, line = [], indent + 1
            for i, item in enumerate(part):
                piece = write(item, 0)
                if i and line + len(piece) + 2 > 80:
                    pieces.append(",\n" + " " * (indent + 1) + piece)
                    line = indent + 1 + len(piece)
                else:
                    pieces.append((", " if i else "") + piece)
                    line += len(piece) + 2
            return "[" + "".join(pieces) + "]"
        return "[" + (",\n" + " " * (indent + 1)).join(write(item, indent + 1) for item in part) + "]"

    return write(nested, 0)


def tensor_line(value):
    wrong = what_is_wrong(value, "tensor")
    if wrong:
        return wrong
    tensor = Tensor(value)
    return tensor.head() if tensor.is_sane() else "<a tensor whose memory was overwritten>"


def tensor_text(value):
    wrong = what_is_wrong(value, "tensor")
    if wrong:
        return wrong
    tensor = Tensor(value)
    if not tensor.is_sane():
        return "<a tensor whose memory was overwritten>"
    elements = tensor.elements()
    return tensor.head() + ("\n" if "\n" in elements else ": ") + elements


# ---- Nodes --------------------------------------------------------------------------------------------------------------


def node_name(node):
    try:
        return text(node["op"]["name"]) or "?"
    except gdb.error:
        return "?"


def place(node):
    """Where the user's call stands that made the node: "train.c:17", or None."""
    return site_text(member(node, "site"))


def site_text(site):
    if site is not None and int(site["address"]):
        found = gdb.find_pc_line(int(site["address"]) - 1)  # it is where the call returns to
        if found.symtab:
            return f"{found.symtab.filename.rsplit('/', 1)[-1]}:{found.line}"
    return None


def node_line(node):
    wrong = what_is_wrong(node, "node")
    if wrong:
        return wrong
    leaf = node["leaf"]
    if int(leaf):
        return f"<{node_name(node)}> of the leaf {tensor_line(leaf.dereference())}"
    dtype, ndim = dtype_of(node["dtype"]), int(node["ndim"])
    line = f"<{node_name(node)}>"
    if dtype and ndim <= MAX_DIMS:
        line += f" made {dtype[0]} {tuple_text(sizes(node['shape'], ndim)) if ndim else '()'}"
    made = place(node)
    return line + (f" at {made}" if made else "")


def node_inputs(node):
    return [node["input"][i] for i in range(max(0, min(int(node["inputs"]), 10000)))]


def node_text(node):
    wrong = what_is_wrong(node, "node")
    if wrong:
        return wrong
    lines = [node_line(node)]
    for i, source in enumerate(node_inputs(node)):
        lines.append(f"  input[{i}]: {node_line(source.dereference()) if int(source) else 'needs no gradient'}")
    saved = node["saved"]
    low, high = saved.type.range()
    for i in range(low, high + 1):
        if int(saved[i]["tensor"]):
            lines.append(f"  saved {'abcy'[i]}: {tensor_line(saved[i]['tensor'].dereference())}")
    return cut(lines)


def cut(lines):
    if len(lines) > MAX_LINES:
        lines = [*lines[:MAX_LINES], f"... and {len(lines) - MAX_LINES} lines more"]
    return "\n".join(lines)


# ---- Lists, dicts, modules, optimizers ------------------------------------------------------------------------------------


def list_line(value):
    return what_is_wrong(value, "list") or f"a list of {int(value['count'])}"


def list_text(value):
    wrong = what_is_wrong(value, "list")
    if wrong:
        return wrong
    lines = [list_line(value)]
    for i in range(int(value["count"])):
        item = value["items"][i]
        lines.append(f"  [{i}]: {tensor_line(item.dereference()) if int(item) else 'None'}")
        if len(lines) > 2 * MAX_LINES:
            break
    if len(lines) > MAX_LINES:
        lines = [*lines[: MAX_LINES - 1], "  ..."]
    return "\n".join(lines)


def entries(names):
    """(name, pointer) of each entry of an ordered map."""
    for i in range(min(int(names["count"]), 100000)):
        entry = names["entry"][i]
        yield text(entry["name"]), entry["object"]


def as_object(pointer, struct_name):
    return pointer.cast(gdb.lookup_type("struct " + struct_name).pointer()).dereference()


def dict_line(value):
    return what_is_wrong(value, "dict") or f"a dict of {int(value['names']['count'])}"


def dict_text(value):
    wrong = what_is_wrong(value, "dict")
    if wrong:
        return wrong
    lines = [dict_line(value)]
    lines += [f"  {name}: {tensor_line(as_object(pointer, 'wick_tensor'))}" for name, pointer in entries(value["names"])]
    return cut(lines)


def module_name(value):
    return text(value["name"].address.cast(gdb.lookup_type("char").pointer())) or "?"


def module_line(value):
    wrong = what_is_wrong(value, "module")
    return wrong or f"{module_name(value)}, {'training' if value['training'] else 'eval'}"


def table(value, enumerator):
    index = gdb.lookup_static_symbol(enumerator) or gdb.lookup_symbol(enumerator)[0]
    numbers = {"WK_PARAMETERS": 0, "WK_BUFFERS": 1, "WK_CHILDREN": 2}
    try:
        at = int(index.value()) if index else numbers[enumerator]
    except (gdb.error, TypeError):
        at = numbers[enumerator]
    return entries(value["table"][at])


def module_text(value):
    wrong = what_is_wrong(value, "module")
    if wrong:
        return wrong
    lines = [module_line(value)]

    def walk(module, indent, seen):
        for enumerator in ("WK_PARAMETERS", "WK_BUFFERS"):
            for name, pointer in table(module, enumerator):
                lines.append(f"{indent}{name}: {tensor_line(as_object(pointer, 'wick_tensor'))}")
        for name, pointer in table(module, "WK_CHILDREN"):
            if len(lines) > 10 * MAX_LINES:
                return
            child = as_object(pointer, "wick_module")
            lines.append(f"{indent}({name}): {module_line(child)}")
            if int(pointer) not in seen and not what_is_wrong(child, "module"):
                walk(child, indent + "  ", seen | {int(pointer)})

    walk(value, "  ", {int(value.address)} if value.address is not None else set())
    return cut(lines)


def optim_line(value):
    wrong = what_is_wrong(value, "optimizer")
    return wrong or f"{text(value['method']['name'])}, groups: {int(value['count'])}"


def optim_text(value):
    wrong = what_is_wrong(value, "optimizer")
    if wrong:
        return wrong
    lines, method = [optim_line(value)], value["method"]
    for g in range(min(int(value["count"]), MAX_LINES)):
        group = value["group"][g]
        hyper = [f"{text(method['hyper'][i]['name'])}={float(group['hyper'][i]):.10g}" for i in range(int(method["hypers"]))]
        lines.append(f"  group {g}: {', '.join(hyper)}")
        for i in range(min(int(group["count"]), MAX_LINES)):
            lines.append(f"    {tensor_line(group['param'][i]['tensor'].dereference())}")
    return cut(lines)


# ---- What gdb calls ---------------------------------------------------------------------------------------------------------

KINDS = {  # struct: the class's name in messages, one line, all of it
    "wick_tensor": (tensor_line, tensor_text),
    "wick_list": (list_line, list_text),
    "wick_node": (node_line, node_text),
    "wick_dict": (dict_line, dict_text),
    "wick_module": (module_line, module_text),
    "wick_optim": (optim_line, optim_text),
}
NO_DEBUG_INFO = "<libwick has no debug information: build it with -DCMAKE_C_FLAGS=-g>"


class Printer:
    """Of a struct: all of it; of a pointer: the address and a line."""

    def __init__(self, value, write, pointer):
        self.value, self.write, self.pointer = value, write, pointer

    def to_string(self):
        if not self.pointer:
            return self.safely(self.value)
        address = int(self.value)
        if address == 0:
            return "NULL"
        return f"{hex(address)} {self.safely(self.value.dereference())}"

    def safely(self, value):
        try:
            return self.write(value)
        except (gdb.error, RuntimeError, ValueError, OverflowError) as wrong:
            return f"<{wrong}>"


class Opaque:
    """Of a struct that the program knows the name of, and no more."""

    def __init__(self, value):
        self.value = value

    def to_string(self):
        return NO_DEBUG_INFO


def complete(value):
    """The value with its members, which the library's debug information has; the program's knows the name alone."""
    name = value.type.strip_typedefs().tag or value.type.name
    if value.type.strip_typedefs().fields():
        return value
    try:
        found = gdb.lookup_type("struct " + name)
    except gdb.error:
        return None
    if not found.fields() or value.address is None:
        return None
    return value.address.cast(found.pointer()).dereference()


def lookup(value):
    kind = value.type.strip_typedefs()
    pointer = kind.code == gdb.TYPE_CODE_PTR
    target = kind.target().strip_typedefs() if pointer else kind
    if target.code != gdb.TYPE_CODE_STRUCT or target.tag not in KINDS:
        return None
    line, whole = KINDS[target.tag]
    if pointer:
        if int(value) == 0:
            return Printer(value, line, True)
        with_members = complete(value.dereference())
        return Printer(with_members.address, line, True) if with_members is not None else None
    with_members = complete(value)
    return Printer(with_members, whole, False) if with_members is not None else Opaque(value)


lookup.name = "wick"
lookup.enabled = True


class Graph(gdb.Command):
    """wick-graph TENSOR_OR_NODE: the nodes behind it, each once, down to the leaves."""

    def __init__(self):
        super().__init__("wick-graph", gdb.COMMAND_DATA, gdb.COMPLETE_EXPRESSION)

    def invoke(self, argument, from_tty):
        try:
            self.show(argument, gdb.parse_and_eval(argument))
        except gdb.error as wrong:
            raise gdb.GdbError(f"wick-graph: {wrong}") from wrong

    @staticmethod
    def show(argument, value):
        if value.type.strip_typedefs().code == gdb.TYPE_CODE_PTR:
            if int(value) == 0:
                raise gdb.GdbError("wick-graph: " + argument + " is NULL")
            value = value.dereference()
        value = complete(value)
        if value is None:
            raise gdb.GdbError("wick-graph: " + NO_DEBUG_INFO)
        kind = value.type.strip_typedefs().tag
        if kind == "wick_tensor":
            wrong = what_is_wrong(value, "tensor")
            if wrong or not int(value["grad_fn"]):
                print(wrong or "no grad_fn: a leaf, " + tensor_line(value))
                return
            value = value["grad_fn"].dereference()
        elif kind != "wick_node":
            raise gdb.GdbError("wick-graph: " + argument + " is no wick_tensor and no wick_node")
        seen, stack, count = {}, [(value, 0)], 0
        while stack:
            node, depth = stack.pop()
            indent = "  " * depth
            at = int(node.address)
            if at in seen:
                print(f"{indent}#{seen[at]} <{node_name(node)}>, above")
                continue
            seen[at] = count
            print(f"{indent}#{count} {node_line(node)}")
            count += 1
            if count > 1000:
                print("... and more")
                return
            if not what_is_wrong(node, "node"):
                for source in reversed(node_inputs(node)):
                    if int(source):
                        stack.append((source.dereference(), depth + 1))


class Error(gdb.Command):
    """wick-error: the error that the selected thread has recorded, as wick_error() tells it, without calling it."""

    SITE_TEXT = 256  # WK_SITE_TEXT: what is left free before the message, for its place

    def __init__(self):
        super().__init__("wick-error", gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        try:
            address = gdb.parse_and_eval("wk_thread_address")
            if int(address) == 0 or int(address["failure"]["code"]) == 0:
                print("no error")
                return
            failure = address["failure"]
            start = failure["longer"]
            if int(start) == 0:
                start = failure["text"].address.cast(gdb.lookup_type("char").pointer())
            place = site_text(failure["site"])
            print((place + ": " if place else "") + (text(start + self.SITE_TEXT) or "?"))
        except gdb.error as wrong:
            raise gdb.GdbError(f"wick-error: {wrong}") from wrong


def register():
    gdb.pretty_printers[:] = [p for p in gdb.pretty_printers if getattr(p, "name", "") != "wick"]
    gdb.pretty_printers.append(lookup)
    Graph()
    Error()


register()
