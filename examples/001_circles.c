/* 001_circles.c - document 001: trains an MLP with dropout on points of the plane, evaluates it on points that
 * it has not seen, draws its loss and what it says in the plane, saves it to mlp_model.pth and loads it again. */
#include "001_circles.h"

int main(int argc, char **argv)
{
    cli args = cli_parse(argc, argv,
                         (cli){.name = "001_circles",
                               .about = "Learns which points of the plane lie outside a circle.",
                               .epochs = 100,
                               .out = ".",
                               .pictures = CLI_OPTIONAL});
    wick_on_error(cli_print_and_exit);
    WICK_SCOPE;
    circles c = circles_setup(args.seed);

    /* Train the model */
    wick_tensor *train_losses = train_model(c.model, c.train_loader, c.criterion, c.optimizer, args.epochs);

    /* Evaluate the model */
    evaluation test = evaluate_model(c.model, c.test_loader, c.criterion);
    printf("Test Loss: %.4f\n", test.loss);
    printf("Test Accuracy: %.4f\n", test.accuracy);

    /* Plot training loss: the first ten points of the curve as numbers, and the picture if one is wanted */
    for (int epoch = 0; epoch < args.epochs && epoch < 10; epoch++)
        printf("train_losses[%d] = %.4f\n", epoch, wick_get(train_losses, epoch));
    if (args.pictures) {
        wick_plot_curves(WICK_PLOT_SERIES({"Training Loss", train_losses}), cli_picture(&args, "training_loss.png"),
                         .title = "Training Loss Over Epochs", .xlabel = "Epochs", .ylabel = "Loss");

        /* Plot decision boundary */
        wick_tensor *X_all = wick_cat(wick_list_of(c.data.X_train, c.data.X_test), 0);
        wick_tensor *y_all = wick_cat(wick_list_of(c.data.y_train, c.data.y_test), 0);
        wick_plot_decision_boundary(c.model, X_all, y_all, cli_picture(&args, "decision_boundary.png"),
                                    .title = "Decision Boundary", .xlabel = "Feature 1", .ylabel = "Feature 2");
    }

    /* Save the model */
    wick_save(wick_nn_state_dict(c.model), cli_out_path(&args, "mlp_model.pth"));

    /* Load the model (for later use) */
    wick_module *loaded_model = MLP(input_size, hidden_sizes, 2, output_size, 0.2);
    wick_nn_load_state_dict(loaded_model, wick_load(cli_out_path(&args, "mlp_model.pth")));
    wick_nn_eval(loaded_model); /* Set to evaluation mode */
    return 0;
}
