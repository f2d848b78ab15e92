package synthetic

// A scene is all in which one image of a person differs from another.
type scene struct {
	pose       pose
	expression expression
	background background
	light      light
	camera     camera
	obstacle   obstacle
	glasses    bool    // worn by those who have them
	hair       float32 // how the hair fell today, -1…1
}

// An expression moves the mouth, the lids, the brows and the gaze.
type expression struct {
	smile, open  float32 // -0.4…1 and 0…1
	lids         float32 // 0 shut … 1.25 wide
	brow, frown  float32 // raised by, drawn together by: pixels
	gazeX, gazeY float32 // -1…1
	squint       float32 // 0…1, lifts the lower lid
}

func newScene(r random, p *person) scene {
	s := scene{
		expression: newExpression(r),
		background: newBackground(r),
		light:      newLight(r),
		camera:     newCamera(r),
		obstacle:   newObstacle(r),
		glasses:    p.glasses.has && !r.chance(0.1),
		hair:       r.in(-1, 1),
	}
	s.pose = newPose(r, p, &s.expression)
	return s
}

func newExpression(r random) expression {
	e := expression{
		smile: r.in(-0.3, 0.5),
		lids:  r.in(0.72, 1.12),
		brow:  r.normal(1),
		gazeX: r.normal(0.4),
		gazeY: r.normal(0.25),
	}
	switch k := r.unit(); {
	case k < 0.3: // laughs
		e.smile, e.open = r.in(0.5, 1), r.in(0, 0.6)
		e.squint = e.smile * r.in(0.2, 0.9)
	case k < 0.45: // speaks
		e.open = r.in(0.15, 1)
	case k < 0.55: // scowls
		e.frown, e.brow, e.smile = r.in(0.5, 2.2), -r.in(0.5, 2), r.in(-0.4, 0)
	}
	if r.chance(0.08) {
		e.lids = r.in(0, 0.25)
	}
	return e
}
