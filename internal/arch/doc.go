// Package arch holds no code that runs in the house, only tests about the house
// itself: which room may see which, where SQL may stand, what a migration may
// say, what no file may hold. Each rule is a function over what was read, and
// each has a test that shows it can fail.
//
// A rule that makes the code worse is to be changed here, with the reason in
// docs/decisions.
package arch
