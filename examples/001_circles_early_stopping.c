/* 001_circles_early_stopping.c - document 001, "Early Stopping": training ends when the validation loss has not fallen
 * for ten epochs; the best model is in best_model.pth. */
#include "001_circles.h"

/* Returns the loss of each epoch in training and in validation: (num_epochs, 2), NaN where training had stopped. */
static wick_tensor *train_with_early_stopping(wick_module *model, wick_loader *train_loader, wick_loader *val_loader,
                                              wick_module *criterion, wick_optim *optimizer, int patience,
                                              int num_epochs, const char *path)
{
    double best_val_loss = INFINITY;
    int counter = 0;
    wick_tensor *losses = wick_full(NAN, num_epochs, 2);

    for (int epoch = 0; epoch < num_epochs; epoch++) {
        WICK_SCOPE;
        double epoch_loss = train_epoch(model, train_loader, criterion, optimizer);

        /* Validation after each epoch */
        double val_loss = evaluate_model(model, val_loader, criterion).loss;
        printf("Epoch %d/%d, Loss: %.4f, Validation Loss: %.4f\n", epoch + 1, num_epochs, epoch_loss, val_loss);

        wick_copy_(wick_select(losses, 0, epoch), wick_from(((double[]){epoch_loss, val_loss}), 2));

        /* Check if validation loss improved */
        if (val_loss < best_val_loss) {
            best_val_loss = val_loss;
            counter = 0;
            /* Save best model */
            wick_save(wick_nn_state_dict(model), path);
        } else {
            counter += 1;
        }

        /* Check early stopping condition */
        if (counter >= patience) {
            printf("Early stopping at epoch %d\n", epoch + 1);
            break;
        }
    }
    return losses;
}

int main(int argc, char **argv)
{
    cli args =
        cli_parse(argc, argv,
                  (cli){.name = "001_circles_early_stopping",
                        .about = "Learns which points lie outside a circle, until the validation loss falls no more.",
                        .epochs = 500,
                        .out = ".",
                        .pictures = CLI_OPTIONAL});
    wick_on_error(cli_print_and_exit);
    WICK_SCOPE;
    circles c = circles_setup(args.seed);

    /* The test data take the place of validation data, which the document does not make. */
    wick_tensor *losses = train_with_early_stopping(c.model, c.train_loader, c.test_loader, c.criterion, c.optimizer,
                                                    10, args.epochs, cli_out_path(&args, "best_model.pth"));

    /* "This is what we get": training and validation loss */
    if (args.pictures)
        wick_plot_curves(WICK_PLOT_SERIES({"Training Loss", wick_select(losses, 1, 0)},
                                          {"Validation Loss", wick_select(losses, 1, 1)}),
                         cli_picture(&args, "losses.png"), .title = "Training and Validation Loss", .xlabel = "Epochs",
                         .ylabel = "Loss");
    return 0;
}
