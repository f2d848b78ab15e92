package main

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/sphereface-go/sphereface/internal/face"
)

// attributes of the images of people, without Cid 2.
const attributes = "# lfw_attributes.txt - by hand\n" +
	"#\tperson\timagenum\tEyeglasses\tTall\tMale\n" +
	"Ann\t1\t0.5\t1\t-1\nAnn\t2\t-0.5\t1\t-2\nAnn\t3\t2\t1\t-0.1\n" +
	"Bob\t1\t1\t1\t1\nBob\t2\t-1\t1\t0.25\n" +
	"Cid\t1\t1\t1\t3\n"

// At 0.25 nobody is taken for two, and Ann 3 and Cid 1 for one: of the four different
// pairs one, and of the two whose photos both show glasses, Ann 1 with Bob 1 being the
// other. Of Cid's photos one is unknown, so that Bob's alone are men's.
func TestEvalGroups(t *testing.T) {
	args := []string{
		"eval", "--model", colours(t), "--images", people(t), "--pairs", write(t, "pairs.txt", []byte(pairs)),
		"--attributes", write(t, "attributes.txt", []byte(attributes)),
	}
	code, stdout, stderr := infer(t, args...)
	if code != 0 {
		t.Fatalf("exit code %d, %s", code, stderr)
	}
	golden(t, "eval-groups.txt", stdout)

	c := contract("sphereface4", 3)
	c.Threshold.Value = 0.5
	args[2] = colourModel(t, face.CropHeight, face.CropWidth, metadata(c))
	_, stdout, _ = infer(t, append(args, "--json")...)
	var e evaluation
	if err := json.Unmarshal([]byte(stdout), &e); err != nil {
		t.Fatal(err)
	}
	// At 0.5 Ann 1 and 3 are no longer one person, nor are Cid 1 and 2.
	if len(e.Groups) != 4 {
		t.Fatalf("groups %+v, want all, Male, not Male and Eyeglasses", e.Groups)
	}
	for i, want := range []group{
		{"all", 4, 4, rate{}, rate{0.5, 0.25}},
		{"Male", 1, 0, rate{}, rate{}},
		{"not Male", 2, 0, rate{}, rate{0.5, math.Sqrt(0.125)}},
		{"Eyeglasses", 1, 2, rate{}, rate{1, 0}},
	} {
		if got := e.Groups[i]; got != want {
			t.Errorf("%+v, want %+v", got, want)
		}
	}
}

func TestEvalGroupsErrors(t *testing.T) {
	trouble(t, "none.txt: no such list", "eval", "--model", colours(t), "--images", people(t),
		"--pairs", write(t, "pairs.txt", []byte(pairs)), "--attributes", "none.txt")
}
