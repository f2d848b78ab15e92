package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"gopkg.in/yaml.v3"
)

// reader fills a Config and remembers where each value came from.
type reader struct {
	config Config
	origin map[string]string // dotted path -> "FILE:LINE" or "--flag"
}

func newReader() *reader {
	return &reader{config: Default(), origin: map[string]string{}}
}

// readYAML applies one YAML document; file names it in errors.
func (r *reader) readYAML(file string, data []byte) error {
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var doc yaml.Node
	if err := dec.Decode(&doc); errors.Is(err, io.EOF) {
		return nil // an empty file: every key has its default
	} else if err != nil {
		return yamlError(file, err)
	}
	var second yaml.Node
	if err := dec.Decode(&second); err == nil {
		return fmt.Errorf("config: %s:%d: a second YAML document; a config is one", file, second.Line)
	} else if !errors.Is(err, io.EOF) {
		return yamlError(file, err)
	}
	root := doc.Content[0]
	if isNull(root) {
		return nil
	}
	return r.readMapping(file, "", root)
}

func (r *reader) readMapping(file, section string, node *yaml.Node) error {
	fail := func(n *yaml.Node, key, format string, args ...any) error {
		return fmt.Errorf("config: %s:%d: key %s: %s", file, n.Line, key, fmt.Sprintf(format, args...))
	}
	if node.Kind == yaml.AliasNode {
		node = node.Alias
	}
	if node.Kind != yaml.MappingNode {
		if section == "" {
			return fmt.Errorf("config: %s:%d: must be keys and values (see --help for the keys)", file, node.Line)
		}
		return fail(node, section, "must hold the keys %s", strings.Join(children(section), ", "))
	}
	seen := map[string]int{}
	for i := 0; i+1 < len(node.Content); i += 2 {
		name, value := node.Content[i], node.Content[i+1]
		if name.Kind != yaml.ScalarNode {
			return fmt.Errorf("config: %s:%d: a key must be a word", file, name.Line)
		}
		path := name.Value
		if section != "" {
			path = section + "." + path
		}
		if line, twice := seen[path]; twice {
			return fail(name, path, "given twice (first at line %d)", line)
		}
		seen[path] = name.Line
		// A dotted word is a flag's spelling, never a key of one level.
		if strings.Contains(name.Value, ".") {
			return fail(name, path, "unknown key; in YAML, sections are nested, not dotted")
		}
		if isSection(path) {
			if err := r.readMapping(file, path, value); err != nil {
				return err
			}
			continue
		}
		key, ok := find(path)
		if !ok {
			return fail(name, path, "unknown key%s; allowed: %s",
				suggest(name.Value, children(section)), strings.Join(children(section), ", "))
		}
		if err := r.readScalar(key, value); err != nil {
			return fail(value, path, "must be %s, got %s", key.Allowed, err)
		}
		r.origin[path] = fmt.Sprintf("%s:%d", file, name.Line)
	}
	return nil
}

// readScalar sets key from value; the error says what was found instead.
func (r *reader) readScalar(key Key, value *yaml.Node) error {
	if value.Kind == yaml.AliasNode {
		value = value.Alias
	}
	switch {
	case value.Kind == yaml.MappingNode:
		return errors.New("a group of keys")
	case value.Kind == yaml.SequenceNode:
		return errors.New("a list")
	case isNull(value):
		return errors.New("nothing")
	case value.Tag == "!!binary":
		return errors.New("binary data")
	}
	quoted := value.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) != 0
	if quoted && key.Type != "string" {
		return fmt.Errorf("the quoted text %q", value.Value)
	}
	if err := key.rule.set(key.field(&r.config), value.Value); err != nil {
		return fmt.Errorf("%q%s", value.Value, suggest(value.Value, key.rule.words))
	}
	return nil
}

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.Tag == "!!null" }

var yamlLine = regexp.MustCompile(`^(?:yaml: )?(?:line (\d+): )?(.*)$`)

// yamlError puts the parser's own line number where editors look for it.
func yamlError(file string, err error) error {
	first, _, _ := strings.Cut(err.Error(), "\n")
	m := yamlLine.FindStringSubmatch(first)
	if m[1] != "" {
		file += ":" + m[1]
	}
	return fmt.Errorf("config: %s: not valid YAML: %s", file, m[2])
}
