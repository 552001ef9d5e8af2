package export

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestMarkup(t *testing.T) {
	t.Parallel()
	var m markup
	m.own("<li>")
	m.around(`<b class="`, "<&>'\"", `">`)
	m.isolated("Joe & Anna")
	m.isolated("עומר")
	m.text("<")
	m.text(`a"b`)
	m.text("a'b")
	require.Equal(t, `<li><b class="&lt;&amp;&gt;&#39;&#34;">Joe &amp; Anna<bdi>עומר</bdi>&lt;a&#34;ba&#39;b`, string(m.page))
}

func TestPageText(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Joe\tBloggs\n": "Joe\tBloggs\n", "a\r\nb\rc\vd": "a\nb\nc\nd", "a\x00b\x1bc\x7fd\u0085e": "abcde", "a\xffb": "a\ufffdb", "\ufffd": "\ufffd",
		"\u202eab\u202c\u2066c\u2069": "abc", "\u200f\u200ea\u061c": "\u200f\u200ea\u061c", "\ufffe\ufdd0\U0001ffff🎈": "🎈", "👩\u200d👧\ufe0f": "👩\u200d👧\ufe0f", "": "",
	} {
		require.Equal(t, want, pageText(text), "%q", text)
	}
}

func TestLinks(t *testing.T) {
	t.Parallel()
	const leaves = ` rel="noreferrer noopener"`
	for _, test := range []struct {
		target linkTarget
		want   string
	}{
		{phoneTarget("+442079460001"), `<a href="tel:+442079460001">x</a>`},
		{phoneTarget("999"), `<a href="tel:999">x</a>`},
		{phoneTarget("99"), "x"},
		{phoneTarget("+44;ext=1"), "x"},
		{phoneTarget("++44207"), "x"},
		{phoneTarget("*31#"), "x"},
		{mailTarget(" joe@mail.example "), `<a href="mailto:joe@mail.example">x</a>`},
		{mailTarget("joe&anna?cc=x%@mail.example"), `<a href="mailto:joe&amp;anna%3Fcc=x%25@mail.example">x</a>`},
		{mailTarget("жан@mail.example"), `<a href="mailto:%D0%B6%D0%B0%D0%BD@mail.example">x</a>`},
		{mailTarget("joe"), "x"},
		{mailTarget("@mail.example"), "x"},
		{mailTarget("joe@"), "x"},
		{mailTarget("joe@mail.example@b"), "x"},
		{mailTarget("joe b@mail.example"), "x"},
		{mailTarget("joe\u202e@mail.example"), "x"},
		{mailTarget("joe\xff@mail.example"), "x"},
		{chatTarget("live:joe.4"), `<a href="skype:live:joe.4?chat">x</a>`},
		{chatTarget(`a?call&b"/`), `<a href="skype:a%3Fcall&amp;b%22%2F?chat">x</a>`},
		{webTarget("https://joe.example/?a=1&b"), `<a href="https://joe.example/?a=1&amp;b"` + leaves + `>x</a>`},
		{webTarget("HTTP://joe.example"), `<a href="http://joe.example"` + leaves + `>x</a>`},
		{webTarget("https://joe.example/a@b"), `<a href="https://joe.example/a@b"` + leaves + `>x</a>`},
		{webTarget("https://bank.example@joe.example"), "x"},
		{webTarget("https:///path"), "x"},
		{webTarget("javascript://joe.example/%0aalert(1)"), "x"},
		{webTarget("ftp://joe.example"), "x"},
		{webTarget(""), "x"},
	} {
		var m markup
		m.link(test.target, "x")
		require.Equal(t, test.want, string(m.page))
	}
}

// A link without a visible text has no name that could be spoken.
func TestLinkWithoutName(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"\uFEFF", "\u200B \u200B", " ", ""} {
		var m markup
		m.link(chatTarget("joe.4"), text)
		require.NotContains(t, string(m.page), "<a ", "%+q", text)
	}
}

func TestCountText(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 100_000: "100,000", 1_234_567: "1,234,567"} {
		require.Equal(t, want, countText(n))
	}
	require.Equal(t, "1 person", peopleText(1))
	require.Equal(t, "1,000 people", peopleText(1000))
}
