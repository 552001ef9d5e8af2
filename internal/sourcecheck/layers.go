package sourcecheck

import (
	"fmt"
	"go/ast"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

const (
	maxFileLines     = 450
	maxFunctionLines = 60
)

// Layers asserts that the files of the package in dir are a stair: a file uses
// only what is declared in itself and in files of earlier steps. Every source is
// in exactly one step but for doc.go. No file has more than 450 lines, no function
// more than 60.
func Layers(t testing.TB, dir string, steps ...[]string) {
	t.Helper()
	p := loadPackage(t, dir)
	for _, problem := range slices.Concat(p.unlisted(steps), p.upwardUses(steps), p.oversized()) {
		assert.Fail(t, problem)
	}
}

// Size asserts that no file of the package in dir has more than 450 lines, and no
// function more than 60. [Layers] asserts it as well.
func Size(t testing.TB, dir string) {
	t.Helper()
	for _, problem := range parsePackage(t, dir).oversized() {
		assert.Fail(t, problem)
	}
}

// stepOf maps each file to the number of its step, from 1.
func stepOf(steps [][]string) map[string]int {
	step := map[string]int{}
	for i, files := range steps {
		for _, file := range files {
			step[file] = i + 1
		}
	}
	return step
}

// unlisted names files without a step and steps without a file.
func (p *checkedPackage) unlisted(steps [][]string) (problems []string) {
	listed := slices.Concat(steps...)
	for _, file := range slices.Sorted(maps.Keys(p.files)) {
		if file != "doc.go" && !slices.Contains(listed, file) {
			problems = append(problems, file+" is in no step")
		}
	}
	for i, file := range listed {
		if p.files[file] == nil {
			problems = append(problems, file+" is in a step but does not exist")
		}
		if slices.Contains(listed[:i], file) {
			problems = append(problems, file+" is in two steps")
		}
	}
	return problems
}

// uses maps "from.go uses to.go" pairs to the names that are used.
func (p *checkedPackage) uses() map[[2]string][]string {
	uses := map[[2]string][]string{}
	for ident, object := range p.info.Uses {
		if object.Pkg() != p.types {
			continue
		}
		from, _ := p.position(ident.Pos())
		to, _ := p.position(object.Pos())
		if edge := [2]string{from, to}; from != to && !slices.Contains(uses[edge], object.Name()) {
			uses[edge] = append(uses[edge], object.Name())
		}
	}
	return uses
}

// upwardUses says which file uses what of a file that is not on a lower step.
func (p *checkedPackage) upwardUses(steps [][]string) (problems []string) {
	step := stepOf(steps)
	for edge, names := range p.uses() {
		if from, to := edge[0], edge[1]; step[to] >= step[from] && step[from] > 0 {
			problems = append(problems, fmt.Sprintf("%s (step %d) uses %s of %s (step %d)",
				from, step[from], strings.Join(slices.Sorted(slices.Values(names)), ", "), to, step[to]))
		}
	}
	slices.Sort(problems)
	return problems
}

// oversized names files and functions that are too long.
func (p *checkedPackage) oversized() (problems []string) {
	for _, name := range slices.Sorted(maps.Keys(p.files)) {
		file := p.files[name]
		if lines := p.lines(file); lines > maxFileLines {
			problems = append(problems, fmt.Sprintf("%s has %d lines, more than %d", name, lines, maxFileLines))
		}
		for _, declaration := range file.Decls {
			function, ok := declaration.(*ast.FuncDecl)
			if lines := p.lines(declaration); ok && lines > maxFunctionLines {
				problems = append(problems, fmt.Sprintf("%s: %s has %d lines, more than %d",
					name, function.Name.Name, lines, maxFunctionLines))
			}
		}
	}
	return problems
}

// lines is how many lines a node spans; for a file, all its lines.
func (p *checkedPackage) lines(node ast.Node) int {
	if file, ok := node.(*ast.File); ok {
		return p.fset.File(file.Pos()).LineCount()
	}
	_, begin := p.position(node.Pos())
	_, end := p.position(node.End())
	return end - begin + 1
}
