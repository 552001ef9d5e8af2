// Avatars prints which pictures the people in the contact list have and, with -o, saves
// them in a directory. A second run for the same directory gets only those that have
// changed.
//
//	go run ./examples/avatars
//	go run ./examples/avatars -o pictures
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/examples/internal/demo"
	"github.com/skypecontacts/skypecontacts/examples/internal/display"
)

func main() {
	flags := flag.NewFlagSet("avatars", flag.ContinueOnError)
	dir := flags.String("o", "", "save the pictures in this `directory`, which is made if it is missing; without it none is saved")
	size := flags.String("size", "", "size of the pictures: m or l; without it the service decides")
	program := demo.Program{Summary: "prints which pictures the contacts have, or saves them", Flags: flags}
	program.Main(func(ctx context.Context, client *skypecontacts.Client, out io.Writer, _ []string) error {
		switch *size {
		case "", string(skypecontacts.AvatarMedium), string(skypecontacts.AvatarLarge):
			return run(ctx, client, out, *dir, skypecontacts.AvatarSize(*size))
		default:
			return fmt.Errorf("%w: -size %q; there are m and l", demo.ErrUsage, *size)
		}
	})
}

// run gets the pictures of all contacts. If that ends early, what was saved is kept and
// known to the next run.
func run(ctx context.Context, client *skypecontacts.Client, out io.Writer, dir string, size skypecontacts.AvatarSize) (err error) {
	list, err := client.ListContacts(ctx)
	if err != nil {
		return err
	}
	pictures, err := openStore(dir, size)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, pictures.saveIndex()) }()
	rows, others := [][]string{{"NAME", "ID", "PICTURE"}}, 0
	for i := range list.Contacts {
		c := &list.Contacts[i]
		if c.MRI.Kind() != skypecontacts.KindSkype {
			others++
			continue
		}
		text, err := pictureOf(ctx, client, pictures, c)
		if err != nil {
			return errors.Join(display.Table(out, rows), err)
		}
		rows = append(rows, []string{c.FullName(), string(c.MRI), text})
	}
	if err := display.Table(out, rows); err != nil {
		return err
	}
	if others > 0 {
		fmt.Fprintf(out, "\n%d left out: only people have pictures.\n", others)
	}
	if dir != "" {
		fmt.Fprintf(out, "\nThe pictures are in %s.\n", display.Clean(dir))
	}
	display.Skipped(out, list.Skipped)
	return nil
}

// pictureOf gets and stores the picture of a contact, and says in words what it is. What
// concerns one picture is no error.
func pictureOf(ctx context.Context, client *skypecontacts.Client, pictures *store, c *skypecontacts.Contact) (text string, err error) {
	opts := skypecontacts.AvatarOptions{URL: c.Profile.AvatarURL, Size: pictures.size, Previous: pictures.known(c.MRI)}
	avatar, err := client.GetAvatar(ctx, c.MRI, opts)
	if errors.Is(err, skypecontacts.ErrInvalid) && opts.URL != "" { // an address of another form, of which nothing was sent
		opts.URL = ""
		avatar, err = client.GetAvatar(ctx, c.MRI, opts)
	}
	switch {
	case errors.Is(err, skypecontacts.ErrNotFound) && opts.Previous != nil:
		return "none; " + pictures.fileName(c.MRI) + " is an older one", nil
	case errors.Is(err, skypecontacts.ErrNotFound):
		return "none", nil
	case errors.Is(err, skypecontacts.ErrForbidden), errors.Is(err, skypecontacts.ErrRedirect):
		return "not for this account", nil
	case errors.Is(err, skypecontacts.ErrTooLarge):
		return "too large", nil
	case errors.Is(err, skypecontacts.ErrDecode):
		return "not readable", nil
	case errors.Is(err, skypecontacts.ErrInvalid):
		return "not asked for: the service cannot have that identifier", nil
	case err != nil:
		return "", err
	case avatar == opts.Previous:
		return pictures.fileName(c.MRI) + ", unchanged", nil
	}
	text = fmt.Sprintf("%s, %d bytes", avatar.MediaType, len(avatar.Data))
	if pictures.dir == "" {
		return text, nil
	}
	err = pictures.save(c.MRI, avatar)
	return pictures.fileName(c.MRI) + ", " + text, err
}
