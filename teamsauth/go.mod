// Nobody who imports the SDK needs the libraries of this module, so it is one of its own.
module github.com/skypecontacts/skypecontacts/teamsauth

go 1.26.0

require (
	github.com/go-json-experiment/json v1.27.2
	github.com/skypecontacts/skypecontacts v0.0.0
	github.com/stretchr/testify v1.12.1
	github.com/zalando/go-keyring v0.2.8
	go.uber.org/goleak v1.3.0
	golang.org/x/net v0.62.0
	golang.org/x/oauth2 v0.38.0
)

require (
	github.com/danieljoos/wincred v1.2.3 // indirect
	github.com/go-resty/resty/v2 v2.17.2 // indirect
	github.com/godbus/dbus/v5 v5.2.2 // indirect
	go.yaml.in/yaml/v3 v3.0.5 // indirect
	golang.org/x/sys v0.49.0 // indirect
	golang.org/x/text v0.43.0 // indirect
)

// A release replaces this line, and v0.0.0, by the version of the SDK that it needs.
replace github.com/skypecontacts/skypecontacts => ../
