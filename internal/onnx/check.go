package onnx

import (
	"errors"
	"fmt"

	"github.com/sphereface-go/sphereface/internal/onnx/pb"
)

// Check applies the rules of ONNX's own checker with full shape inference
// (onnx.checker.check_model(full_check=True, strict)) to a model that holds
// nothing but what this package writes, and rules that are stricter than the
// official ones: names are C identifiers, every intermediate tensor has a
// declared shape, no initialiser or result is left unused, and no part of the
// file is unknown. The error is the first violation, by node and tensor.
func Check(m *pb.ModelProto) error {
	opset, err := checkModel(m)
	if err != nil {
		return err
	}
	c := checker{opset: opset, shapes: make(map[string]shape), used: make(map[string]bool), half: make(map[string]bool), declared: make(map[string]shape), graph: m.Graph}
	for _, step := range []func() error{c.inputs, c.initializers, c.declarations, c.nodes, c.results} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// checker holds what is known of a graph's tensors while its nodes are walked.
type checker struct {
	graph    *pb.GraphProto
	opset    int64
	shapes   map[string]shape // of every tensor computed so far
	declared map[string]shape // by value_info and outputs
	used     map[string]bool
	half     map[string]bool // tensors of float16; the others are of float32
}

// define adds a tensor; each name may be given once (static single assignment).
func (c *checker) define(what, name string, s shape) error {
	if err := checkName(what, name); err != nil {
		return err
	}
	if _, ok := c.shapes[name]; ok {
		return fmt.Errorf("onnx: %s %s: another tensor has this name", what, name)
	}
	c.shapes[name] = s
	return nil
}

func (c *checker) inputs() error {
	if len(c.graph.Input) == 0 {
		return errors.New("onnx: the graph has no input")
	}
	for _, v := range c.graph.Input {
		s, err := declaredShape("input", v)
		if err != nil {
			return err
		}
		if err := c.define("input", v.GetName(), s); err != nil {
			return err
		}
	}
	return nil
}

func (c *checker) initializers() error {
	for _, t := range c.graph.Initializer {
		if err := checkName("initialiser", t.GetName()); err != nil {
			return err
		}
		if err := checkTensor(t); err != nil {
			return err
		}
		s := make(shape, len(t.Dims))
		for i, d := range t.Dims {
			if d == 0 {
				return fmt.Errorf("onnx: initialiser %s of shape %v is empty", t.GetName(), t.Dims)
			}
			s[i] = dim{size: d}
		}
		c.half[t.GetName()] = t.GetDataType() == int32(pb.TensorProto_FLOAT16)
		if err := c.define("initialiser", t.GetName(), s); err != nil {
			return err
		}
	}
	return nil
}

// declarations reads the shapes that the file claims for computed tensors.
func (c *checker) declarations() error {
	read := func(what string, list []*pb.ValueInfoProto) error {
		for _, v := range list {
			s, err := declaredShape(what, v)
			if err != nil {
				return err
			}
			name := v.GetName()
			if _, ok := c.shapes[name]; ok {
				return fmt.Errorf("onnx: %s %s: an input or initialiser has this name", what, name)
			}
			if _, ok := c.declared[name]; ok {
				return fmt.Errorf("onnx: %s %s is declared twice", what, name)
			}
			c.declared[name] = s
		}
		return nil
	}
	if len(c.graph.Output) == 0 {
		return errors.New("onnx: the graph has no output")
	}
	if err := read("output", c.graph.Output); err != nil {
		return err
	}
	return read("value_info", c.graph.ValueInfo)
}

// nodes walks the nodes in the file's order, which must be topological.
func (c *checker) nodes() error {
	if len(c.graph.Node) == 0 {
		return errors.New("onnx: the graph has no nodes")
	}
	later := make(map[string]string) // name of the node that gives a tensor
	for _, n := range c.graph.Node {
		for _, out := range n.Output {
			later[out] = n.GetName()
		}
	}
	names := make(map[string]bool)
	for _, n := range c.graph.Node {
		if err := checkName("node name", n.GetName()); err != nil {
			return err
		}
		if names[n.GetName()] {
			return fmt.Errorf("onnx: two nodes are named %s", n.GetName())
		}
		names[n.GetName()] = true
		if err := c.node(n, later); err != nil {
			return fmt.Errorf("onnx: node %s (%s): %w", n.GetName(), label(n.GetOpType()), err)
		}
	}
	return nil
}

func (c *checker) node(n *pb.NodeProto, later map[string]string) error {
	if d := n.GetDomain(); d != "" && d != "ai.onnx" {
		return fmt.Errorf("operator domain %.60q is not imported", d)
	}
	op, ok := operators[n.GetOpType()]
	if !ok {
		return fmt.Errorf("sphereface writes no such operator")
	}
	inputs := make([]shape, len(n.Input))
	for i, name := range n.Input {
		s, ok := c.shapes[name]
		if !ok {
			if giver, ok := later[name]; ok {
				return fmt.Errorf("input %s is the output of node %s, which does not come before it", label(name), label(giver))
			}
			return fmt.Errorf("input %s is given by no node, initialiser or input", label(name))
		}
		if c.half[name] != (n.GetOpType() == opCast) {
			return fmt.Errorf("input %s: %s takes float16 alone, and it is the only operator that does", label(name), opCast)
		}
		inputs[i] = s
		c.used[name] = true
	}
	if err := op.checkArity(n, c.opset); err != nil {
		return err
	}
	attributes, err := op.readAttributes(n)
	if err != nil {
		return err
	}
	got, err := op.infer(inputs, attributes)
	if err != nil {
		return err
	}
	out := n.Output[0]
	if err := c.define("output", out, got); err != nil {
		return fmt.Errorf("%s", trimPackage(err))
	}
	want, ok := c.declared[out]
	if !ok {
		return fmt.Errorf("output %s has no declared shape (value_info)", out)
	}
	if !got.equal(want) {
		return fmt.Errorf("output %s is declared as %v but computes %v", out, want, got)
	}
	return nil
}

// results looks for what is claimed and not computed, or computed and not used.
func (c *checker) results() error {
	for _, v := range c.graph.Output {
		if _, ok := c.shapes[v.GetName()]; !ok {
			return fmt.Errorf("onnx: output %s is given by no node", v.GetName())
		}
		c.used[v.GetName()] = true
	}
	for _, v := range c.graph.ValueInfo {
		if _, ok := c.shapes[v.GetName()]; !ok {
			return fmt.Errorf("onnx: value_info %s describes a tensor that no node gives", v.GetName())
		}
	}
	for _, v := range c.graph.Input {
		if !c.used[v.GetName()] {
			return fmt.Errorf("onnx: input %s is used by no node", v.GetName())
		}
	}
	for _, t := range c.graph.Initializer {
		if !c.used[t.GetName()] {
			return fmt.Errorf("onnx: initialiser %s is used by no node", t.GetName())
		}
	}
	for _, n := range c.graph.Node {
		if !c.used[n.Output[0]] {
			return fmt.Errorf("onnx: node %s: output %s is used by no node and is no output of the graph", n.GetName(), n.Output[0])
		}
	}
	return nil
}
