// Package augment varies aligned crops for training: a network that sees a face
// a little moved, turned, lit or covered in every epoch has to learn what stays.
//
// [Options] say how much may vary, a [Drawer] draws a [Change] from two keys, and
// the Change writes the network's input for a crop. The same keys give the same
// Change, and the same Change and crop the same input.
package augment
