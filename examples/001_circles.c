/* 001_circles.c - document 001: trains an MLP with dropout on points of the plane, evaluates it on points that
 * it has not seen, saves it to mlp_model.pth and loads it again. */
#include "001_circles.h"

int main(int argc, char **argv)
{
    cli args = cli_parse(argc, argv,
                         (cli){.name = "001_circles",
                               .about = "Learns which points of the plane lie outside a circle.",
                               .epochs = 100,
                               .out = "."});
    wick_on_error(wick_print_and_exit);
    WICK_SCOPE;
    circles c = circles_setup(args.seed);

    double *train_losses = malloc((size_t)args.epochs * sizeof *train_losses);
    if (!train_losses)
        return 1;

    /* Train the model */
    train_model(c.model, c.train_loader, c.criterion, c.optimizer, args.epochs, train_losses);

    /* The first ten points of the curve, as numbers */
    for (int epoch = 0; epoch < args.epochs && epoch < 10; epoch++)
        printf("train_losses[%d] = %.4f\n", epoch, train_losses[epoch]);
    free(train_losses);

    /* Evaluate the model */
    double test_accuracy, test_loss = evaluate_model(c.model, c.test_loader, c.criterion, &test_accuracy);
    printf("Test Loss: %.4f\n", test_loss);
    printf("Test Accuracy: %.4f\n", test_accuracy);

    /* Save the model */
    wick_save(wick_nn_state_dict(c.model), cli_out_path(&args, "mlp_model.pth"));

    /* Load the model (for later use) */
    wick_module *loaded_model = MLP(input_size, hidden_sizes, 2, output_size, 0.2);
    wick_nn_load_state_dict(loaded_model, wick_load(cli_out_path(&args, "mlp_model.pth")));
    wick_nn_eval(loaded_model); /* Set to evaluation mode */
    return 0;
}
