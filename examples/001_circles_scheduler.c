/* 001_circles_scheduler.c - document 001, "Learning Rate Scheduling": ReduceLROnPlateau halves the learning rate when the
 * loss has not fallen for more than five epochs. */
#include "001_circles.h"

/* Modify training loop to use scheduler */
static void train_with_scheduler(wick_module *model, wick_loader *train_loader, wick_module *criterion,
                                 wick_optim *optimizer, wick_scheduler *scheduler, int num_epochs)
{
    for (int epoch = 0; epoch < num_epochs; epoch++) {
        double epoch_loss = train_epoch(model, train_loader, criterion, optimizer);

        /* Add scheduler step after each epoch */
        wick_lr_step_metric(scheduler, epoch_loss);

        printf("Epoch %d/%d, Loss: %.4f, lr: %s\n", epoch + 1, num_epochs, epoch_loss,
               cli_repr(wick_optim_get(optimizer, 0, "lr")));
    }
}

int main(int argc, char **argv)
{
    cli args = cli_parse(
        argc, argv,
        (cli){.name = "001_circles_scheduler",
              .about = "Learns which points lie outside a circle, with smaller steps where the loss stands still.",
              .epochs = 100,
              .out = "."});
    wick_on_error(wick_print_and_exit);
    WICK_SCOPE;
    circles c = circles_setup(args.seed);

    /* Define a learning rate scheduler */
    wick_scheduler *scheduler = wick_lr_reduce_on_plateau(c.optimizer, "min", .patience = 5, .factor = 0.5);

    train_with_scheduler(c.model, c.train_loader, c.criterion, c.optimizer, scheduler, args.epochs);
    wick_save(wick_nn_state_dict(c.model), cli_out_path(&args, "mlp_scheduler.pth"));
    return 0;
}
