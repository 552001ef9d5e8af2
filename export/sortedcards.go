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

const (
	// runBytes is the size of the cards that are sorted at a time: somewhat more than 1,000
	// of them.
	runBytes = 1 << 20
	// blockBytes is the size of the pieces of memory for them.
	blockBytes = 1 << 16
)

// sortedCards sorts cards by their keys. It holds one run of them as they are, and compresses
// each run that is full, so that a card costs about a tenth of its size.
type sortedCards struct {
	runBytes int // of a full run
	size     int // of the run
	run      []sortedCard
	blocks   [][]byte // with the cards of the run
	packed   [][]byte // full runs, sorted
	packer   *flate.Writer
}

// sortedCard is a card with its key.
type sortedCard struct{ key, card []byte }

// add adds a copy of a card.
func (s *sortedCards) add(key, card []byte) {
	s.run = append(s.run, sortedCard{s.copied(key), s.copied(card)})
	if s.size += len(key) + len(card); s.size >= s.runBytes {
		s.pack()
	}
}

// copied returns a copy of data in a block. One that is longer than a block has its own.
func (s *sortedCards) copied(data []byte) []byte {
	last := len(s.blocks) - 1
	if last < 0 || cap(s.blocks[last])-len(s.blocks[last]) < len(data) {
		s.blocks = append(s.blocks, make([]byte, 0, max(blockBytes, len(data))))
		last++
	}
	begin := len(s.blocks[last])
	s.blocks[last] = append(s.blocks[last], data...)
	return s.blocks[last][begin:]
}

func (s *sortedCards) sort() {
	slices.SortFunc(s.run, func(a, b sortedCard) int { return bytes.Compare(a.key, b.key) })
}

// pack compresses the run, and begins the next one.
func (s *sortedCards) pack() {
	s.sort()
	var packed bytes.Buffer
	if s.packer == nil {
		s.packer, _ = flate.NewWriter(&packed, flate.BestSpeed) // the level is valid
	} else {
		s.packer.Reset(&packed)
	}
	var sizes []byte
	for _, c := range s.run { // a buffer returns no error
		sizes = binary.AppendUvarint(sizes[:0], uint64(len(c.key)))
		sizes = binary.AppendUvarint(sizes, uint64(len(c.card)))
		_, _ = s.packer.Write(sizes)
		_, _ = s.packer.Write(c.key)
		_, _ = s.packer.Write(c.card)
	}
	_ = s.packer.Close()
	s.packed = append(s.packed, bytes.Clone(packed.Bytes())) // a buffer is up to twice as long
	clear(s.run)
	s.run, s.blocks, s.size = s.run[:0], nil, 0
}

// merge calls yield with each card in the order of the keys. It ends with the error of yield.
func (s *sortedCards) merge(yield func(key, card []byte) error) error {
	var runs cardRuns
	for _, packed := range s.packed {
		runs.open(&cardRun{next: unpacked(packed)})
	}
	s.sort()
	last := 0
	runs.open(&cardRun{next: func(c *sortedCard) bool {
		if last == len(s.run) {
			return false
		}
		*c = s.run[last]
		last++
		return true
	}})
	for len(runs) > 0 {
		if err := yield(runs[0].card.key, runs[0].card.card); err != nil {
			return err
		}
		if runs[0].next(&runs[0].card) {
			heap.Fix(&runs, 0)
		} else {
			heap.Pop(&runs)
		}
	}
	return nil
}

// unpacked returns a function that reads the next card of a packed run into memory that it
// uses again, and reports false at the end. The run is in memory as pack wrote it, so there is
// no other error.
func unpacked(run []byte) func(*sortedCard) bool {
	from := bufio.NewReader(flate.NewReader(bytes.NewReader(run)))
	return func(c *sortedCard) bool {
		keySize, err := binary.ReadUvarint(from)
		if err != nil {
			return false
		}
		cardSize, _ := binary.ReadUvarint(from)
		c.key, c.card = slices.Grow(c.key[:0], int(keySize))[:keySize], slices.Grow(c.card[:0], int(cardSize))[:cardSize] //nolint:gosec // lengths of slices
		_, _ = io.ReadFull(from, c.key)
		_, _ = io.ReadFull(from, c.card)
		return true
	}
}

// cardRun is a run that is being read, and its next card.
type cardRun struct {
	card sortedCard
	next func(*sortedCard) bool
}

// cardRuns is a heap of runs, the one with the lowest key first. It implements [heap.Interface].
type cardRuns []*cardRun

// open adds a run, unless it is empty.
func (r *cardRuns) open(run *cardRun) {
	if run.next(&run.card) {
		heap.Push(r, run)
	}
}

// Len returns the number of runs.
func (r cardRuns) Len() int { return len(r) }

// Less reports whether the key of one run is before that of another.
func (r cardRuns) Less(i, j int) bool { return bytes.Compare(r[i].card.key, r[j].card.key) < 0 }

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
