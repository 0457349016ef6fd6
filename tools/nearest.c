// SPDX-License-Identifier: GPL-2.0
/*
 * kshmctl - the name that was meant
 */
#include <ctype.h>
#include <string.h>

#include "kshmctl.h"

#define LONGEST		64

static bool same(char a, char b)
{
	return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/* Letters to insert, remove or replace to come from one to the other. */
static size_t distance(const char *a, const char *b)
{
	size_t row[LONGEST + 1], len = strlen(b), i, j, above, diagonal, best;

	for (j = 0; j <= len; j++)
		row[j] = j;
	for (i = 1; a[i - 1]; i++) {
		diagonal = row[0];
		row[0] = i;
		for (j = 1; j <= len; j++) {
			above = row[j];
			best = diagonal + !same(a[i - 1], b[j - 1]);
			if (above + 1 < best)
				best = above + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = best;
			diagonal = above;
		}
	}
	return row[len];
}

/* Near: no more than a third of the letters are wrong. */
const char *nearest(const char *name, const char *const *names, size_t nr)
{
	size_t i, d, best = strlen(name) / 3 + 1;
	const char *found = NULL;

	for (i = 0; i < nr; i++) {
		if (strlen(names[i]) > LONGEST)
			continue;
		d = distance(name, names[i]);
		if (d <= best && (!found || d < best)) {
			best = d;
			found = names[i];
		}
	}
	return found;
}
