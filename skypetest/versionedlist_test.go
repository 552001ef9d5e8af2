package skypetest

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestVersionedList(t *testing.T) {
	t.Parallel()
	var l versionedList[string]
	l.markChanged("joe", 1)
	l.remove("joe", 1)
	assert.Nil(t, l.get("joe"))

	l.put("joe", "Joe", 1)
	l.put("anna", "Anna", 2)
	l.put("joe", "Joseph", 3)
	l.markChanged("anna", 4)
	assert.Equal(t, "Joseph", *l.get("joe"))
	assert.Equal(t, []*versionedRow[string]{{"Joseph", 3, false}, {"Anna", 4, false}}, l.rows)

	l.remove("joe", 5)
	assert.Nil(t, l.get("joe"))
	assert.Equal(t, []*versionedRow[string]{{"Joseph", 5, true}, {"Anna", 4, false}}, l.rows)

	l.put("joe", "Joe", 6) // an entry that was removed returns to its row
	assert.Equal(t, []*versionedRow[string]{{"Joe", 6, false}, {"Anna", 4, false}}, l.rows)
}
