/* reference_examples.c - what stands as an example under the functions that are used most, in the reference (scripts/reference.py).
 * Each runs in a scope of its own, after wick_manual_seed(0); ctest -R reference_examples compares what it prints. */
#include <stdio.h>
#include <wick/wick.h>

/* ---- Making tensors ---------------------------------------------------------------------------------------------- */

EXAMPLE(wick_zeros)
{
    wick_print(wick_zeros(2, 3));
    wick_print(wick_zeros(2, .dtype = WICK_INT64));
}
/* prints
tensor([[0., 0., 0.],
        [0., 0., 0.]])
tensor([0, 0])
*/

EXAMPLE(wick_ones) { wick_print(wick_ones(2, 2, .requires_grad = true)); }
/* prints
tensor([[1., 1.],
        [1., 1.]], requires_grad=True)
*/

EXAMPLE(wick_full)
{
    wick_print(wick_full(0.5, 2, 2));
    wick_print(wick_full(7, 3)); /* an integer makes int64 */
}
/* prints
tensor([[0.5000, 0.5000],
        [0.5000, 0.5000]])
tensor([7, 7, 7])
*/

EXAMPLE(wick_rand) { wick_print(wick_rand(3)); /* after wick_manual_seed(0), what torch.rand(3) gives */ }
/* prints
tensor([0.4963, 0.7682, 0.0885])
*/

EXAMPLE(wick_randn) { wick_print(wick_randn(2, 2)); }
/* prints
tensor([[ 1.5410, -0.2934],
        [-2.1788,  0.5684]])
*/

EXAMPLE(wick_from)
{
    float *p = (float[]){1, 2, 3};
    wick_print(wick_from(((float[][2]){{5, 7}, {1, 2}}), 2, 2));
    wick_print(wick_from(p, 3, .requires_grad = true));
    wick_print(wick_from(((int[]){1, 0}), 2));
}
/* prints
tensor([[5., 7.],
        [1., 2.]])
tensor([1., 2., 3.], requires_grad=True)
tensor([1, 0])
*/

EXAMPLE(wick_arange)
{
    wick_print(wick_arange(5));
    wick_print(wick_arange(2, 10, .step = 3));
    wick_print(wick_arange(0, 1, .step = 0.25));
}
/* prints
tensor([0, 1, 2, 3, 4])
tensor([2, 5, 8])
tensor([0.0000, 0.2500, 0.5000, 0.7500])
*/

EXAMPLE(wick_linspace) { wick_print(wick_linspace(0, 1, 5)); }
/* prints
tensor([0.0000, 0.2500, 0.5000, 0.7500, 1.0000])
*/

EXAMPLE(wick_eye) { wick_print(wick_eye(2)); }
/* prints
tensor([[1., 0.],
        [0., 1.]])
*/

EXAMPLE(wick_zeros_like)
{
    wick_tensor *x = wick_from(((double[]){1, 2}), 2);
    wick_print(wick_zeros_like(x));
}
/* prints
tensor([0., 0.], dtype=torch.float64)
*/

EXAMPLE(wick_manual_seed)
{
    wick_manual_seed(42);
    wick_print(wick_rand(2));
    wick_manual_seed(42);
    wick_print(wick_rand(2));
}
/* prints
tensor([0.8823, 0.9150])
tensor([0.8823, 0.9150])
*/

/* ---- Asking about tensors, and reading them ------------------------------------------------------------------------ */

EXAMPLE(wick_print) { wick_print(wick_from(((double[]){0.001, 1234.5}), 2)); }
/* prints
tensor([1.0000e-03, 1.2345e+03], dtype=torch.float64)
*/

EXAMPLE(wick_item)
{
    wick_tensor *loss = wick_mean(wick_from(((float[]){1, 2, 4}), 3));
    printf("%.4f\n", wick_item(loss));
}
/* prints
2.3333
*/

EXAMPLE(wick_size)
{
    wick_tensor *x = wick_zeros(4, 7);
    printf("%d dimensions, %lld rows, %lld columns\n", wick_ndim(x), wick_size(x, 0), wick_size(x, -1));
}
/* prints
2 dimensions, 4 rows, 7 columns
*/

EXAMPLE(wick_numel) { printf("%lld\n", wick_numel(wick_zeros(4, 7))); }
/* prints
28
*/

EXAMPLE(wick_get)
{
    wick_tensor *x = wick_from(((float[][2]){{5, 7}, {1, 2}}), 2, 2);
    printf("%g\n", wick_get(x, 1, 0));
}
/* prints
1
*/

EXAMPLE(wick_data_float32)
{
    wick_tensor *x = wick_zeros(3);
    float *p = wick_data_float32(x);
    for (int i = 0; i < 3; i++)
        p[i] = (float)(i * i);
    wick_print(x);
}
/* prints
tensor([0., 1., 4.])
*/

/* ---- Operations ------------------------------------------------------------------------------------------------------ */

EXAMPLE(wick_add)
{
    wick_tensor *x = wick_from(((float[]){1, 2}), 2);
    wick_print(wick_add(x, x));
    wick_print(wick_add(x, 10)); /* a number as well */
}
/* prints
tensor([2., 4.])
tensor([11., 12.])
*/

EXAMPLE(wick_sub) { wick_print(wick_sub(1.0, wick_from(((float[]){0.25f, 0.5f}), 2))); }
/* prints
tensor([0.7500, 0.5000])
*/

EXAMPLE(wick_mul)
{
    wick_tensor *column = wick_from(((float[][1]){{1}, {2}}), 2, 1);
    wick_print(wick_mul(column, wick_from(((float[]){10, 20, 30}), 3))); /* (2, 1) and (3) broadcast to (2, 3) */
}
/* prints
tensor([[10., 20., 30.],
        [20., 40., 60.]])
*/

EXAMPLE(wick_div)
{
    wick_tensor *x = wick_from(((int[]){7, -7}), 2);
    wick_print(wick_div(x, 2));
    wick_print(wick_div(x, 2, .rounding_mode = "floor"));
}
/* prints
tensor([ 3.5000, -3.5000])
tensor([ 3, -4])
*/

EXAMPLE(wick_pow) { wick_print(wick_pow(wick_from(((float[]){1, 2, 3}), 3), 2)); }
/* prints
tensor([1., 4., 9.])
*/

EXAMPLE(wick_exp) { wick_print(wick_exp(wick_from(((float[]){0, 1, 2}), 3))); }
/* prints
tensor([1.0000, 2.7183, 7.3891])
*/

EXAMPLE(wick_log) { wick_print(wick_log(wick_from(((float[]){1, 10, 0}), 3))); }
/* prints
tensor([0.0000, 2.3026,   -inf])
*/

EXAMPLE(wick_sqrt) { wick_print(wick_sqrt(wick_from(((float[]){4, 2, -1}), 3))); }
/* prints
tensor([2.0000, 1.4142,    nan])
*/

EXAMPLE(wick_clamp) { wick_print(wick_clamp(wick_from(((float[]){-2, 0.5f, 3}), 3), .min = 0, .max = 1)); }
/* prints
tensor([0.0000, 0.5000, 1.0000])
*/

EXAMPLE(wick_where)
{
    wick_tensor *x = wick_from(((float[]){-1, 2, -3}), 3);
    wick_print(wick_where(wick_gt(x, 0), x, 0));
}
/* prints
tensor([0., 2., 0.])
*/

EXAMPLE(wick_eq)
{
    wick_tensor *predicted = wick_from(((int[]){1, 0, 2}), 3), *labels = wick_from(((int[]){1, 1, 2}), 3);
    wick_print(wick_eq(predicted, labels));
    printf("accuracy %.2f\n", wick_item(wick_mean(wick_eq(predicted, labels), .dtype = WICK_FLOAT32)));
}
/* prints
tensor([ True, False,  True])
accuracy 0.67
*/

EXAMPLE(wick_matmul)
{
    wick_tensor *A = wick_from(((float[][2]){{1, 2}, {3, 4}}), 2, 2);
    wick_print(wick_matmul(A, A));
    wick_print(wick_matmul(A, wick_from(((float[]){1, 1}), 2)));
}
/* prints
tensor([[ 7., 10.],
        [15., 22.]])
tensor([3., 7.])
*/

EXAMPLE(wick_linear)
{
    wick_tensor *x = wick_from(((float[][2]){{1, 2}}), 1, 2),
                *W = wick_from(((float[][2]){{1, 0}, {0, 1}, {1, 1}}), 3, 2);
    wick_print(wick_linear(x, W, wick_from(((float[]){10, 20, 30}), 3))); /* x W^T + b */
}
/* prints
tensor([[11., 22., 33.]])
*/

EXAMPLE(wick_einsum)
{
    wick_tensor *A = wick_from(((float[][2]){{1, 2}, {3, 4}}), 2, 2);
    wick_print(wick_einsum("ii", A));     /* the trace */
    wick_print(wick_einsum("ij->ji", A)); /* the transpose */
}
/* prints
tensor(5.)
tensor([[1., 3.],
        [2., 4.]])
*/

EXAMPLE(wick_relu) { wick_print(wick_relu(wick_from(((float[]){-1, 0, 2}), 3))); }
/* prints
tensor([0., 0., 2.])
*/

EXAMPLE(wick_sigmoid) { wick_print(wick_sigmoid(wick_from(((float[]){-2, 0, 2}), 3))); }
/* prints
tensor([0.1192, 0.5000, 0.8808])
*/

EXAMPLE(wick_tanh) { wick_print(wick_tanh(wick_from(((float[]){-1, 0, 1}), 3))); }
/* prints
tensor([-0.7616,  0.0000,  0.7616])
*/

EXAMPLE(wick_softmax)
{
    wick_tensor *p = wick_softmax(wick_from(((float[][3]){{1, 2, 3}, {0, 0, 0}}), 2, 3), 1);
    wick_print(p);
    wick_print(wick_sum(p, .dim = 1));
}
/* prints
tensor([[0.0900, 0.2447, 0.6652],
        [0.3333, 0.3333, 0.3333]])
tensor([1., 1.])
*/

EXAMPLE(wick_sum)
{
    wick_tensor *x = wick_from(((float[][3]){{1, 2, 3}, {4, 5, 6}}), 2, 3);
    wick_print(wick_sum(x));
    wick_print(wick_sum(x, .dim = 0));
    wick_print(wick_sum(x, .dim = 1, .keepdim = true));
}
/* prints
tensor(21.)
tensor([5., 7., 9.])
tensor([[ 6.],
        [15.]])
*/

EXAMPLE(wick_mean) { wick_print(wick_mean(wick_from(((float[][2]){{1, 2}, {3, 4}}), 2, 2), .dim = 0)); }
/* prints
tensor([2., 3.])
*/

EXAMPLE(wick_max)
{
    wick_tensor *x = wick_from(((float[][3]){{1, 9, 3}, {7, 5, 6}}), 2, 3), *where;
    wick_print(wick_max(x));
    wick_print(wick_max(x, .dim = 1, .indices = &where));
    wick_print(where);
}
/* prints
tensor(9.)
tensor([9., 7.])
tensor([1, 0])
*/

EXAMPLE(wick_argmax) { wick_print(wick_argmax(wick_from(((float[][3]){{1, 9, 3}, {7, 5, 6}}), 2, 3), .dim = 1)); }
/* prints
tensor([1, 0])
*/

EXAMPLE(wick_std)
{
    wick_tensor *x = wick_from(((float[]){1, 2, 3, 4}), 4);
    wick_print(wick_std(x));
    wick_print(wick_std(x, .correction = 0));
}
/* prints
tensor(1.2910)
tensor(1.1180)
*/

EXAMPLE(wick_reshape) { wick_print(wick_reshape(wick_arange(6), 2, -1)); }
/* prints
tensor([[0, 1, 2],
        [3, 4, 5]])
*/

EXAMPLE(wick_transpose) { wick_print(wick_transpose(wick_reshape(wick_arange(6), 2, 3), 0, 1)); }
/* prints
tensor([[0, 3],
        [1, 4],
        [2, 5]])
*/

EXAMPLE(wick_squeeze)
{
    puts(wick_shape_string(wick_squeeze(wick_zeros(1, 3, 1))));
    puts(wick_shape_string(wick_squeeze(wick_zeros(1, 3, 1), .dim = 0)));
}
/* prints
torch.Size([3])
torch.Size([3, 1])
*/

EXAMPLE(wick_unsqueeze)
{
    puts(wick_shape_string(wick_unsqueeze(wick_zeros(3), 0)));
    puts(wick_shape_string(wick_unsqueeze(wick_zeros(3), -1)));
}
/* prints
torch.Size([1, 3])
torch.Size([3, 1])
*/

EXAMPLE(wick_cat)
{
    wick_tensor *a = wick_ones(2, 2), *b = wick_zeros(1, 2);
    wick_print(wick_cat(wick_list_of(a, b)));
}
/* prints
tensor([[1., 1.],
        [1., 1.],
        [0., 0.]])
*/

EXAMPLE(wick_stack) { wick_print(wick_stack(wick_list_of(wick_ones(2), wick_zeros(2)))); }
/* prints
tensor([[1., 1.],
        [0., 0.]])
*/

EXAMPLE(wick_slice)
{
    wick_tensor *x = wick_arange(6);
    wick_print(wick_slice(x, 0, 1, 4));
}
/* prints
tensor([1, 2, 3])
*/

EXAMPLE(wick_index_select)
{
    wick_tensor *x = wick_from(((float[][2]){{1, 2}, {3, 4}, {5, 6}}), 3, 2);
    wick_print(wick_index_select(x, 0, wick_from(((int[]){2, 0}), 2)));
}
/* prints
tensor([[5., 6.],
        [1., 2.]])
*/

EXAMPLE(wick_gather)
{
    wick_tensor *scores = wick_from(((float[][3]){{1, 2, 3}, {4, 5, 6}}), 2, 3);
    wick_tensor *labels = wick_from(((int[][1]){{2}, {0}}), 2, 1);
    wick_print(wick_gather(scores, 1, labels));
}
/* prints
tensor([[3.],
        [4.]])
*/

EXAMPLE(wick_one_hot) { wick_print(wick_one_hot(wick_from(((int[]){0, 2}), 2), .num_classes = 3)); }
/* prints
tensor([[1, 0, 0],
        [0, 0, 1]])
*/

/* ---- Losses ---------------------------------------------------------------------------------------------------------- */

EXAMPLE(wick_mse_loss)
{
    wick_tensor *x = wick_from(((float[]){1, 2}), 2), *y = wick_from(((float[]){1, 4}), 2);
    wick_print(wick_mse_loss(x, y));
    wick_print(wick_mse_loss(x, y, .reduction = WICK_SUM));
}
/* prints
tensor(2.)
tensor(4.)
*/

EXAMPLE(wick_cross_entropy)
{
    wick_tensor *scores = wick_from(((float[][3]){{2, 0, 0}, {0, 1, 0}}), 2, 3);
    wick_tensor *labels = wick_from(((int[]){0, 1}), 2);
    wick_print(wick_cross_entropy(scores, labels));
    wick_print(wick_cross_entropy(scores, labels, .label_smoothing = 0.1));
}
/* prints
tensor(0.3955)
tensor(0.4955)
*/

EXAMPLE(wick_binary_cross_entropy_with_logits)
{
    wick_tensor *scores = wick_from(((float[]){2, -1}), 2), *y = wick_from(((float[]){1, 0}), 2);
    wick_print(wick_binary_cross_entropy_with_logits(scores, y));
}
/* prints
tensor(0.2201)
*/

/* ---- Autograd --------------------------------------------------------------------------------------------------------- */

EXAMPLE(wick_backward)
{
    wick_tensor *x = wick_from(((float[]){1, 2, 3}), 3, .requires_grad = true);
    wick_backward(wick_sum(wick_mul(x, x)));
    wick_print(wick_grad_of(x)); /* 2 x */
}
/* prints
tensor([2., 4., 6.])
*/

EXAMPLE(wick_grad)
{
    wick_tensor *x = wick_full(3.0, .requires_grad = true);
    wick_list *first = wick_grad(wick_list_of(wick_pow(x, 3)), wick_list_of(x), .create_graph = true);
    wick_print(wick_list_get(first, 0));                             /* 3 x^2 */
    wick_print(wick_list_get(wick_grad(first, wick_list_of(x)), 0)); /* 6 x */
}
/* prints
tensor(27., grad_fn=<MulBackward0>)
tensor(18.)
*/

EXAMPLE(wick_grad_of)
{
    wick_tensor *w = wick_ones(2, .requires_grad = true);
    wick_backward(wick_sum(wick_mul(w, 3)));
    wick_backward(wick_sum(wick_mul(w, 3)));
    wick_print(wick_grad_of(w)); /* gradients add up until they are cleared */
}
/* prints
tensor([6., 6.])
*/

EXAMPLE(wick_requires_grad_)
{
    wick_tensor *w = wick_requires_grad_(wick_zeros(2), true);
    wick_print(w);
}
/* prints
tensor([0., 0.], requires_grad=True)
*/

EXAMPLE(wick_detach)
{
    wick_tensor *x = wick_ones(2, .requires_grad = true), *y = wick_mul(x, 2);
    wick_print(y);
    wick_print(wick_detach(y));
}
/* prints
tensor([2., 2.], grad_fn=<MulBackward0>)
tensor([2., 2.])
*/

EXAMPLE(wick_grad_fn)
{
    wick_tensor *y = wick_exp(wick_ones(2, .requires_grad = true));
    wick_node *node = wick_grad_fn(y);
    printf("%s <- %s\n", wick_node_name(node), wick_node_name(wick_node_input(node, 0)));
}
/* prints
ExpBackward0 <- AccumulateGrad
*/

/* ---- Modules, optimizers, files ------------------------------------------------------------------------------------------ */

EXAMPLE(wick_nn_linear)
{
    wick_module *layer = wick_nn_linear(3, 2, .bias = false);
    WICK_FOR_EACH (p, wick_nn_parameters(layer))
        wick_print(p);
    puts(wick_shape_string(wick_nn_forward(layer, wick_zeros(5, 3))));
}
/* prints
Parameter containing:
tensor([[-0.0043,  0.3097, -0.4752],
        [-0.4249, -0.2224,  0.1548]], requires_grad=True)
torch.Size([5, 2])
*/

EXAMPLE(wick_nn_sequential)
{
    wick_module *model = wick_nn_sequential(wick_nn_linear(2, 4), wick_nn_relu(), wick_nn_linear(4, 1));
    wick_nn_print(model);
}
/* prints
Sequential(
  (0): Linear(in_features=2, out_features=4, bias=True)
  (1): ReLU()
  (2): Linear(in_features=4, out_features=1, bias=True)
)
*/

EXAMPLE(wick_nn_forward)
{
    wick_module *model = wick_nn_sequential(wick_nn_linear(2, 4), wick_nn_tanh());
    puts(wick_shape_string(wick_nn_forward(model, wick_zeros(10, 2))));
}
/* prints
torch.Size([10, 4])
*/

EXAMPLE(wick_nn_parameters)
{
    wick_list *parameters = wick_nn_parameters(wick_nn_linear(2, 4));
    WICK_FOR_EACH (p, parameters)
        puts(wick_shape_string(p));
}
/* prints
torch.Size([4, 2])
torch.Size([4])
*/

EXAMPLE(wick_nn_cross_entropy_loss)
{
    wick_module *loss_fn = wick_nn_cross_entropy_loss();
    wick_tensor *scores = wick_from(((float[][2]){{2, 0}, {0, 1}}), 2, 2), *labels = wick_from(((int[]){0, 1}), 2);
    wick_print(wick_nn_forward(loss_fn, scores, labels));
}
/* prints
tensor(0.2201)
*/

EXAMPLE(wick_nn_dropout)
{
    wick_module *drop = wick_nn_dropout(.p = 0.5);
    wick_print(wick_nn_forward(drop, wick_ones(4)));
    wick_nn_eval(drop);
    wick_print(wick_nn_forward(drop, wick_ones(4)));
}
/* prints
tensor([0., 0., 2., 0.])
tensor([1., 1., 1., 1.])
*/

EXAMPLE(wick_nn_state_dict)
{
    wick_dict *state = wick_nn_state_dict(wick_nn_sequential(wick_nn_linear(2, 1)));
    for (int i = 0; i < wick_nn_dict_count(state); i++)
        puts(wick_nn_dict_name(state, i));
}
/* prints
0.weight
0.bias
*/

EXAMPLE(wick_nn_load_state_dict)
{
    wick_module *a = wick_nn_linear(2, 1), *b = wick_nn_linear(2, 1);
    wick_nn_load_state_dict(b, wick_nn_state_dict(a));
    wick_tensor *x = wick_ones(1, 2);
    printf("%s\n", wick_equal(wick_nn_forward(a, x), wick_nn_forward(b, x)) ? "the same" : "not the same");
}
/* prints
the same
*/

EXAMPLE(wick_optim_sgd)
{
    wick_tensor *w = wick_full(1.0, .requires_grad = true);
    wick_optim *opt = wick_optim_sgd(wick_list_of(w), .lr = 0.1, .momentum = 0.9);
    for (int i = 0; i < 3; i++) {
        WICK_SCOPE;
        wick_optim_zero_grad(opt);
        wick_backward(wick_mul(w, w));
        wick_optim_step(opt);
        printf("%.4f\n", wick_item(w));
    }
}
/* prints
0.8000
0.4600
0.0620
*/

EXAMPLE(wick_optim_adam)
{
    wick_module *model = wick_nn_linear(2, 1);
    wick_optim *opt = wick_optim_adam(wick_nn_parameters(model), .lr = 0.01);
    wick_tensor *x = wick_from(((float[][2]){{1, 2}, {3, 4}}), 2, 2), *y = wick_from(((float[][1]){{1}, {2}}), 2, 1);
    for (int epoch = 0; epoch < 300; epoch++) {
        WICK_SCOPE;
        wick_tensor *loss = wick_mse_loss(wick_nn_forward(model, x), y);
        wick_optim_zero_grad(opt);
        wick_backward(loss);
        wick_optim_step(opt);
        if (epoch % 100 == 0)
            printf("epoch %d, loss %.3f\n", epoch, wick_item(loss));
    }
}
/* prints
epoch 0, loss 0.927
epoch 100, loss 0.015
epoch 200, loss 0.003
*/

EXAMPLE(wick_list_of)
{
    wick_list *list = wick_list_of(wick_ones(1), wick_zeros(2));
    printf("%lld tensors, the last of size %lld\n", wick_list_count(list), wick_size(wick_list_get(list, -1), 0));
}
/* prints
2 tensors, the last of size 2
*/

EXAMPLE(wick_keep)
{
    static wick_tensor *best;
    {
        WICK_SCOPE;
        best = wick_keep(wick_ones(2)); /* outlives the scope, until it is released */
    }
    wick_print(best);
    wick_release(best);
}
/* prints
tensor([1., 1.])
*/

EXAMPLE(wick_error)
{
    if (!wick_matmul(wick_ones(2, 3), wick_ones(2, 3)))
        puts(wick_error());
    wick_clear_error();
}
/* prints
train.c:17: ShapeError: wick_matmul: shapes (2, 3) and (2, 3) cannot be multiplied; the first must have as many columns as the second has rows
*/
