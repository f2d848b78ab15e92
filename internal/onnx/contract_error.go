package onnx

import (
	"fmt"
	"slices"
	"strings"
)

// ContractError lists what is wrong with a file's metadata.
type ContractError struct {
	// Ours tells whether the file names a contract at all.
	Ours bool
	// Missing are the keys that the file lacks, in the order of docs/onnx.md.
	Missing []string
	// Invalid are the keys whose value cannot be used.
	Invalid []InvalidKey
	// Remedy is what to do, in the place of what Ours suggests if it is not "".
	Remedy string
}

// InvalidKey is a key with a value that cannot be used.
type InvalidKey struct{ Key, Value, Want string }

// Error is one line with every key and what to do.
func (e *ContractError) Error() string {
	var parts []string
	if len(e.Missing) > 0 {
		parts = append(parts, "missing "+strings.Join(e.Missing, ", "))
	}
	for _, k := range e.Invalid {
		parts = append(parts, fmt.Sprintf("%s is %.60q, %s", k.Key, k.Value, k.Want))
	}
	remedy := e.Remedy
	switch {
	case remedy != "":
	case e.Ours:
		remedy = "export the model again"
	default:
		remedy = "the model was not exported by sphereface, so give these values yourself"
	}
	return "onnx: metadata: " + strings.Join(parts, "; ") + ": " + remedy
}

// ForInference is the error without the keys that a consumer can do without:
// those that say where the model comes from, and the embedding's size, which
// the graph says too. It is nil if nothing is left. A program that takes models
// of other makers adds what its user supplies to the metadata, parses that, and
// asks for this error.
func (e *ContractError) ForInference() error {
	needed := ContractError{Ours: e.Ours}
	for _, key := range e.Missing {
		if !optionalForInference(key) {
			needed.Missing = append(needed.Missing, key)
		}
	}
	// A value that is there and wrong is wrong for everybody.
	needed.Invalid = slices.Clone(e.Invalid)
	if len(needed.Missing)+len(needed.Invalid) == 0 {
		return nil
	}
	return &needed
}

func optionalForInference(key string) bool {
	i := slices.IndexFunc(contractFields, func(f contractField) bool { return f.key == key })
	return i >= 0 && contractFields[i].provenance
}
