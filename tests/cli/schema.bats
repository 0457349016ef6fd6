# SPDX-License-Identifier: GPL-2.0
# kshm - tests that kshmctl --json prints what docs/kshmctl.schema.json says
#
# Of one boot and of the host, where no module is loaded.

setup_file() {
	cd "$BATS_TEST_DIRNAME/../.."
	PATH=$PWD/tools:$PATH tests/cli/json-documents absent >"$BATS_FILE_TMPDIR/absent"
	tests/vm/run --with tests/cli/json-documents --root -- json-documents loaded \
		>"$BATS_FILE_TMPDIR/loaded"
}

setup() {
	cd "$BATS_TEST_DIRNAME/../.."
}

validate() {
	tests/cli/validate "$1" docs/kshmctl.schema.json "$BATS_FILE_TMPDIR"/{absent,loaded}
}

@test "every document of every command is what the schema says" {
	validate documents
}

@test "every command has a definition, and every definition and error is met" {
	validate covered
}

@test "a document with anything spoiled is refused" {
	validate mutants
}
