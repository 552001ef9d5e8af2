package export

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/internal/importers"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"
)

// What a page may consist of. Anything else in it would be from a contact.
var (
	pageElements = strings.Fields("html head meta title link style body a header div svg rect path circle h1 h2 h3 p dl dt dd b span ol ul li label input " +
		"button nav main section small img details summary data time footer script bdi")
	pageAttributes = strings.Fields("lang charset http-equiv content name rel href class role id hidden for type placeholder autocomplete spellcheck " +
		"aria-label aria-pressed aria-hidden data-filter data-has tabindex src alt width height viewBox x y rx cx cy r d preserveAspectRatio value datetime dir")
	pageLink = regexp.MustCompile(`^(#[a-z0-9-]+|tel:\+?\d+|mailto:[[:graph:]]+|skype:[[:graph:]]+\?chat|https?://[^@/?#]+([/?#][[:graph:]]*)?)$`)
	pageData = regexp.MustCompile(`^data:image/(jpeg|png|gif|webp);base64,[A-Za-z0-9+/]+=*$`)
)

// requireSafePage asserts that a page has nothing that a browser loads or runs but its own
// style and script, and that the text of a contact is text. It returns the texts of the cards.
func requireSafePage(t *testing.T, page string) (cards []string) {
	t.Helper()
	document, err := html.Parse(strings.NewReader(page))
	require.NoError(t, err)
	var styles, scripts []string
	for node := range document.Descendants() {
		require.NotEqual(t, html.CommentNode, node.Type)
		if node.Type != html.ElementNode {
			continue
		}
		require.Contains(t, pageElements, node.Data)
		if slices.Contains([]string{"details", "div", "p", "ul", "dl"}, node.Data) {
			require.NotContains(t, []string{"span", "data", "bdi", "a", "b", "p", "summary", "time"}, node.Parent.Data, "%s in an element of a line", node.Data)
		}
		for _, a := range node.Attr {
			require.Contains(t, pageAttributes, a.Key)
			switch {
			case a.Key == "href" && node.Data == "link":
				require.Equal(t, "data:,", a.Val)
			case a.Key == "href":
				require.Equal(t, "a", node.Data)
				require.Regexp(t, pageLink, a.Val)
			case a.Key == "src":
				require.Equal(t, "img", node.Data)
				require.Regexp(t, pageData, a.Val)
			}
		}
		switch {
		case node.Data == "style":
			styles = append(styles, nodeText(node))
		case node.Data == "script":
			scripts = append(scripts, nodeText(node))
		case hasClass(node, "card"):
			cards = append(cards, nodeText(node))
		}
	}
	requireBalanced(t, page)
	require.Equal(t, []string{string(pageStyle)}, styles)
	require.Equal(t, []string{string(pageScript)}, scripts)
	return cards
}

// requireBalanced asserts that each element of a page ends where it has to.
func requireBalanced(t *testing.T, page string) {
	t.Helper()
	var open []string
	for tokens := html.NewTokenizer(strings.NewReader(page)); ; {
		kind := tokens.Next()
		name, _ := tokens.TagName()
		switch kind {
		case html.StartTagToken:
			if !slices.Contains([]string{"meta", "link", "input", "img"}, string(name)) { // which have no end
				open = append(open, string(name))
			}
		case html.EndTagToken:
			require.NotEmpty(t, open)
			require.Equal(t, open[len(open)-1], string(name))
			open = open[:len(open)-1]
		case html.ErrorToken:
			require.Empty(t, open)
			return
		default:
		}
	}
}

// nodeText returns the text of a node and of all within it.
func nodeText(node *html.Node) string {
	var text strings.Builder
	for inner := range node.Descendants() {
		if inner.Type == html.TextNode {
			text.WriteString(inner.Data)
		}
	}
	return text.String()
}

func attributeOf(node *html.Node, name string) string {
	for _, a := range node.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func hasClass(node *html.Node, class string) bool {
	return slices.Contains(strings.Fields(attributeOf(node, "class")), class)
}

// nodesOf returns the elements of a page that are called name, in their order.
func nodesOf(t *testing.T, page, name string) (nodes []*html.Node) {
	t.Helper()
	document, err := html.Parse(strings.NewReader(page))
	require.NoError(t, err)
	for node := range document.Descendants() {
		if node.Type == html.ElementNode && node.Data == name {
			nodes = append(nodes, node)
		}
	}
	return nodes
}

// textsOf returns the texts of the elements of a page that are called name.
func textsOf(t *testing.T, page, name string) (texts []string) {
	t.Helper()
	for _, node := range nodesOf(t, page, name) {
		texts = append(texts, nodeText(node))
	}
	return texts
}

func TestPagePolicy(t *testing.T) {
	t.Parallel()
	hash := func(source string) string {
		sum := sha256.Sum256([]byte(source))
		return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	page := writeContacts(t, HTML, Options{Bots: true}, fullContact())
	metas := map[string]string{}
	for _, node := range nodesOf(t, page, "meta") {
		metas[attributeOf(node, "http-equiv")+attributeOf(node, "name")] = attributeOf(node, "content")
	}
	require.Equal(t, map[string]string{
		"": "", "Content-Security-Policy": "default-src 'none'; style-src " + hash(textsOf(t, page, "style")[0]) + "; script-src " +
			hash(textsOf(t, page, "script")[0]) + "; img-src data:; base-uri 'none'; form-action 'none'",
		"viewport": "width=device-width, initial-scale=1", "referrer": "no-referrer", "color-scheme": "light dark",
		"format-detection": "telephone=no", "generator": "skypecontacts",
	}, metas)
}

// A browser reads the files as they are: the hash of a file with other line ends differs, and
// the first end of an element ends it.
func TestPageFiles(t *testing.T) {
	t.Parallel()
	for _, file := range []string{string(pageStyle), string(pageScript)} {
		require.NotContains(t, file, "</")
		require.NotContains(t, file, "<!--")
		require.NotContains(t, file, "\r")
		require.Equal(t, pageText(file), file)
		require.NotContains(t, file, "url(")
		require.NotContains(t, file, "@import")
		require.NotContains(t, strings.ToLower(file), "innerhtml")
	}
}

// The page is sorted whatever the order of the contacts is, and the same for the same people.
func TestPageOrder(t *testing.T) {
	t.Parallel()
	var people []*contact
	for i, name := range []string{
		"zoë", "Zoe B", "Élodie", "eli", "42", "🎈", "Ωmega", "Жанна", "жук", "عمر", "日本 花子", "王", "김철수", "ａnna", "Anna", "𝓐𝓷𝓷𝓪", " ", "Łukasz", "lz", "la",
	} {
		people = append(people, &contact{MRI: skypecontacts.MRI(fmt.Sprintf("8:z.%d", i)), DisplayName: name})
	}
	page := writeContacts(t, HTML, Options{}, people...)
	require.Equal(t, []string{
		"Anna", "ａnna", "𝓐𝓷𝓷𝓪", "eli", "Élodie", "la", "Łukasz", "lz", "z.16", "zoë", "Zoe B", "Ωmega", "Жанна", "жук", "عمر",
		"日本 花子", "王", "김철수", "42", "🎈",
	}, sortedTies(textsOf(t, page, "h3")))
	require.Equal(t, []string{"A", "E", "L", "Z", "Ω", "Ж", "ع", "漢 Chinese characters", "한 Korean", "# Numbers and signs"}, textsOf(t, page, "h2")[1:11])
	slices.Reverse(people)
	require.Equal(t, page, writeContacts(t, HTML, Options{}, people...))

	var letters, sections []string
	for _, node := range nodesOf(t, page, "a") {
		if link := attributeOf(node, "href"); strings.HasPrefix(link, "#letter-") {
			letters = append(letters, link[1:])
		}
	}
	for _, node := range nodesOf(t, page, "section") {
		if hasClass(node, "letter") {
			sections = append(sections, attributeOf(node, "id"))
		}
	}
	require.Equal(t, []string{
		"letter-a", "letter-e", "letter-l", "letter-z", "letter-3a9", "letter-416", "letter-639", "letter-6f22", "letter-d55c", "letter-other",
	}, letters)
	require.Equal(t, letters, sections)
}

// sortedTies sorts the first three names, which are equal to the page and so in the order of
// a hash.
func sortedTies(names []string) []string {
	slices.Sort(names[:3])
	return names
}

// A list that is compressed in many runs is in the same order as one that is not.
func TestPageRuns(t *testing.T) {
	t.Parallel()
	people := importers.Generated()
	var files [2]bytes.Buffer
	for i, size := range []int{runBytes, 5000} {
		out := &formatOutput{file: bufio.NewWriter(&files[i]), report: &Report{NotHeld: map[string]int{}}}
		writer := newHTMLWriter(out).(*htmlWriter)
		writer.cards.runBytes = size
		for _, c := range people {
			require.NoError(t, writer.writeContact(c, identifierHash(c.MRI)))
		}
		require.NoError(t, writer.finish())
		require.NoError(t, out.file.Flush())
	}
	require.Equal(t, files[0].String(), files[1].String())
	require.Len(t, requireSafePage(t, files[0].String()), len(people))
}

// Hostile texts, of every field, come out as text.
func TestPageHostile(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"<script>alert(1)</script>", `"><img src=x onerror=alert(1)>`, "' onmouseover='alert(1)", "</style><script>", "<!--", "]]>", "&lt;b&gt;&amp;",
		"javascript:alert(1)", "javascript://a.example/%0aalert(1)", "https://bank.example@evil.example/", "data:text/html,<script>alert(1)</script>",
		"\u202egnp.exe\u2066", "a\x00b\x1b[31m\u0085", "\xff\xfe", strings.Repeat("x", 10_000), strings.Repeat("long ", 2000), strings.Repeat("a\n", 30),
		"שלום עולם", "日本語", "👩‍👩‍👧",
	} {
		page := writeContacts(t, HTML, Options{Mood: true, Bots: true, Suggested: true}, hostileContact("8:joe.4", text))
		requireTexts(t, page, text)
		for _, r := range page {
			require.False(t, isHarmful(r), "%U", r)
		}
	}
}

// hostileContact returns a contact of which every text is text.
func hostileContact(id skypecontacts.MRI, text string) *contact {
	c := formulaContact(text, text, text, text)
	c.MRI, c.DisplayNameSource, c.Agent = id, "user_edits", &skypecontacts.Agent{Type: text}
	c.Profile.Homepage, c.Profile.JobTitle, c.Profile.Gender, c.Profile.Language = text, text, skypecontacts.Gender(text), skypecontacts.LanguageCode(text)
	c.Profile.Phones = []skypecontacts.Phone{{Number: text, Type: skypecontacts.PhoneType(text)}}
	c.Profile.Locations = []skypecontacts.Location{{Type: text, City: text, State: text, CountryName: text, Country: skypecontacts.CountryCode(text)}}
	c.Profile.Mood = skypecontacts.Mood{Plain: text}
	c.Profile.Emails, c.Profile.AvatarURL, c.Profile.About = []string{text, text + "@mail.example"}, text, text
	c.Extra = skypecontacts.Extra{text: nil}
	return c
}

// requireTexts asserts that a page is safe, and that its only card has each text.
func requireTexts(t *testing.T, page string, texts ...string) {
	t.Helper()
	cards := requireSafePage(t, page)
	require.Len(t, cards, 1)
	for _, text := range texts {
		require.Contains(t, cards[0], pageText(strings.TrimSpace(text)))
	}
}

// Any contact is one card, which has its texts, in a page that loads and runs nothing else.
func FuzzPage(f *testing.F) {
	f.Add("8:joe.4", "Joe", "a\nb", "+1", "https://joe.example", []byte(nil))
	f.Add("28:<", "\"'><script>", "</script>", "javascript:1", "javascript://a/%0a1", []byte("\xff\xd8\xff"))
	f.Add("2:a@b", "\u202e\x00\xff", "]]><!--", "tel:\"", "https://a@b\\c", []byte("GIF89a"))
	f.Add("4:+1", "&#0;", "&lt;", "a@b?cc=c&\"", "HTTP://\u0430.example/?\"<>`", []byte("<svg onload=alert(1)>"))
	f.Fuzz(func(t *testing.T, id, name, text, number, homepage string, picture []byte) {
		c := hostileContact(skypecontacts.MRI(id), text)
		c.DisplayName, c.Profile.Homepage = name, homepage
		c.Profile.Phones[0].Number, c.Profile.Emails = number, []string{number, homepage}
		opts := Options{Mood: true, Bots: true, Suggested: true, Picture: func(*contact) (*skypecontacts.Avatar, error) {
			return &skypecontacts.Avatar{Data: picture, MediaType: text}, nil
		}}
		var out strings.Builder
		report, err := Write(&out, HTML, contactSequence(c), opts)
		require.NoError(t, err)
		if report.Written == 0 {
			require.Empty(t, requireSafePage(t, out.String()))
			return
		}
		requireTexts(t, out.String(), text, number, homepage, shownName(c))
	})
}

func TestPagePictures(t *testing.T) {
	t.Parallel()
	encode := func(write func(*bytes.Buffer) error) []byte {
		var file bytes.Buffer
		require.NoError(t, write(&file))
		return file.Bytes()
	}
	gray := image.NewGray(image.Rect(0, 0, 2, 2))
	pngFile := encode(func(w *bytes.Buffer) error { return png.Encode(w, gray) })
	files := map[string][]byte{
		"image/png":  pngFile,
		"image/jpeg": encode(func(w *bytes.Buffer) error { return jpeg.Encode(w, gray, nil) }),
		"image/gif":  encode(func(w *bytes.Buffer) error { return gif.Encode(w, gray, nil) }),
		"image/webp": []byte("RIFF\x04\x00\x00\x00WEBPVP8 "),
	}
	write := func(c *contact, avatar *skypecontacts.Avatar, failure error) (string, Report, error) {
		var out strings.Builder
		report, err := Write(&out, HTML, contactSequence(c), Options{Picture: func(got *contact) (*skypecontacts.Avatar, error) {
			require.Equal(t, c.MRI, got.MRI)
			return avatar, failure
		}})
		return out.String(), report, err
	}
	withURL := &contact{MRI: "8:joe.4", Profile: skypecontacts.Profile{AvatarURL: "https://avatar.example/a?auth_key=secret"}}
	for media, data := range files {
		page, report, err := write(withURL, &skypecontacts.Avatar{Data: data, MediaType: "text/html"}, nil)
		require.NoError(t, err)
		require.Empty(t, report.NotHeld)
		images := nodesOf(t, page, "img")
		require.Len(t, images, 1)
		require.Equal(t, "data:"+media+";base64,"+base64.StdEncoding.EncodeToString(data), attributeOf(images[0], "src"))
		require.Len(t, requireSafePage(t, page), 1)
	}
	lost := map[string]int{"profile.avatar_url": 1}
	for name, test := range map[string]struct {
		contact *contact
		avatar  *skypecontacts.Avatar
		err     error
		notHeld map[string]int
	}{
		"failure":              {withURL, nil, skypecontacts.ErrUnavailable, lost},
		"slow":                 {withURL, nil, fmt.Errorf("a picture: %w", context.DeadlineExceeded), lost},
		"failure for nobody":   {&contact{MRI: "8:joe.4"}, nil, skypecontacts.ErrUnavailable, lost},
		"failure with picture": {withURL, &skypecontacts.Avatar{Data: pngFile}, errors.New("late"), lost},
		"none":                 {withURL, nil, nil, lost},
		"none for nobody":      {&contact{MRI: "8:joe.4"}, nil, nil, map[string]int{}},
		"too large":            {withURL, &skypecontacts.Avatar{Data: append(slices.Clip(pngFile), make([]byte, maxPictureBytes)...)}, nil, lost},
		"svg":                  {withURL, &skypecontacts.Avatar{Data: []byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`), MediaType: "image/png"}, nil, lost},
		"bitmap":               {withURL, &skypecontacts.Avatar{Data: []byte("BM")}, nil, lost},
	} {
		page, report, err := write(test.contact, test.avatar, test.err)
		require.NoError(t, err, name)
		require.Equal(t, test.notHeld, report.NotHeld, name)
		require.Empty(t, nodesOf(t, page, "img"), name)
		require.NotContains(t, page, "secret")
	}
	_, _, err := write(withURL, nil, fmt.Errorf("a picture: %w", context.Canceled))
	require.ErrorIs(t, err, context.Canceled)
}

// Other formats have no place for a picture, and do not request it.
func TestPicturesOfOtherFormats(t *testing.T) {
	t.Parallel()
	for format := range formatTable {
		if format != HTML {
			writeContacts(t, format, Options{Bots: true, Picture: func(*contact) (*skypecontacts.Avatar, error) {
				t.Error("a picture was requested")
				return nil, nil
			}}, fullContact())
		}
	}
}

// A screen reader announces what changes in a status only if the status was shown before.
func TestPageStatusIsShown(t *testing.T) {
	t.Parallel()
	require.Contains(t, writeContacts(t, HTML, Options{}, &contact{MRI: "8:joe.4"}, &contact{MRI: "8:anna.7"}), `<p id="count" role="status"></p>`)
	require.NotRegexp(t, `#count[^{}]*\{[^}]*(display: none|visibility)`, string(pageStyle))
}

// Only what tells some people from others is a filter.
func TestPageFilters(t *testing.T) {
	t.Parallel()
	phones := []skypecontacts.Phone{{Number: "+442079460001"}}
	page := writeContacts(t, HTML, Options{},
		&contact{MRI: "8:joe.4", Favorite: true, Profile: skypecontacts.Profile{Phones: phones}},
		&contact{MRI: "8:anna.7", Blocked: true, Profile: skypecontacts.Profile{Phones: phones}},
		&contact{MRI: "4:+442079460002", Favorite: true})
	var filters []string
	for _, node := range nodesOf(t, page, "button") {
		filters = append(filters, attributeOf(node, "data-filter")+": "+nodeText(node))
	}
	require.Equal(t, []string{"favorite: Favorites 2", "blocked: Blocked 1"}, filters)
	var has []string
	for _, node := range nodesOf(t, page, "li") {
		if hasClass(node, "card") {
			has = append(has, attributeOf(node, "data-has"))
		}
	}
	require.Equal(t, []string{"number blocked", "favorite number", "favorite number"}, has)
	require.NotContains(t, writeContacts(t, HTML, Options{Bots: true}, fullContact()), `id="tools"`, "a page of one person has nothing to search")
}

// The text of a page can be read in the light and in the dark: WCAG 2.2, 1.4.3.
func TestPageContrast(t *testing.T) {
	t.Parallel()
	light, rest, _ := strings.Cut(string(pageStyle), "@media (prefers-color-scheme: dark)")
	dark, _, _ := strings.Cut(rest, "* {")
	variable := regexp.MustCompile(`--([a-z-]+): (#[0-9a-f]{6});`)
	for _, theme := range []string{light, dark} {
		colors := map[string]string{}
		for _, match := range variable.FindAllStringSubmatch(theme, -1) {
			colors[match[1]] = match[2]
		}
		for _, pair := range [][2]string{
			{"text", "back"},
			{"text", "card"},
			{"text", "tint"},
			{"quiet", "back"},
			{"quiet", "card"},
			{"quiet", "tint"},
			{"accent", "back"},
			{"accent", "card"},
			{"warn", "warn-tint"},
			{"card", "accent"},
		} {
			require.GreaterOrEqual(t, contrast(t, colors[pair[0]], colors[pair[1]]), 4.5, pair)
		}
	}
	faces := regexp.MustCompile(`\.color-(\d+) \{ background: (#[0-9a-f]{6}); \}`).FindAllStringSubmatch(string(pageStyle), -1)
	require.Len(t, faces, faceColors)
	for i, face := range faces {
		require.Equal(t, strconv.Itoa(i), face[1])
		require.GreaterOrEqual(t, contrast(t, "#ffffff", face[2]), 4.5, face[0])
	}
}

// contrast returns the contrast of two colors as WCAG 2.2 defines it.
func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	luminance := func(color string) (sum float64) {
		require.Len(t, color, 7)
		for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
			value, err := strconv.ParseUint(color[1+2*i:3+2*i], 16, 8)
			require.NoError(t, err)
			channel := float64(value) / 255
			if channel <= 0.04045 {
				sum += weight * channel / 12.92
			} else {
				sum += weight * math.Pow((channel+0.055)/1.055, 2.4)
			}
		}
		return sum
	}
	first, second := luminance(a), luminance(b)
	return (max(first, second) + 0.05) / (min(first, second) + 0.05)
}
