package synthetic

// A person is all that stays the same from image to image. Lengths are in pixels
// of the crop, from the point between the eyes: u to the right, v down.
type person struct {
	skin, lips, blush       rgb
	gloss                   float32
	head                    head
	ears                    ears
	hair                    hair
	eyes                    eyes
	brows                   brows
	nose                    nose
	mouth                   mouth
	beard                   beard
	marks                   marks
	glasses                 glasses
	sockets, cheeks, chinUp float32 // relief of the face
}

func newPerson(r random) person {
	var p person
	man := r.chance(0.5)
	tone := r.unit()
	p.skin = along(skinTones, tone)
	p.skin = p.skin.filter(rgb{1 + r.normal(0.06), 1, 1 + r.normal(0.09)})
	p.blush = p.skin.filter(rgb{1.02, r.in(0.62, 0.96), r.in(0.62, 0.96)})
	p.gloss = r.in(0, 0.22)
	p.lips = p.skin.mix(srgb(190, 60, 70).times(r.in(0.35, 1)), r.in(0.12, 0.5))
	if !man && r.chance(0.35) { // lipstick
		p.lips = srgb(r.float(120, 225), r.float(10, 70), r.float(30, 90))
	}
	p.sockets, p.cheeks, p.chinUp = r.in(0.4, 2.6), r.in(0, 3), r.in(0.5, 3.5)

	p.head = newHead(r, man)
	p.ears = newEars(r)
	p.eyes = newEyes(r)
	p.nose = newNose(r, man)
	p.mouth = newMouth(r, &p.nose)
	p.hair = newHair(r, man, tone)
	p.brows = newBrows(r, man, &p)
	p.beard = newBeard(r, man, &p)
	p.marks = newMarks(r, tone, &p)
	p.glasses = newGlasses(r, &p)
	return p
}

// float is in with float64 ends and result, for colours.
func (r random) float(lo, hi float64) float64 { return lo + (hi-lo)*float64(r.unit()) }
