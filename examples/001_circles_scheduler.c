/* 001_circles_scheduler.c - document 001, "Learning Rate Scheduling": ReduceLROnPlateau halves the learning rate when the
 * loss has not fallen for more than five epochs. */
#include "001_circles.h"

/* optim.lr_scheduler.ReduceLROnPlateau(optimizer, 'min', patience, factor): its rule, written out. */
typedef struct {
    wick_optim *optimizer;
    int patience;
    double factor;
    double best;
    int bad_epochs;
} plateau;

static void plateau_step(plateau *self, double metric)
{
    if (metric < self->best * (1 - 1e-4)) { /* threshold_mode 'rel', threshold 1e-4 */
        self->best = metric;
        self->bad_epochs = 0;
    } else {
        self->bad_epochs++;
    }
    if (self->bad_epochs > self->patience) {
        wick_optim_set(self->optimizer, 0, "lr", self->factor * wick_optim_get(self->optimizer, 0, "lr"));
        self->bad_epochs = 0;
    }
}

/* Modify training loop to use scheduler */
static void train_with_scheduler(wick_module *model, wick_loader *train_loader, wick_module *criterion,
                                 wick_optim *optimizer, plateau *scheduler, int num_epochs)
{
    for (int epoch = 0; epoch < num_epochs; epoch++) {
        double epoch_loss = train_epoch(model, train_loader, criterion, optimizer, epoch, num_epochs);

        /* Add scheduler step after each epoch */
        plateau_step(scheduler, epoch_loss);

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
    plateau scheduler = {.optimizer = c.optimizer, .patience = 5, .factor = 0.5, .best = INFINITY};

    train_with_scheduler(c.model, c.train_loader, c.criterion, c.optimizer, &scheduler, args.epochs);
    wick_save(wick_nn_state_dict(c.model), cli_out_path(&args, "mlp_scheduler.pth"));
    return 0;
}
