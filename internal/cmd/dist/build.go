package main

import (
	"bytes"
	"context"
	"debug/buildinfo"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

const (
	programPackage = "./examples/export"
	pagePackage    = "./examples/web"
	// converterPackage is what the page runs, compiled to WebAssembly.
	converterPackage = "./examples/web/converter"
)

// platform is an operating system and a processor, as Go names them.
type platform struct{ os, arch string }

// platforms are those of the program.
var platforms = []platform{
	{"linux", "amd64"},
	{"linux", "arm64"},
	{"darwin", "amd64"},
	{"darwin", "arm64"},
	{"windows", "amd64"},
	{"windows", "arm64"},
}

// browser is the platform of the page, and host that of the program that writes it.
var (
	browser = platform{"js", "wasm"}
	host    = platform{runtime.GOOS, runtime.GOARCH}
)

// origin is what a program says of its own build.
type origin struct {
	version string // of this module
	time    time.Time
}

// build builds all products in the empty directory temp.
func (r release) build(ctx context.Context, temp string) ([]product, origin, error) {
	var products []product
	var from origin
	for _, p := range r.platforms {
		built, info, err := r.buildProgram(ctx, p, temp)
		if err != nil {
			return nil, origin{}, fmt.Errorf("%s/%s: %w", p.os, p.arch, err)
		}
		if from, err = originOf(info); err != nil {
			return nil, origin{}, err
		}
		products = append(products, built)
	}
	page, err := r.buildPage(ctx, filepath.Join(temp, "page"))
	if err != nil {
		return nil, origin{}, fmt.Errorf("the page: %w", err)
	}
	return append(products, page), from, nil
}

// buildProgram builds the converter for p. The modules that it names in itself must be
// those whose licences are in the archive.
func (r release) buildProgram(ctx context.Context, p platform, temp string) (product, *buildinfo.BuildInfo, error) {
	built := product{name: "skypecontacts-export-" + p.os + "-" + p.arch, ending: ".tar.gz"}
	name := "skypecontacts-export"
	if p.os == "windows" {
		built.ending, name = ".zip", name+".exe"
	}
	output := filepath.Join(temp, built.name)
	if _, err := r.run(ctx, p, "build", "-o", output, programPackage); err != nil {
		return product{}, nil, err
	}
	var err error
	if built.program, err = os.ReadFile(output); err != nil {
		return product{}, nil, err
	}
	if built.modules, err = r.linkedModules(ctx, p, programPackage); err != nil {
		return product{}, nil, err
	}
	info, err := buildinfo.Read(bytes.NewReader(built.program))
	if err != nil {
		return product{}, nil, err
	}
	if got, want := describe(built.modules), describe(namedModules(info)); !slices.Equal(got, want) {
		return product{}, nil, fmt.Errorf("the program names the modules %q and go list %q", want, got)
	}
	built.files = []file{{name: name, data: built.program, executable: true}, {name: "README.txt", data: programText}}
	return built, info, nil
}

// buildPage has the page written to the directory dir.
func (r release) buildPage(ctx context.Context, dir string) (product, error) {
	built := product{name: "skypecontacts-page", ending: ".zip"}
	if _, err := r.run(ctx, host, "run", pagePackage, "-build", dir); err != nil {
		return product{}, err
	}
	written := os.DirFS(dir)
	err := fs.WalkDir(written, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := fs.ReadFile(written, name)
		built.files = append(built.files, file{name: name, data: data})
		if path.Ext(name) == ".wasm" {
			built.program = data
		}
		return err
	})
	if err != nil {
		return product{}, err
	}
	if built.program == nil {
		return product{}, errors.New("it has no .wasm file")
	}
	built.files = append(built.files, file{name: "README.txt", data: pageText})
	built.modules, err = r.linkedModules(ctx, browser, converterPackage)
	return built, err
}

// originOf returns what the go command took from git. What is not in a commit is not
// released, since nobody else could build it.
func originOf(info *buildinfo.BuildInfo) (origin, error) {
	settings := make(map[string]string)
	for _, setting := range info.Settings {
		settings[setting.Key] = setting.Value
	}
	if settings["vcs.time"] == "" {
		return origin{}, errors.New("the program has no time of a commit in it")
	}
	if settings["vcs.modified"] != "false" {
		return origin{}, errors.New(`the sources differ from the commit: "git status" lists the changes`)
	}
	t, err := time.Parse(time.RFC3339, settings["vcs.time"])
	return origin{version: info.Main.Version, time: t.UTC()}, err
}

// run runs the go command in the root of the repository and returns what it prints. Nothing
// that a user has set for the go command changes what is built: an empty variable has the
// value that Go gives it.
func (r release) run(ctx context.Context, p platform, args ...string) ([]byte, error) {
	command := exec.CommandContext(ctx, "go", args...)
	command.Dir = r.root
	command.Env = append(command.Environ(),
		"GOOS="+p.os, "GOARCH="+p.arch, "CGO_ENABLED=0",
		// The version is that of the tag, which the go command asks git for.
		"GOFLAGS=-trimpath -buildvcs=true -ldflags=-s -mod=readonly",
		"GOENV=off", "GOWORK=off", "GOEXPERIMENT=", "GOFIPS140=", "GOAMD64=", "GOARM64=", "GOWASM=")
	var problems bytes.Buffer
	command.Stderr = &problems
	printed, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("%s: %w\n%s", strings.Join(command.Args, " "), err, problems.Bytes())
	}
	return printed, nil
}
