package main

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestClassify(t *testing.T) {
	t.Parallel()
	exit := errors.New("exit status 2")
	tests := []struct {
		name, output string
		err          error
		want         outcome
		text         string
	}{
		{"all pass", "PASS\n", nil, outcome{notFound, ""}, "NOT FOUND: no test fails"},
		{"a test fails", "--- FAIL: TestA (0.01s)\n    a_test.go:1: no\nFAIL\n", exit, outcome{found, "TestA"}, "found by TestA"},
		{
			"a subtest fails", "=== NAME\n    --- FAIL: TestA/one (0.01s)\n--- FAIL: TestA (0.01s)\nFAIL\n", exit,
			outcome{found, "TestA/one"},
			"found by TestA/one",
		},
		{"a test panics", "--- FAIL: TestA (0.00s)\npanic: no\n", exit, outcome{found, "TestA"}, "found by TestA"},
		{
			"the process crashes", "panic: no\n\ngoroutine 7 [running]:\n\t/a.go:3 +0x1\n", exit,
			outcome{notDecided, "the tests ended without naming one that failed: panic: no"},
			"NOT DECIDED: the tests ended without naming one that failed: panic: no",
		},
		{
			"the name is only quoted", "panic: output was --- FAIL: TestA\n", exit,
			outcome{notDecided, "the tests ended without naming one that failed: panic: output was --- FAIL: TestA"},
			"NOT DECIDED: the tests ended without naming one that failed: panic: output was --- FAIL: TestA",
		},
		{
			"no output", "", exit,
			outcome{notDecided, "the tests ended without naming one that failed: exit status 2"},
			"NOT DECIDED: the tests ended without naming one that failed: exit status 2",
		},
		{
			"time-out", "panic: test timed out after 5m0s\nrunning tests:\n\tTestA (5m0s)\n", exit,
			outcome{notDecided, "the tests ended without naming one that failed: panic: test timed out after 5m0s"},
			"NOT DECIDED: the tests ended without naming one that failed: panic: test timed out after 5m0s",
		},
		{
			"a test fails before a time-out", "--- FAIL: TestA (0.01s)\npanic: test timed out after 5m0s\n", exit,
			outcome{found, "TestA"},
			"found by TestA",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := classify([]byte(test.output), test.err)
			assert.Equal(t, test.want, got)
			assert.Equal(t, test.text, got.String())
		})
	}
}
