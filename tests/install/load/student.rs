// The training of student_ctypes.py by Rust and the generated wick.rs, which lies beside this file when it is compiled.
mod wick;
use std::ffi::CStr;
use std::ptr::null;
use wick::*;

fn check() -> Result<(), String> {
    unsafe {
        let message = wick_error_message();
        if message.is_null() {
            return Ok(());
        }
        let text = CStr::from_ptr(message).to_string_lossy().into_owned();
        wick_clear_error();
        Err(text)
    }
}

unsafe fn tensor(numbers: &[f32], shape: &[i64]) -> *mut wick_tensor {
    wick_from_n(numbers.as_ptr() as *const _, WICK_FLOAT32, shape.as_ptr(), shape.len() as _)
}

fn main() {
    unsafe {
        let mut everything = wick_scope_push();
        wick_manual_seed(0);
        let x = tensor(&[0.5, 0.7, 0.1, 0.2, 1.0, 0.6, 0.2, 0.8], &[4, 2]);
        let y = tensor(&[1.0, 0.0, 1.0, 0.0], &[4, 1]);
        let layers = [wick_nn_linear_opt(2, 4, null()), wick_nn_sigmoid(), wick_nn_linear_opt(4, 1, null())];
        let model = wick_nn_sequential_n(layers.as_ptr(), 3);
        let options = wick_optim_sgd_options { lr: 0.1, ..wick_optim_sgd_defaults() };
        let optimizer = wick_optim_sgd_opt(wick_nn_parameters(model), &options);
        for epoch in 0..100 {
            let mut scope = wick_scope_push();
            let error = wick_sub(wick_nn_forward_n(model, &x, 1), y);
            let loss = wick_matmul(wick_t(error), error);
            wick_optim_zero_grad(optimizer);
            wick_backward_opt(loss, null());
            wick_optim_step(optimizer);
            check().unwrap();
            if epoch % 33 == 0 {
                println!("{:.4}", wick_item(loss));
            }
            wick_scope_pop(&mut scope);
        }
        wick_matmul(x, x);
        println!("{}", check().unwrap_err());
        wick_scope_pop(&mut everything);
    }
}
