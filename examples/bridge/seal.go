package main

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"strings"
)

// sealer encrypts what signs in, before it is stored. Whoever has the database but not the
// key has no token.
type sealer struct{ aead cipher.AEAD }

// keySize is that of AES-256.
const keySize = 32

var errKey = errors.New("the key file must have 64 hexadecimal digits")

// readSealer returns the sealer with the key in a file.
func readSealer(name string) (*sealer, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	key, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(key) != keySize {
		return nil, errKey // without what was read
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, err
	}
	return &sealer{aead}, nil
}

// writeKey writes a new key to a file that only its owner can read.
func writeKey(name string) error {
	key := make([]byte, keySize)
	if _, err := rand.Read(key); err != nil {
		return err
	}
	return os.WriteFile(name, []byte(hex.EncodeToString(key)+"\n"), 0o600)
}

// seal encrypts a value of one column of an account.
func (s *sealer) seal(account int64, column, value string) []byte {
	return s.aead.Seal(nil, nil, []byte(value), place(account, column)) //nolint:gosec // it makes a random nonce itself
}

// open decrypts it. A value from the row of another account or from another column fails:
// nobody gets the token of somebody else by writing to the database.
func (s *sealer) open(account int64, column string, sealed []byte) (string, error) {
	value, err := s.aead.Open(nil, nil, sealed, place(account, column))
	return string(value), err
}

// place is what a value is bound to.
func place(account int64, column string) []byte { return fmt.Appendf(nil, "%d/%s", account, column) }
