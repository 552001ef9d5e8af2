package sourcecheck

import (
	"go/types"
	"slices"
	"strings"
	"testing"
)

// API lists the exported declarations of the package in dir, one to a line and
// sorted: constants with their values, variables, functions, types, the exported
// fields of structs and the exported methods.
func API(t testing.TB, dir string) string {
	t.Helper()
	p := loadPackage(t, dir)
	scope := p.types.Scope()
	var lines []string
	for _, name := range scope.Names() {
		if object := scope.Lookup(name); object.Exported() {
			lines = append(lines, p.describe(object)...)
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n") + "\n"
}

// describe writes the lines for one package-level object.
func (p *checkedPackage) describe(object types.Object) []string {
	own := types.RelativeTo(p.types)
	switch object := object.(type) {
	case *types.Const:
		return []string{"const " + object.Name() + " " + types.TypeString(object.Type(), own) + " = " + object.Val().ExactString()}
	case *types.TypeName:
		return p.describeType(object, own)
	default:
		return []string{types.ObjectString(object, own)}
	}
}

func (p *checkedPackage) describeType(object *types.TypeName, own types.Qualifier) []string {
	named, ok := object.Type().(*types.Named)
	if !ok || object.IsAlias() {
		return []string{types.ObjectString(object, own)}
	}
	lines := []string{}
	structure, isStruct := named.Underlying().(*types.Struct)
	if isStruct {
		lines = append(lines, "type "+object.Name()+" struct")
		for i := range structure.NumFields() {
			if field := structure.Field(i); field.Exported() {
				lines = append(lines, strings.TrimSpace("field "+object.Name()+"."+field.Name()+" "+
					types.TypeString(field.Type(), own)+" "+structure.Tag(i)))
			}
		}
	} else {
		lines = append(lines, types.ObjectString(object, own))
	}
	for method := range named.Methods() {
		if method.Exported() {
			receiver := types.TypeString(method.Signature().Recv().Type(), own)
			signature := strings.TrimPrefix(types.TypeString(method.Signature(), own), "func")
			lines = append(lines, "method ("+receiver+") "+method.Name()+signature)
		}
	}
	return lines
}
