package main

import (
	"debug/buildinfo"
	"encoding/json"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The page of this release is a small one, and its program none, as that of examples/web
// takes long to build. It is linked with the module of its package by "go list".
const (
	stubConverter = "package main\n\nimport _ \"golang.org/x/text/width\"\n\nfunc main() {}\n"
	stubPage      = `package main

import (
	"os"
	"path/filepath"
)

func main() {
	dir := os.Args[2] // after -build
	_ = os.MkdirAll(filepath.Join(dir, "pictures"), 0o755)
	_ = os.WriteFile(filepath.Join(dir, "converter.wasm"), []byte("program"), 0o600)
	_ = os.WriteFile(filepath.Join(dir, "pictures", "icon.svg"), []byte("<svg/>"), 0o600)
}
`
)

// Two clones of a repository in different directories make the same release.
func TestRelease(t *testing.T) {
	t.Parallel()
	first, second := cloneTwice(t)
	release := release{platforms: []platform{host}}
	var releases []map[string]string
	for _, root := range []string{first, second} {
		release.root = root
		out := filepath.Join(t.TempDir(), "dist")
		require.NoError(t, release.write(t.Context(), out, io.Discard))
		releases = append(releases, readFiles(t, os.DirFS(out)))
	}
	// The sums of all files are in a file, whose difference is short enough to print.
	assert.Equal(t, releases[0]["SHA256SUMS"], releases[1]["SHA256SUMS"])

	got, dir, name, unpack := releases[0], "skypecontacts-export-"+host.os+"-"+host.arch, "skypecontacts-export", untar
	ending := ".tar.gz"
	if host.os == "windows" {
		name, ending, unpack = name+".exe", ".zip", unzip
	}
	assert.ElementsMatch(t, []string{dir + ending, "skypecontacts-page.zip", "skypecontacts.cdx.json", "SHA256SUMS"}, names(got))
	checkSums(t, got)
	checkSums(t, releases[1])
	program := unpack(t, got[dir+ending], dir+"/")
	assert.ElementsMatch(t, []string{name, "README.txt", "LICENSE", "THIRD-PARTY-LICENSES"}, names(program))
	page := unzip(t, got["skypecontacts-page.zip"], "skypecontacts-page/")
	assert.ElementsMatch(t, []string{"pictures/icon.svg", "converter.wasm", "README.txt", "LICENSE", "THIRD-PARTY-LICENSES"}, names(page))
	assert.NotContains(t, program[name], filepath.ToSlash(first), "the directory")

	info, err := buildinfo.Read(strings.NewReader(program[name]))
	require.NoError(t, err)
	assert.Equal(t, "v0.9.8", info.Main.Version)
	assert.Equal(t, namedByGo(info), namedByBill(t, got["skypecontacts.cdx.json"], dir))
	assert.Contains(t, namedByBill(t, got["skypecontacts.cdx.json"], "skypecontacts-page"), "golang.org/x/text")
	for _, m := range info.Deps {
		assert.Contains(t, program["THIRD-PARTY-LICENSES"], m.Path+" "+m.Version+": LICENSE\n")
	}
	assert.NotContains(t, page["THIRD-PARTY-LICENSES"], "resty")
}

// What is there already is neither replaced nor mixed with a release.
func TestDirectoryExists(t *testing.T) {
	t.Parallel()
	err := release{root: "none"}.write(t.Context(), t.TempDir(), io.Discard)
	assert.ErrorIs(t, err, fs.ErrExist)
}

// A failing build leaves no directory, which the next run would refuse.
func TestDirectoryAfterFailure(t *testing.T) {
	t.Parallel()
	out := filepath.Join(t.TempDir(), "dist")
	require.Error(t, release{root: ".", platforms: []platform{host}}.write(t.Context(), out, io.Discard))
	assert.NoDirExists(t, out)
}

func TestChecksums(t *testing.T) {
	t.Parallel()
	got := checksums([]file{{name: "b", data: []byte("abc")}, {name: "a"}})
	assert.Equal(t, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  a\n"+
		"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  b\n", string(got))
}

// cloneTwice returns two clones of a repository that has the sources of this one, a small
// page, and the tag v0.9.8.
func cloneTwice(t *testing.T) (first, second string) {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("there is no git")
	}
	origin := t.TempDir()
	copySources(t, filepath.Join("..", "..", ".."), origin)
	for name, text := range map[string]string{"main.go": stubPage, "converter/main.go": stubConverter} {
		path := filepath.Join(origin, "examples", "web", name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	}
	git(t, origin, "init", "-q")
	git(t, origin, "add", ".")
	git(t, origin, "commit", "-q", "-m", "sources")
	git(t, origin, "tag", "v0.9.8")
	first, second = filepath.Join(t.TempDir(), "first"), filepath.Join(t.TempDir(), "in", "another", "place")
	git(t, origin, "clone", "-q", ".", first)
	git(t, origin, "clone", "-q", ".", second)
	return first, second
}

// copySources copies the sources of the programs, without their tests.
func copySources(t *testing.T, from, to string) {
	t.Helper()
	needed := []string{"go.mod", "go.sum", "LICENSE", ".gitattributes", "examples", "export", "internal/credential", "skypetest"}
	roots, err := filepath.Glob(filepath.Join(from, "*.go"))
	require.NoError(t, err)
	for _, name := range needed {
		roots = append(roots, filepath.Join(from, filepath.FromSlash(name)))
	}
	for _, root := range roots {
		require.NoError(t, filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case entry.IsDir() && (entry.Name() == "testdata" || entry.Name() == "web"):
				return filepath.SkipDir
			case entry.IsDir() || strings.HasSuffix(path, "_test.go"):
				return nil
			}
			name, err := filepath.Rel(from, path)
			require.NoError(t, err)
			data, err := os.ReadFile(path)
			require.NoError(t, err)
			require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(to, name)), 0o755))
			return os.WriteFile(filepath.Join(to, name), data, 0o600)
		}))
	}
}

// git runs git without what the user has configured.
func git(t *testing.T, dir string, args ...string) {
	t.Helper()
	command := exec.CommandContext(t.Context(), "git", append([]string{"-c", "core.autocrlf=false", "-c", "user.name=fred.2", "-c", "user.email=fred.2@example.com"}, args...)...)
	command.Dir = dir
	command.Env = append(command.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_NOSYSTEM=1")
	printed, err := command.CombinedOutput()
	require.NoError(t, err, "%s", printed)
}

// namedByGo returns the modules that "go version -m" prints, with the standard library.
func namedByGo(info *buildinfo.BuildInfo) map[string]string {
	modules := map[string]string{"stdlib": strings.TrimPrefix(info.GoVersion, "go")}
	for _, m := range info.Deps {
		modules[m.Path] = m.Version
	}
	return modules
}

// namedByBill returns the modules on which a program depends by the bill of materials.
func namedByBill(t *testing.T, text, program string) map[string]string {
	t.Helper()
	var list bom
	require.NoError(t, json.Unmarshal([]byte(text), &list))
	components := make(map[string]bomComponent)
	for _, c := range list.Components {
		components[c.Ref] = c
	}
	modules := make(map[string]string)
	for _, d := range list.Dependencies {
		for _, ref := range d.DependsOn {
			require.Contains(t, components, ref)
			if d.Ref == program {
				modules[components[ref].Name] = components[ref].Version
			}
		}
	}
	return modules
}

// checkSums compares SHA256SUMS with the files.
func checkSums(t *testing.T, files map[string]string) {
	t.Helper()
	var others []file
	for name, data := range files {
		if name != "SHA256SUMS" {
			others = append(others, file{name: name, data: []byte(data)})
		}
	}
	assert.Equal(t, string(checksums(others)), files["SHA256SUMS"])
}

// readFiles returns all files by name.
func readFiles(t *testing.T, tree fs.FS) map[string]string {
	t.Helper()
	files := make(map[string]string)
	require.NoError(t, fs.WalkDir(tree, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := fs.ReadFile(tree, name)
		files[name] = string(data)
		return err
	}))
	return files
}

func names(files map[string]string) []string {
	var all []string
	for name := range files {
		all = append(all, name)
	}
	return all
}

// Releases are built by a Go version that all tests have run with.
func TestGoVersionOfReleases(t *testing.T) {
	t.Parallel()
	var versions []string
	for name, line := range map[string]string{"Makefile": `(?m)^release_go = (go\S+)$`, ".ci/run": `(?m)^newest=(go\S+)$`} {
		text, err := os.ReadFile(filepath.Join("..", "..", "..", filepath.FromSlash(name)))
		require.NoError(t, err)
		found := regexp.MustCompile(line).FindSubmatch(text)
		require.NotNil(t, found, name)
		versions = append(versions, string(found[1]))
	}
	assert.Equal(t, versions[0], versions[1])
}
