package export

import (
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

func TestLanguageText(t *testing.T) {
	t.Parallel()
	for tag, want := range map[skypecontacts.LanguageCode]string{
		"en": "English", "pt-br": "Portuguese (pt-br)", "tlh": "tlh", "": "", "English": "English", "-": "-",
	} {
		require.Equal(t, want, languageText(tag), tag)
	}
}

// The table has the names that golang.org/x/text has.
func TestLanguageNames(t *testing.T) {
	t.Parallel()
	for tag, name := range languageNames {
		require.Equal(t, display.English.Languages().Name(language.MustParse(tag)), name, tag)
	}
}
