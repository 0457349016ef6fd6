/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshmctl - sentences in lines that fit a terminal
 */
#ifndef FOLD_H
#define FOLD_H

#include <stddef.h>
#include <stdio.h>

/* Turns blanks of a text into newlines so that it fits, as far as it has any. */
void fold(char *text, size_t width);

/* Prints a text and a newline, folded if that goes to a terminal. */
void print_folded(FILE *to, const char *text);

#endif /* FOLD_H */
