package export

import (
	"bufio"
	"bytes"
	"compress/flate"
	"container/heap"
	"encoding/binary"
	"io"
	"slices"
)

// runBytes is the size of the cards that are sorted at a time: somewhat more than 1,000 of
// them.
const runBytes = 1 << 20

// sortedCards sorts cards by their keys. It holds one run of them as they are, and compresses
// each run that is full, so that a card costs about a tenth of its size.
type sortedCards struct {
	runBytes int // of a full run
	size     int // of the run
	run      []string
	packed   [][]byte // full runs, sorted
	packer   *flate.Writer
}

// add adds a card, which stands behind its key of that size. No key is the beginning of another
// one, so whole cards are compared by their keys. Their size is stored behind the card.
func (s *sortedCards) add(card []byte, keySize int) {
	s.run = append(s.run, string(binary.BigEndian.AppendUint16(card, uint16(keySize)))) //nolint:gosec // a key is short
	if s.size += len(card); s.size >= s.runBytes {
		s.pack()
	}
}

// pack compresses the run, and begins the next one.
func (s *sortedCards) pack() {
	slices.Sort(s.run)
	var packed bytes.Buffer
	if s.packer == nil {
		s.packer, _ = flate.NewWriter(&packed, flate.BestSpeed) // the level is valid
	} else {
		s.packer.Reset(&packed)
	}
	var size []byte
	for _, card := range s.run { // a buffer returns no error
		size = binary.AppendUvarint(size[:0], uint64(len(card)))
		_, _ = s.packer.Write(size)
		_, _ = io.WriteString(s.packer, card)
	}
	_ = s.packer.Close()
	s.packed = append(s.packed, bytes.Clone(packed.Bytes())) // a buffer is up to twice as long
	clear(s.run)
	s.run, s.size = s.run[:0], 0
}

// merge calls yield with each card in the order of the keys. It ends with the error of yield.
func (s *sortedCards) merge(yield func(key, card string) error) error {
	var runs cardRuns
	for _, packed := range s.packed {
		runs.open(unpacked(packed))
	}
	slices.Sort(s.run)
	runs.open(func() (card string) {
		if len(s.run) > 0 {
			card, s.run = s.run[0], s.run[1:]
		}
		return card
	})
	for len(runs) > 0 {
		card, sizeAt := runs[0].card, len(runs[0].card)-2
		keySize := int(card[sizeAt])<<8 | int(card[sizeAt+1])
		if err := yield(card[:keySize], card[keySize:sizeAt]); err != nil {
			return err
		}
		if runs[0].card = runs[0].next(); runs[0].card != "" {
			heap.Fix(&runs, 0)
		} else {
			heap.Pop(&runs)
		}
	}
	return nil
}

// unpacked returns a function that returns the next card of a packed run, and "" at the end.
// The run is in memory as pack wrote it, so there is no other error.
func unpacked(run []byte) func() string {
	from := bufio.NewReader(flate.NewReader(bytes.NewReader(run)))
	return func() string {
		size, err := binary.ReadUvarint(from)
		if err != nil {
			return ""
		}
		card := make([]byte, size)
		_, _ = io.ReadFull(from, card)
		return string(card)
	}
}

// cardRun is a run that is being read, and its next card.
type cardRun struct {
	card string
	next func() string
}

// cardRuns is a heap of runs, the one with the lowest card first. It implements [heap.Interface].
type cardRuns []*cardRun

// open adds a run, unless it is empty.
func (r *cardRuns) open(next func() string) {
	if card := next(); card != "" {
		heap.Push(r, &cardRun{card, next})
	}
}

// Len returns the number of runs.
func (r cardRuns) Len() int { return len(r) }

// Less reports whether the card of one run is before that of another.
func (r cardRuns) Less(i, j int) bool { return r[i].card < r[j].card }

// Swap swaps two runs.
func (r cardRuns) Swap(i, j int) { r[i], r[j] = r[j], r[i] }

// Push adds a run.
func (r *cardRuns) Push(run any) { *r = append(*r, run.(*cardRun)) }

// Pop removes the last run.
func (r *cardRuns) Pop() any {
	last := (*r)[len(*r)-1]
	*r = (*r)[:len(*r)-1]
	return last
}
