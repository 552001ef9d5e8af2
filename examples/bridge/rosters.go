package main

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/skypecontacts/skypecontacts"
)

// roster reads the stored roster of an account.
func (s *store) roster(ctx context.Context, account int64) (*skypecontacts.Roster, error) {
	var stored []byte
	if err := s.pool.QueryRow(ctx, `select roster from rosters where account = $1`, account).Scan(&stored); err != nil {
		return nil, err
	}
	roster := new(skypecontacts.Roster)
	if stored == nil {
		return roster, nil
	}
	return roster, json.Unmarshal(stored, roster)
}

// storeRoster stores a roster with its ETag, or if it is nil only that it was up to date.
// An older ETag that is not the stored one any more belongs to a job that was thought
// dead: it stores nothing.
func storeRoster(ctx context.Context, tx pgx.Tx, account int64, round int, before string, roster *skypecontacts.Roster) error {
	if roster == nil {
		_, err := tx.Exec(ctx, `
			update rosters set round = greatest(round, $2), synced_at = now() where account = $1`, account, round)
		return err
	}
	stored, err := json.Marshal(roster)
	if err != nil {
		return err
	}
	if stored, err = forJSONB(stored); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		update rosters set roster = $3, etag = $4, contacts = $5, round = greatest(round, $2), synced_at = now()
		where account = $1 and etag = $6`,
		account, round, stored, roster.ETag, len(roster.Contacts), before)
	return err
}

// hasContact reports whether the stored roster of an account has a contact.
func (s *store) hasContact(ctx context.Context, account int64, mri string) (has bool, err error) {
	err = s.pool.QueryRow(ctx, `
		select coalesce(roster->'contacts' @> jsonb_build_array(jsonb_build_object('mri', $2::text)), false)
		from rosters where account = $1`, account, mri).Scan(&has)
	return has, err
}

// forJSONB replaces what PostgreSQL does not take into a jsonb: the character NUL and halves
// of surrogate pairs, which people can have in their names. Few rosters have any, so the
// others are not parsed.
func forJSONB(document []byte) ([]byte, error) {
	if !bytes.Contains(document, []byte(`\u0000`)) && !bytes.Contains(bytes.ToLower(document), []byte(`\ud`)) {
		return document, nil
	}
	decoder := json.NewDecoder(bytes.NewReader(document))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil { // replaces the halves
		return nil, err
	}
	return json.Marshal(withoutNUL(value))
}

func withoutNUL(value any) any {
	const replacement = "\uFFFD"
	switch v := value.(type) {
	case string:
		return strings.ReplaceAll(v, "\x00", replacement)
	case []any:
		for i := range v {
			v[i] = withoutNUL(v[i])
		}
	case map[string]any:
		for name, member := range v {
			delete(v, name)
			v[strings.ReplaceAll(name, "\x00", replacement)] = withoutNUL(member)
		}
	}
	return value
}
