package main

import (
	"bytes"
	"context"
	"debug/buildinfo"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// module is a module that is linked into a program.
type module struct {
	path, version string
	sum           string // as in go.sum; the standard library has none
	licences      []file // their names are relative to the module
}

// standardLibrary is its path in databases of vulnerabilities.
const standardLibrary = "stdlib"

// licenceName matches the names of files that a copy has to include.
var licenceName = regexp.MustCompile(`(?i)^(licen[cs]e|copying|notice|patents)\b`)

// listedPackage is what "go list" says of a package.
type listedPackage struct {
	Dir    string
	Module *struct {
		Path, Version, Sum, Dir string
		Main                    bool
	}
}

// linkedModules returns the standard library and the other modules of which the program
// has packages, in the order of their paths.
func (r release) linkedModules(ctx context.Context, p platform, program string) ([]module, error) {
	library, err := r.standardLibrary(ctx, p)
	if err != nil {
		return nil, err
	}
	printed, err := r.run(ctx, p, "list", "-deps", "-json=Dir,Module", program)
	if err != nil {
		return nil, err
	}
	found := make(map[string]*module)
	for decoder := json.NewDecoder(bytes.NewReader(printed)); ; {
		var listed listedPackage
		if err := decoder.Decode(&listed); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, err
		}
		from := listed.Module
		if from == nil || from.Main { // nil: the standard library
			continue
		}
		if found[from.Path] == nil {
			found[from.Path] = &module{path: from.Path, version: from.Version, sum: from.Sum}
		}
		if err := found[from.Path].addLicences(from.Dir, listed.Dir); err != nil {
			return nil, err
		}
	}
	modules := []module{library}
	for _, m := range found {
		if len(m.licences) == 0 || m.sum == "" {
			return nil, fmt.Errorf("%s has no licence or no checksum", m.path)
		}
		modules = append(modules, *m)
	}
	slices.SortFunc(modules[1:], func(a, b module) int { return strings.Compare(a.path, b.path) })
	return modules, nil
}

// standardLibrary returns that of the go command.
func (r release) standardLibrary(ctx context.Context, p platform) (module, error) {
	printed, err := r.run(ctx, p, "env", "GOVERSION", "GOROOT")
	if err != nil {
		return module{}, err
	}
	version, root, _ := strings.Cut(strings.TrimSpace(string(printed)), "\n")
	root = strings.TrimSpace(root)
	library := module{path: standardLibrary, version: strings.TrimPrefix(strings.TrimSpace(version), "go")}
	if err := library.addLicences(root, root); err != nil {
		return module{}, err
	}
	if len(library.licences) == 0 {
		return module{}, fmt.Errorf("there is no licence of Go in %s", root)
	}
	return library, nil
}

// addLicences adds the licences in dir, a directory of a package, and in those above it
// up to root, the directory of its module.
func (m *module) addLicences(root, dir string) error {
	for ; ; dir = filepath.Dir(dir) {
		entries, err := os.ReadDir(dir)
		if err != nil {
			return err
		}
		for _, entry := range entries {
			if !entry.Type().IsRegular() || !licenceName.MatchString(entry.Name()) || filepath.Ext(entry.Name()) == ".go" {
				continue
			}
			name, err := filepath.Rel(root, filepath.Join(dir, entry.Name()))
			if err != nil {
				return err
			}
			name = filepath.ToSlash(name)
			if slices.ContainsFunc(m.licences, func(f file) bool { return f.name == name }) {
				continue
			}
			data, err := os.ReadFile(filepath.Join(dir, entry.Name()))
			if err != nil {
				return err
			}
			m.licences = append(m.licences, file{name: name, data: data})
		}
		if dir == root {
			return nil
		}
	}
}

// namedModules returns the modules that a program names in itself.
func namedModules(info *buildinfo.BuildInfo) []module {
	modules := []module{{path: standardLibrary, version: strings.TrimPrefix(info.GoVersion, "go")}}
	for _, m := range info.Deps {
		modules = append(modules, module{path: m.Path, version: m.Version, sum: m.Sum})
	}
	return modules
}

// describe returns a line for each module.
func describe(modules []module) []string {
	var lines []string
	for _, m := range modules {
		lines = append(lines, strings.TrimSpace(m.path+" "+m.version+" "+m.sum))
	}
	return lines
}

// licenceText returns the licences of the modules, each with the module that it is of.
func licenceText(modules []module) []byte {
	var text bytes.Buffer
	text.WriteString("The program contains the standard library of Go and the modules below. Their licences:\n")
	for _, m := range modules {
		for _, licence := range m.licences {
			fmt.Fprintf(&text, "\n%s\n%s %s: %s\n\n%s\n", strings.Repeat("=", 80), m.path, m.version, licence.name, bytes.TrimSpace(licence.data))
		}
	}
	return text.Bytes()
}
