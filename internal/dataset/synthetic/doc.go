// Package synthetic draws made-up faces, so that the whole way from training to
// verification can be walked without a single photo.
//
// A [Generator] knows any number of people, and any number of images of each. A
// crop is a pure function of (seed, person, image): nothing is stored, and crops
// can be asked for in any order and from any number of goroutines. Only the last
// bit of a value may differ between processor architectures, because some of them
// round a multiplication and an addition once and some twice.
//
// Who a person is shows in what stays: skin, the outline of head and jaw, hair,
// eyes, brows, nose, mouth, ears, beard, marks, glasses. What an image adds
// changes more pixels than that, as in photos: turn of the head, expression, gaze,
// direction, strength and colour of the light, shadows, background, clothes,
// things in the way, blur, noise and the error of the alignment.
//
// The head is a surface in space. A feature is drawn in the plane that touches the
// surface at its place, so a turn moves and foreshortens all features as one. The
// five landmarks of the turned head are then fitted to [face.Template] as the
// landmarks of a photo would be.
//
// The work is split by subject: person.go says who, scene.go says how this image
// differs, pose.go where things end up, canvas.go and shape.go draw, light.go,
// camera.go and film.go turn colours into pixels; every part of the head has a file.
package synthetic
