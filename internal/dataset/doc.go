// Package dataset provides labelled faces for training and pairs of faces for
// verification.
//
// A Set is a list of people and of their images, whatever their source: LFW by
// its official lists (OpenLFW), any tree with a folder per person (Folder), or
// faces drawn from a seed (package dataset/synthetic). Set.Split holds people
// out for validation, DrawPairs draws pairs of them, and ReadPairs and
// PairList.WriteFile read and write pairs in LFW's format. Set.Cached keeps the
// aligned crops in one file, and Loader turns a set into batches: shuffled,
// augmented, prefetched, and the same for the same seed however many workers
// prepare them.
//
// Lookup finds the image that a pair list means by a name and a number. Every
// tool that reads pair lists uses it, so that all see the same image.
package dataset
