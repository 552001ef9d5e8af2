package skypetest

import (
	"maps"
	"net/http"
)

// serverPage returns the response to a request about the server itself, or nil:
// "/" lists the services, "/healthz" responds once the server is ready. Such
// requests are no requests to the service, so they are not recorded and no fault
// applies to them.
func serverPage(r *http.Request) *bufferedResponse {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return nil
	}
	switch r.URL.Path {
	case "/":
		return jsonResponse(http.StatusOK, indexPage())
	case "/healthz":
		return jsonResponse(http.StatusOK, jsonObject{"status": "ok"})
	default:
		return nil
	}
}

// indexPage lists the services with their base paths, token headers and routes.
func indexPage() jsonObject {
	services := make([]jsonObject, 0, len(routeTable))
	for _, h := range routeTable {
		routes := make([]string, 0, len(h.routes))
		for _, r := range h.routes {
			routes = append(routes, r.method+" "+r.path)
		}
		service := jsonObject{"service": h.host.name, "base": h.host.mount, "routes": routes}
		if header := h.host.tokenHeader(); header != "" {
			service["token"] = header
		}
		if h.host == messengerHost {
			service["tokenToRegister"] = endpointTokenHeader
		}
		services = append(services, service)
	}
	return jsonObject{"services": services, "health": "/healthz"}
}

func sendPage(w http.ResponseWriter, page *bufferedResponse) {
	maps.Copy(w.Header(), page.header)
	w.WriteHeader(page.status)
	_, _ = w.Write(page.body)
}
