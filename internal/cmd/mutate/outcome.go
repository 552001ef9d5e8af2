package main

import (
	"bytes"
	"regexp"
)

// result is what the tests tell about a mutation.
type result int

const (
	notFound   result = iota // all tests pass
	found                    // a test fails
	notDecided               // the tests did not compile, crashed or timed out
)

// outcome is the result for a mutation and its reason: the test that failed, or why
// it is not decided.
type outcome struct {
	result result
	reason string
}

func (o outcome) String() string {
	switch o.result {
	case found:
		return "found by " + o.reason
	case notDecided:
		return "NOT DECIDED: " + o.reason
	default:
		return "NOT FOUND: no test fails"
	}
}

// failedTest matches the line that names a failed test.
var failedTest = regexp.MustCompile(`(?m)^\s*--- FAIL: (\S+)`)

// classify returns the outcome of a test run with that output and error. A run that
// fails without naming a test proves nothing about the guard.
func classify(output []byte, err error) outcome {
	switch match := failedTest.FindSubmatch(output); {
	case err == nil:
		return outcome{notFound, ""}
	case match != nil:
		return outcome{found, string(match[1])}
	case bytes.Contains(output, []byte("panic: test timed out after")):
		return outcome{notDecided, "the tests timed out"}
	default:
		return outcome{notDecided, "the tests ended without naming one that failed: " + lastLine(output, err)}
	}
}

// lastLine returns the last line of the output, or the error if there is none.
func lastLine(output []byte, err error) string {
	output = bytes.TrimSpace(output)
	if len(output) == 0 {
		return err.Error()
	}
	return string(bytes.TrimSpace(output[bytes.LastIndexByte(output, '\n')+1:]))
}
