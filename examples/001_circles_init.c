/* 001_circles_init.c - document 001, "Weight Initialization": weights by xavier_uniform_, biases 0.01. */
#include "001_circles.h"

/* Custom weight initialization. wick_nn_apply passes what it was given as context, which is not needed here. */
static void init_weights(wick_module *m, void *context)
{
    (void)context;
    if (strcmp(wick_nn_name(m), "Linear") == 0) { /* type(m) == nn.Linear */
        wick_init_xavier_uniform_(wick_nn_get(m, "weight"));
        wick_fill_(wick_detach(wick_nn_get(m, "bias")), 0.01); /* m.bias.data.fill_(0.01) */
    }
}

int main(int argc, char **argv)
{
    cli args =
        cli_parse(argc, argv,
                  (cli){.name = "001_circles_init",
                        .about = "Learns which points lie outside a circle, from weights drawn by Xavier's rule.",
                        .epochs = 100,
                        .out = "."});
    wick_on_error(wick_print_and_exit);
    WICK_SCOPE;
    circles c = circles_setup(args.seed);

    /* Apply to model */
    wick_nn_apply(c.model, init_weights, NULL);

    wick_tensor *train_losses = train_model(c.model, c.train_loader, c.criterion, c.optimizer, args.epochs);
    for (int epoch = 0; epoch < args.epochs && epoch < 10; epoch++)
        printf("train_losses[%d] = %.4f\n", epoch, wick_get(train_losses, epoch));

    wick_save(wick_nn_state_dict(c.model), cli_out_path(&args, "mlp_init.pth"));
    return 0;
}
