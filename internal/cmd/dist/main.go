// Command dist builds what a release has attached. "make dist" runs it, with the Go
// version of releases, in the root of the repository:
//
//	go run ./internal/cmd/dist -o dist
//
// The sources must be those of a commit, without changes, and the directory after -o must
// not exist. It gets an archive of examples/export for each platform, one of the page of
// examples/web, the list of the modules in them (a CycloneDX software bill of materials)
// and SHA256SUMS. The same commit and the same Go version make the same bytes, in whatever
// directory, on whatever machine.
package main

import (
	"context"
	"crypto/sha256"
	_ "embed"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
)

//go:embed texts/program.txt
var programText []byte

//go:embed texts/page.txt
var pageText []byte

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	out := flag.String("o", "dist", "the `directory` to write, which must not exist")
	flag.Parse()
	err := release{root: ".", platforms: platforms}.write(ctx, *out, os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// release is what is built.
type release struct {
	root      string // of the repository
	platforms []platform
}

// product is a program with what belongs to it.
type product struct {
	name    string // of the archive, without its ending
	ending  string // of the archive: .tar.gz or .zip
	files   []file
	program []byte
	modules []module // what is linked into program, the standard library first
}

// write builds the release, writes it to the new directory out, and prints the size of
// each file to log. A build that fails leaves no directory, which the next run would refuse.
func (r release) write(ctx context.Context, out string, log io.Writer) error {
	if _, err := os.Lstat(out); err == nil {
		return fmt.Errorf("%s: %w", out, fs.ErrExist)
	}
	temp, err := os.MkdirTemp("", "dist")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(temp) }()
	products, origin, err := r.build(ctx, temp)
	if err != nil {
		return err
	}
	licence, err := os.ReadFile(filepath.Join(r.root, "LICENSE"))
	if err != nil {
		return err
	}
	var files []file
	for _, p := range products {
		content := append(slices.Clone(p.files), file{name: "LICENSE", data: licence}, file{name: "THIRD-PARTY-LICENSES", data: licenceText(p.modules)})
		data, err := archive(p.name, p.ending, content, origin.time)
		if err != nil {
			return err
		}
		files = append(files, file{name: p.name + p.ending, data: data})
	}
	bill, err := billOfMaterials(products, origin)
	if err != nil {
		return err
	}
	files = append(files, file{name: "skypecontacts.cdx.json", data: bill})
	if err := os.Mkdir(out, 0o755); err != nil {
		return err
	}
	for _, f := range append(files, file{name: "SHA256SUMS", data: checksums(files)}) {
		if err := os.WriteFile(filepath.Join(out, f.name), f.data, 0o644); err != nil {
			return err
		}
		fmt.Fprintf(log, "%10d  %s\n", len(f.data), filepath.Join(out, f.name))
	}
	return nil
}

// checksums returns what "sha256sum -c" reads.
func checksums(files []file) []byte {
	var lines []string
	for _, f := range files {
		lines = append(lines, fmt.Sprintf("%x  %s\n", sha256.Sum256(f.data), f.name))
	}
	slices.SortFunc(lines, func(a, b string) int { return strings.Compare(a[66:], b[66:]) })
	return []byte(strings.Join(lines, ""))
}
