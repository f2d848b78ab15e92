package explain

import (
	"image"
	"testing"

	"github.com/sphereface-go/sphereface/internal/face"
)

func TestCloseUp(t *testing.T) {
	small, large := faceAt(2000, 1500, 200), faceAt(2000, 1500, 900)
	inCorners := []face.Face{faceAt(400, 400, 900), faceAt(3600, 400, 900), faceAt(400, 2600, 900), faceAt(3600, 2600, 900)}
	for _, v := range []struct {
		name  string
		faces []face.Face
		want  bool
	}{
		{"large face", []face.Face{large}, false},
		{"small face", []face.Face{small}, true},
		{"small face at the edge", []face.Face{faceAt(20, 20, 200)}, true},
		{"three corners with faces", append([]face.Face{small}, inCorners[:3]...), true},
		{"all corners with faces", append([]face.Face{small}, inCorners...), false},
		{"face that is no pixel of the page", []face.Face{faceAt(2000, 1500, 1)}, false},
	} {
		p := photo(image.NewGray(image.Rect(0, 0, 4000, 3000)), v.faces...)
		panel := plan(p, p).left.photo
		whole := fit(p.Image, panel)
		detail, ok := whole.closeUp(p, panel)
		if ok != v.want {
			t.Errorf("%s: a close-up is %v", v.name, ok)
		}
		if !ok {
			continue
		}
		if detail.sx < 2*whole.sx || !detail.shown.In(panel) {
			t.Errorf("%s: at %v, %.1f times as large", v.name, detail.shown, detail.sx/whole.sx)
		}
		for i, f := range p.Faces {
			if whole.outline(f).rectangle(panel).Overlaps(detail.shown) {
				t.Errorf("%s: it hides face %d", v.name, i+1)
			}
		}
	}
}
