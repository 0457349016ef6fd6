/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshmctl - the files of examples/driver, which new-driver writes under another
 * name, as they are when kshmctl is built
 */
.macro template symbol:req, file:req
	.globl	template_\symbol, template_\symbol\()_end
template_\symbol:
	.incbin	"../examples/driver/\file"
template_\symbol\()_end:
.endm

	.section .rodata
	template driver, "tally.c"
	template header, "kshm_tally.h"
	template kbuild, "Kbuild"
	template makefile, "Makefile"
	template readme, "README.md"
	template test, "test.sh"

	.section .note.GNU-stack, "", %progbits
