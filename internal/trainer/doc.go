// Package trainer is the training loop: batches in, a solver step each, and
// hooks after every step and every epoch.
//
// The loop ([Trainer]) knows the network, the head, the solver and its place
// in the data, and nothing of what watches it. Validation, curves, progress and
// checkpoints are attached from outside, in files of their own:
//
//	t, err := trainer.New(config, data)
//	trainer.AttachValidation(t, features, held, config.Validation.Every, nil)
//	trainer.AttachCheckpoints(t, run, config.Checkpoint)
//	err = t.Run(ctx)
//
// A run is a function of the config and the data: the order of the images and
// their augmentation depend on the seed, the epoch and the place in it alone,
// so that a run that was stopped after any step and resumed from its
// checkpoint ends in the same bits as one that was not.
package trainer
