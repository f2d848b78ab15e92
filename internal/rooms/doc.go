// Package rooms tests that the packages of this module import what
// docs/architecture.md says they may, and nothing else.
package rooms
