// This example is a module of its own, as package teamsauth is.
module github.com/skypecontacts/skypecontacts/examples/signin

go 1.26.0

require (
	github.com/skypecontacts/skypecontacts v0.0.0
	github.com/skypecontacts/skypecontacts/teamsauth v0.0.0
	github.com/stretchr/testify v1.12.1
	go.uber.org/goleak v1.3.0
)

require (
	github.com/danieljoos/wincred v1.2.3 // indirect
	github.com/go-json-experiment/json v1.27.2 // indirect
	github.com/go-resty/resty/v2 v2.17.2 // indirect
	github.com/godbus/dbus/v5 v5.2.2 // indirect
	github.com/zalando/go-keyring v0.2.8 // indirect
	go.yaml.in/yaml/v3 v3.0.5 // indirect
	golang.org/x/net v0.62.0 // indirect
	golang.org/x/oauth2 v0.38.0 // indirect
	golang.org/x/sys v0.49.0 // indirect
	golang.org/x/text v0.43.0 // indirect
)

replace (
	github.com/skypecontacts/skypecontacts => ../..
	github.com/skypecontacts/skypecontacts/teamsauth => ../../teamsauth
)
