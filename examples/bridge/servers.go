package main

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
)

// servers are a PostgreSQL and a Redis of this program alone, on free ports, with their
// data in one folder.
type servers struct {
	dir             string
	postgres, redis *serverProcess
	databaseURL     string
	redisAddr       string
}

// serverProcess is a server that can be stopped and started again.
type serverProcess struct {
	command []string
	isReady func(context.Context) error
	running *exec.Cmd
	output  bytes.Buffer
}

// errNotInstalled is returned if a server is missing on this machine.
var errNotInstalled = errors.New("PostgreSQL and Redis are needed: apt-get install postgresql redis-server")

// startServers starts both servers. The caller stops them with stop, also after an error.
func startServers(ctx context.Context, dir string) (*servers, error) {
	postgres, err := postgresProgram("postgres")
	if err != nil {
		return nil, err
	}
	ports, err := freePorts(2)
	if err != nil {
		return nil, err
	}
	s := &servers{dir: dir, redisAddr: "127.0.0.1:" + ports[1]}
	if s.postgres, err = s.newPostgres(ctx, postgres, ports[0]); err != nil {
		return s, err
	}
	if s.redis, err = newRedisProcess(dir, ports[1]); err != nil {
		return s, err
	}
	return s, errors.Join(s.postgres.start(ctx), s.redis.start(ctx))
}

// newRedisProcess returns a Redis with its data in a folder. With its append-only file a
// Redis that was stopped still knows the permits that it gave and the rests.
func newRedisProcess(dir, port string) (*serverProcess, error) {
	program, err := exec.LookPath("redis-server")
	if err != nil {
		return nil, errNotInstalled
	}
	return &serverProcess{
		command: append(untilDeath(), program, "--bind", "127.0.0.1", "--port", port, "--dir", dir,
			"--appendonly", "yes", "--save", "", "--loglevel", "warning"),
		isReady: func(ctx context.Context) error {
			client := newRedis("127.0.0.1:" + port)
			defer client.Close() //nolint:errcheck // it was only asked whether it responds
			return client.Ping(ctx).Err()
		},
	}, nil
}

// newPostgres makes the files of a database.
func (s *servers) newPostgres(ctx context.Context, program, port string) (*serverProcess, error) {
	home := filepath.Join(s.dir, "postgres")
	data, passwordFile := filepath.Join(home, "data"), filepath.Join(home, "password")
	password := rand.Text()
	if err := errors.Join(os.Mkdir(home, 0o700), os.WriteFile(passwordFile, []byte(password), 0o600)); err != nil {
		return nil, err
	}
	prefix, err := asUnprivileged(home, passwordFile)
	if err != nil {
		return nil, err
	}
	s.databaseURL = fmt.Sprintf("postgres://bridge:%s@127.0.0.1:%s/postgres", password, port)
	command := slices.Concat(prefix, []string{
		filepath.Join(filepath.Dir(program), "initdb"), "--pgdata", data, "--username", "bridge",
		"--auth", "scram-sha-256", "--pwfile", passwordFile, "--encoding", "UTF8", "--locale", "C", "--no-sync",
	})
	initdb := exec.CommandContext(ctx, command[0], command[1:]...) //nolint:gosec // the programs of this machine
	initdb.Dir = "/"
	if out, err := initdb.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("initdb: %w: %s", err, out)
	}
	return &serverProcess{
		// The folder is removed in the end, so nothing waits for the disk. A crash of the
		// server loses nothing all the same, only one of the machine would.
		command: slices.Concat(prefix, []string{program, "-D", data, "-p", port, "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "fsync=off"}),
		isReady: func(ctx context.Context) error {
			conn, err := pgx.Connect(ctx, s.databaseURL)
			if err != nil {
				return err
			}
			return conn.Close(ctx)
		},
	}, nil
}

// untilDeath comes before a command that is to be stopped if this program is killed.
func untilDeath() []string { return []string{"setpriv", "--pdeathsig", "INT"} }

// asUnprivileged returns what comes before a command of PostgreSQL, which refuses to run as
// root: then it runs as the user postgres, to whom files are given.
func asUnprivileged(files ...string) ([]string, error) {
	if os.Geteuid() != 0 {
		return untilDeath(), nil
	}
	owner, err := user.Lookup("postgres")
	if err != nil {
		return nil, errNotInstalled
	}
	uid, err := strconv.Atoi(owner.Uid)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.Atoi(owner.Gid)
	if err != nil {
		return nil, err
	}
	for _, name := range files {
		if err := os.Chown(name, uid, gid); err != nil {
			return nil, err
		}
	}
	return append(untilDeath(), "--reuid", owner.Uid, "--regid", owner.Gid, "--clear-groups"), nil
}

// postgresProgram returns the path of a program of PostgreSQL. Debian has them outside of
// PATH, by version.
func postgresProgram(name string) (string, error) {
	if path, err := exec.LookPath(name); err == nil {
		return path, nil
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/" + name) // the pattern is valid
	if len(found) == 0 {
		return "", errNotInstalled
	}
	return found[len(found)-1], nil
}

// start starts the server and waits until it responds.
func (p *serverProcess) start(ctx context.Context) error {
	p.output.Reset()
	p.running = exec.Command(p.command[0], p.command[1:]...) //nolint:noctx,gosec // stop ends it; a program of this machine
	p.running.Dir = "/"
	p.running.Stdout, p.running.Stderr = &p.output, &p.output
	if err := p.running.Start(); err != nil {
		return err
	}
	return await(ctx, func() error { return p.isReady(ctx) })
}

// stop ends the server in an orderly way, but without regard to its connections.
func (p *serverProcess) stop() {
	if p == nil || p.running == nil || p.running.Process == nil {
		return
	}
	if p.running.Process.Signal(os.Interrupt) != nil {
		_ = p.running.Process.Kill()
	}
	_ = p.running.Wait()
	p.running = nil
}

// stop stops both servers.
func (s *servers) stop() {
	if s != nil {
		s.postgres.stop()
		s.redis.stop()
	}
}

// freePorts returns ports of the loopback interface on which nobody listens.
func freePorts(n int) (ports []string, err error) {
	var listeners []net.Listener
	defer func() { // after all have been found, so that they differ
		for _, l := range listeners {
			err = errors.Join(err, l.Close())
		}
	}()
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		listeners = append(listeners, l)
		ports = append(ports, strconv.Itoa(l.Addr().(*net.TCPAddr).Port))
	}
	return ports, nil
}

const (
	awaitPause = 20 * time.Millisecond
	awaitLimit = 2 * time.Minute
)

// await repeats a check until it returns no error. It returns the last one if that takes too
// long, and the error of the context if that ends.
func await(ctx context.Context, check func() error) error {
	limited, cancel := context.WithTimeout(ctx, awaitLimit)
	defer cancel()
	for {
		err := check()
		if err == nil {
			return nil
		}
		if sleep(limited, awaitPause) != nil {
			return cmp.Or(ctx.Err(), err)
		}
	}
}
