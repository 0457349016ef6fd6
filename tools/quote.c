// SPDX-License-Identifier: GPL-2.0
/*
 * kshmctl - names of files as words of a shell's command line
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kshmctl.h"

#define SAFE \
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./+,:@%"

/* In '...', which takes everything but its own end. */
static char *put_plain(char *to, const char *name)
{
	*to++ = '\'';
	for (; *name; name++)
		to = *name == '\'' ? stpcpy(to, "'\\''") :
				     mempcpy(to, name, 1);
	return stpcpy(to, "'");
}

/* In $'...', which bash and zsh know, with what a terminal cannot show. */
static char *put_escaped(char *to, const char *name)
{
	to = stpcpy(to, "$'");
	for (; *name; name++)
		if (*name == '\'' || *name == '\\')
			to += sprintf(to, "\\%c", *name);
		else if (*name >= ' ' && *name <= '~')
			*to++ = *name;
		else
			to += sprintf(to, "\\%03o", (unsigned char)*name);
	return stpcpy(to, "'");
}

/* The name of a file so that it can be typed, for free(). */
char *shell_word(const char *name)
{
	/* Four bytes for each, "./", $'' and the end. */
	char *word = malloc(4 * strlen(name) + 6), *to = word;
	char *shown = printable(name);

	if (!word)
		out_of_memory();
	/* No option. */
	if (name[0] == '-')
		to = stpcpy(to, "./");
	if (name[0] && strspn(name, SAFE) == strlen(name))
		to = stpcpy(to, name);
	else if (!strcmp(shown, name))
		to = put_plain(to, name);
	else
		to = put_escaped(to, name);
	*to = '\0';
	free(shown);
	return word;
}
