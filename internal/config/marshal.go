package config

import (
	"bytes"
	"strings"

	"gopkg.in/yaml.v3"
)

// Marshal writes c as YAML that [Parse] reads back to the same values. The
// same config gives the same bytes. The run directory is not in it: the file
// lies in that directory, which may be moved.
func (c Config) Marshal() []byte {
	root := &yaml.Node{Kind: yaml.MappingNode}
	sections := map[string]*yaml.Node{"": root}
	for _, k := range allKeys() {
		if !k.Saved {
			continue
		}
		section, name := "", k.Path
		if at := strings.LastIndexByte(k.Path, '.'); at >= 0 {
			section, name = k.Path[:at], k.Path[at+1:]
		}
		if sections[section] == nil {
			sections[section] = &yaml.Node{Kind: yaml.MappingNode}
			root.Content = append(root.Content, scalar(section), sections[section])
		}
		value := scalar(k.Value(c))
		if k.Type == "string" {
			value.SetString(value.Value) // quotes what would read as another type
		}
		sections[section].Content = append(sections[section].Content, scalar(name), value)
	}
	var out bytes.Buffer
	enc := yaml.NewEncoder(&out)
	enc.SetIndent(2)
	if err := enc.Encode(root); err != nil {
		panic("config: marshal: " + err.Error()) // nodes of our own making
	}
	return out.Bytes()
}

func scalar(text string) *yaml.Node { return &yaml.Node{Kind: yaml.ScalarNode, Value: text} }
