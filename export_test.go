package skypecontacts

// RegisteredRoutes returns all routes in the form "Op: METHOD Service /path".
func RegisteredRoutes() (names []string) {
	services := Endpoints{}.byService()
	for _, r := range allRoutes {
		names = append(names, r.op+": "+r.method+" "+services[r.service].name+" "+r.path)
	}
	return names
}

// BadIDs returns badIDs.
func BadIDs() []string { return badIDs() }
