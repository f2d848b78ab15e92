// Package pico finds faces and points of faces by comparing the brightness of
// pairs of pixels in ensembles of decision trees (Markuš, Frljak, Pandžić,
// Ahlberg and Forchheimer, "Object Detection with Pixel Intensity Comparisons
// Organized in Decision Trees", 2014; "Fast Localization of Facial Landmark
// Points", 2014).
//
// A Finder tells whether a window of an image shows a face; a Localizer moves
// from a guess to a point of the face. Both are read from the cascade files that
// the pigo project (github.com/esimov/pigo, MIT licence) publishes, which are
// embedded. Everything is integer comparison and float32 sums in a fixed order:
// the same image gives the same result everywhere.
package pico
