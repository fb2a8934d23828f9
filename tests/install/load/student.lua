-- The training of student_ctypes.py by LuaJIT's ffi: luajit student.lua path/to/libwick.so path/to/wick.cdef
local ffi = require("ffi")
local cdef = assert(io.open(arg[2])):read("*a")
ffi.cdef(cdef)
local wick = ffi.load(arg[1])
local alive = setmetatable({}, {__mode = "k"}) -- the texts in options, as long as these

local function options(name, given)
    local struct, text = cdef:match("\n/[*] " .. name .. ": ([%w_]+) {([^\n]*)} [*]/\n")
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
end

local function check()
    local message = wick.wick_error_message()
    if message ~= nil then
        local text = ffi.string(message)
        wick.wick_clear_error()
        error(text, 0)
    end
end

local function tensor(rows)
    local numbers = {}
    for _, row in ipairs(rows) do
        for _, x in ipairs(row) do numbers[#numbers + 1] = x end
    end
    return wick.wick_from_n(ffi.new("float[?]", #numbers, numbers), wick.WICK_FLOAT32, ffi.new("int64_t[2]", {#rows, #rows[1]}), 2)
end

local function linear(n, m) return wick.wick_nn_linear_opt(n, m, nil) end

local everything = ffi.new("wick_scope[1]", {wick.wick_scope_push()})
wick.wick_manual_seed(0)
local X = tensor({{0.5, 0.7}, {0.1, 0.2}, {1.0, 0.6}, {0.2, 0.8}})
local y = tensor({{1}, {0}, {1}, {0}})
local layers = ffi.new("wick_module *[3]", {linear(2, 4), wick.wick_nn_sigmoid(), linear(4, 1)})
local model = wick.wick_nn_sequential_n(layers, 3)
local optimizer = wick.wick_optim_sgd_opt(wick.wick_nn_parameters(model), options("optim_sgd", {lr = 0.1}))
local input = ffi.new("wick_tensor *[1]", {X})
for epoch = 0, 99 do
    local scope = ffi.new("wick_scope[1]", {wick.wick_scope_push()})
    local difference = wick.wick_sub(wick.wick_nn_forward_n(model, input, 1), y)
    local loss = wick.wick_matmul(wick.wick_t(difference), difference)
    wick.wick_optim_zero_grad(optimizer)
    wick.wick_backward_opt(loss, nil)
    wick.wick_optim_step(optimizer)
    check()
    if epoch % 33 == 0 then print(string.format("%.4f", wick.wick_item(loss))) end
    wick.wick_scope_pop(scope)
end
wick.wick_matmul(X, X)
local ok, message = pcall(check)
print(message)
for name in cdef:gmatch("\n/[*] ([%w_]+): wick_") do options(name) end
assert(ffi.string(options("lr_cyclic_lr").mode) == "triangular" and options("slice")["end"] == -9223372036854775807LL - 1)
assert(wick.wick_item(wick.wick_full_n(real(0.5), nil, 0, wick.WICK_FLOAT64)) == 0.5)
wick.wick_scope_pop(everything)
