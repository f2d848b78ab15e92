//go:build !linux

package main

func limitChild() {}
