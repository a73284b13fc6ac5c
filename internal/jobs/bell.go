package jobs

import "sync"

// bell is rung when this process adds a job, so that its runners look soon and
// needn't look often. It carries nothing: whoever hears it asks the store, and
// jobs of other processes are found by looking now and then.
var bell listeners

type listeners struct {
	mu  sync.Mutex
	all map[chan struct{}]bool
}

// listen gives a channel that has something in it after a ring.
func (l *listeners) listen() (heard <-chan struct{}, stop func()) {
	c := make(chan struct{}, 1)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.all == nil {
		l.all = map[chan struct{}]bool{}
	}
	l.all[c] = true
	return c, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		delete(l.all, c)
	}
}

func (l *listeners) ring() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for c := range l.all {
		select {
		case c <- struct{}{}:
		default: // it hasn't heard the last ring yet
		}
	}
}
