module github.com/skypecontacts/skypecontacts/internal/browser

go 1.26.0

replace github.com/skypecontacts/skypecontacts => ../..

require (
	github.com/chromedp/cdproto v0.160.1
	github.com/chromedp/chromedp v0.23.1
	github.com/stretchr/testify v1.12.1
)

require (
	github.com/go-resty/resty/v2 v2.17.2 // indirect
	golang.org/x/net v0.62.0 // indirect
	golang.org/x/text v0.43.0 // indirect
)

require (
	github.com/go-json-experiment/json v1.27.2 // indirect
	github.com/skypecontacts/skypecontacts v0.0.0
	go.yaml.in/yaml/v3 v3.0.5 // indirect
)
