package export

import (
	"strings"

	"github.com/skypecontacts/skypecontacts"
)

// languageText returns the English name of a language, with the tag behind it if that says
// more, or the tag if there is no name.
func languageText(tag skypecontacts.LanguageCode) string {
	language, rest, _ := strings.Cut(string(tag), "-")
	name := languageNames[language]
	switch {
	case name == "":
		return string(tag)
	case rest != "":
		return name + " (" + string(tag) + ")"
	default:
		return name
	}
}

// languageNames are the English names of Unicode CLDR of the languages that Skype had, and of
// the other large ones. A test compares them with golang.org/x/text, as the names of
// countries.
var languageNames = map[string]string{
	"af": "Afrikaans", "ar": "Arabic", "az": "Azerbaijani", "be": "Belarusian", "bg": "Bulgarian", "bn": "Bangla", "bs": "Bosnian",
	"ca": "Catalan", "cs": "Czech", "cy": "Welsh", "da": "Danish", "de": "German", "el": "Greek", "en": "English", "es": "Spanish",
	"et": "Estonian", "eu": "Basque", "fa": "Persian", "fi": "Finnish", "fil": "Filipino", "fr": "French", "ga": "Irish", "gl": "Galician",
	"he": "Hebrew", "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian", "hy": "Armenian", "id": "Indonesian", "is": "Icelandic",
	"it": "Italian", "ja": "Japanese", "ka": "Georgian", "kk": "Kazakh", "ko": "Korean", "lt": "Lithuanian", "lv": "Latvian",
	"mk": "Macedonian", "ms": "Malay", "nb": "Norwegian Bokmål", "ne": "Nepali", "nl": "Dutch", "no": "Norwegian Bokmål", "pl": "Polish",
	"pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sk": "Slovak", "sl": "Slovenian", "sq": "Albanian", "sr": "Serbian",
	"sv": "Swedish", "sw": "Swahili", "ta": "Tamil", "th": "Thai", "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu", "uz": "Uzbek",
	"vi": "Vietnamese", "zh": "Chinese",
}
