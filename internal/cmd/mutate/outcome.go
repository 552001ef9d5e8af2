package main

import "regexp"

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

var (
	failedTest = regexp.MustCompile(`(?m)^\s*--- FAIL: (\S+)`)
	crash      = regexp.MustCompile(`(?m)^(?:panic|fatal error|goleak): .*`)
)

// classify returns the outcome of a test run with that output and error. A run that
// fails without naming a test proves nothing about the guard.
func classify(output []byte, err error) outcome {
	switch match := failedTest.FindSubmatch(output); {
	case err == nil:
		return outcome{notFound, ""}
	case match != nil:
		return outcome{found, string(match[1])}
	default:
		reason := crash.Find(output)
		if reason == nil {
			reason = []byte(err.Error())
		}
		return outcome{notDecided, "the tests ended without naming one that failed: " + string(reason)}
	}
}
