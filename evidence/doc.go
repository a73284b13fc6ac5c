// Package evidence turns the data of a community programme into honest
// numbers: estimates with their uncertainty, and refusals where a number
// would mislead.
//
// The package is pure. It reads no file, no clock and no global, and keeps
// nothing between calls: the same input and the same seed give the same
// result. Methods that draw random numbers take their seed as a parameter.
//
// A method that can't be trusted on its input returns a [*Refusal], which says
// which gate stopped it, and never a number. Text for readers isn't made here:
// package claim turns estimates into sentences.
//
// Counts of people that are shown in public go through [Suppress] (tables) or
// [Counts] (lists), which hide small numbers so that they can't be worked out
// from the rest of the page.
package evidence
