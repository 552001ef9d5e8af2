package main

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/redis/go-redis/v9"
	"github.com/skypecontacts/skypecontacts"
)

// workerConfig is the first line of a worker's input. It is no argument, since everybody
// on a machine can read those.
type workerConfig struct {
	Name      string
	Database  string // URL with the password
	Redis     string // host and port
	KeyFile   string
	Endpoints skypecontacts.Endpoints
	RenewURL  string
	Slots     int // jobs at once
	Rate      int // requests a second of all processes together
	Burst     int
}

// runWorker is a worker process. It works until its input ends or it is told to stop, and
// then completes the jobs it has begun. Its input ends also when the program that has
// started it dies, so none is left behind.
func runWorker(in io.Reader, log io.Writer) error {
	signal.Ignore(os.Interrupt) // of the terminal: the program that has started it decides
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	decoder := json.NewDecoder(in)
	var config workerConfig
	if err := decoder.Decode(&config); err != nil {
		return err
	}
	go func() {
		_, _ = io.Copy(io.Discard, in)
		stop()
	}()
	redis.SetLogger(noLog{}) // what fails, the limiter sees
	logger := slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelWarn}))
	return config.work(ctx, logger.With("worker", config.Name))
}

// noLog is a logger for go-redis, which writes to the standard one.
type noLog struct{}

func (noLog) Printf(context.Context, string, ...any) {}

// work runs the jobs of the queue until the context ends.
func (c *workerConfig) work(ctx context.Context, log *slog.Logger) error {
	sealer, err := readSealer(c.KeyFile)
	if err != nil {
		return err
	}
	// Beside those of the jobs river has connections to listen, to lead and to complete jobs.
	s, err := openStore(context.WithoutCancel(ctx), c.Database, int32(c.Slots)+4, sealer) //nolint:gosec // a small number
	if err != nil {
		return err
	}
	defer s.pool.Close()
	shared := newRedis(c.Redis)
	defer shared.Close() //nolint:errcheck // nothing is written any more
	httpClient := newHTTPClient(c.Slots)
	defer httpClient.CloseIdleConnections()
	rest := newSharedRest(shared)
	queue, err := newQueue(s, &clients{
		http: httpClient, endpoints: c.Endpoints, rest: rest, store: s, agent: c.Name,
		limiter: newSharedLimiter(shared, rest, c.Rate, c.Burst),
		renewer: httpRenewer{httpClient, c.RenewURL},
	}, c.Name, c.Slots, log)
	if err != nil {
		return err
	}
	if err := queue.Start(ctx); err != nil {
		if ctx.Err() != nil { // it was told to stop before it had begun
			return nil
		}
		return err
	}
	<-queue.Stopped()
	return nil
}
