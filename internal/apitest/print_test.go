package apitest_test

import (
	"testing"

	"github.com/skypecontacts/skypecontacts/internal/apitest"
	"github.com/stretchr/testify/assert"
)

func TestSecretForms(t *testing.T) {
	t.Parallel()
	forms := apitest.SecretForms("canary")
	for _, value := range []any{"a canary", struct{ Token string }{"a canary"}} {
		printed := apitest.Printed(value)
		for _, form := range forms[:3] {
			assert.Contains(t, printed, form)
		}
	}
	assert.Contains(t, apitest.Printed([]byte("a canary")), forms[3])
}
