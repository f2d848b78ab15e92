// Package config holds the settings of a training run: one YAML file, every
// key of which is also a command-line flag of the same dotted path.
//
// The struct tags of [Config] are the only place that knows the keys: the
// strict YAML reader, the flags, the help text and the checks are all derived
// from them, so that none can fall behind another.
//
//	yaml    the key
//	help    one line of help, without a full stop
//	unit    the unit of the value
//	min     smallest value allowed
//	above   the value must be greater than this
//	max     largest value allowed
//	below   the value must be less than this
//	oneof   the words allowed, separated by |
//	resume  "yes" if the key may change when a run is resumed
//	saved   "no" if the key is left out of the saved config
//
// Values are looked up in the order: flag, file, default. [Load] does all of
// it; what it returns is resolved (no value means "choose for me") and valid.
package config
