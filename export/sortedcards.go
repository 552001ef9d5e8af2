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

// runBytes is the size of the cards that are sorted at a time: about 1,000 of them.
const runBytes = 1 << 20

// sortedCards sorts cards by their keys. It holds one run of them as they are, and compresses
// each run that is full, so that a card costs about a tenth of its size.
type sortedCards struct {
	cards    []byte      // of the run, each behind its key
	places   []cardPlace // of the run, in the order in which they came
	packer   *flate.Writer
	packed   [][]byte // full runs, sorted
	runBytes int      // of a full run
}

// cardPlace is where in a run a key begins, its card begins, and that ends.
type cardPlace struct{ key, card, end int }

// add adds a card. It keeps neither of the slices.
func (s *sortedCards) add(key, card []byte) {
	begin := len(s.cards)
	s.cards = append(append(s.cards, key...), card...)
	s.places = append(s.places, cardPlace{begin, begin + len(key), len(s.cards)})
	if len(s.cards) < s.runBytes {
		return
	}
	var packed bytes.Buffer
	if s.packer == nil {
		s.packer, _ = flate.NewWriter(&packed, flate.BestSpeed) // the level is valid
	} else {
		s.packer.Reset(&packed)
	}
	s.writeRun(s.packer)
	_ = s.packer.Close()
	s.packed = append(s.packed, bytes.Clone(packed.Bytes())) // a buffer is up to twice as long
	s.cards, s.places = s.cards[:0], s.places[:0]
}

// writeRun writes the run in order. W writes to memory and does not fail.
func (s *sortedCards) writeRun(w io.Writer) {
	slices.SortFunc(s.places, func(a, b cardPlace) int {
		return bytes.Compare(s.cards[a.key:a.card], s.cards[b.key:b.card])
	})
	var sizes []byte
	for _, p := range s.places {
		sizes = binary.AppendUvarint(sizes[:0], uint64(p.card-p.key))
		sizes = binary.AppendUvarint(sizes, uint64(p.end-p.card))
		_, _ = w.Write(sizes)
		_, _ = w.Write(s.cards[p.key:p.end])
	}
}

// merge calls yield with each card in the order of the keys. It ends with the error of yield.
func (s *sortedCards) merge(yield func(key, card []byte) error) error {
	var last bytes.Buffer
	s.writeRun(&last)
	s.cards, s.places, s.packer = nil, nil, nil
	var runs cardRuns
	for _, packed := range s.packed {
		runs.open(flate.NewReader(bytes.NewReader(packed)))
	}
	runs.open(&last)
	for len(runs) > 0 {
		if err := yield(runs[0].key, runs[0].card); err != nil {
			return err
		}
		if runs[0].next() {
			heap.Fix(&runs, 0)
		} else {
			heap.Pop(&runs)
		}
	}
	return nil
}

// cardRun is a sorted run that is being read, and its next card.
type cardRun struct {
	from      *bufio.Reader
	key, card []byte
}

// next reads a card, and reports false at the end. What is read is in memory, as writeRun
// wrote it, so there is no other error.
func (r *cardRun) next() bool {
	keySize, err := binary.ReadUvarint(r.from)
	if err != nil {
		return false
	}
	cardSize, _ := binary.ReadUvarint(r.from)
	r.key = readInto(r.key, r.from, keySize)
	r.card = readInto(r.card, r.from, cardSize)
	return true
}

// readInto reads size bytes into a slice that may be in place of buffer.
func readInto(buffer []byte, from io.Reader, size uint64) []byte {
	buffer = slices.Grow(buffer[:0], int(size))[:size] //nolint:gosec // the length of a slice
	_, _ = io.ReadFull(from, buffer)
	return buffer
}

// cardRuns is a heap of runs, the one with the lowest key first. It implements [heap.Interface].
type cardRuns []*cardRun

func (r *cardRuns) open(from io.Reader) {
	if run := (&cardRun{from: bufio.NewReader(from)}); run.next() {
		heap.Push(r, run)
	}
}

func (r cardRuns) Len() int           { return len(r) }
func (r cardRuns) Less(i, j int) bool { return bytes.Compare(r[i].key, r[j].key) < 0 }
func (r cardRuns) Swap(i, j int)      { r[i], r[j] = r[j], r[i] }

// Push adds a run.
func (r *cardRuns) Push(run any) { *r = append(*r, run.(*cardRun)) }

// Pop removes the last run.
func (r *cardRuns) Pop() any {
	last := (*r)[len(*r)-1]
	*r = (*r)[:len(*r)-1]
	return last
}
